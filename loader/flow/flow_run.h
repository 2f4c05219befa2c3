// One iteration under way: walks the steps of a flow.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/flow/flow_samples.h"
#include "loader/flow/gateway_client.h"
#include "loader/flow/llm_result.h"
#include "loader/flow/phase_tags.h"
#include "loader/flow/run_context.h"

namespace loader {

struct FlowIteration {
  lab::Rng rng;
  RequestRecord record;     ///< What the records of all its requests have in common.
  const PhaseTags* phases;  ///< Outlives the iteration.
  /// Of all its samples, a named_metadata(); outlives it, too.
  std::string_view metadata{};
};

/// What an abort step throws: the iteration goes no further, and neither does the run.
struct FlowAborted {
  std::string reason;
};

/// What a failed request throws where k6's option `throw` is set: the iteration ends, the run goes
/// on.
struct RequestThrown {
  std::string text;
};

/// Lives as long as its coroutines. Draws are keyed by the number of the step within the iteration,
/// so that a step more or less in one branch shifts nothing before it.
class FlowRun {
 public:
  /// `exchange` is memory for its requests and responses; `cookies` is the virtual user's jar.
  FlowRun(RunContext& context, HttpClient& client, GatewayExchange& exchange, CookieJar& cookies,
          const FlowIteration& iteration)
      : context_(context),
        client_(client),
        request_(exchange.request),
        response_(exchange.response),
        cookies_(cookies),
        rng_(iteration.rng),
        of_iteration_(iteration.record),
        phases_(iteration.phases),
        metadata_(iteration.metadata) {}

  /// Throws system_error(operation_aborted) when cancelled, FlowAborted for an abort step. `group`
  /// is the tag of that name.
  boost::asio::awaitable<void> run_steps(const std::vector<Step>* steps, std::string_view group);

 private:
  /// The last attempt's, whose body `json` has read at most once.
  struct ChatAnswer {
    ChatAnswer(const JsonPointers& asked, const HttpOutcome& outcome, StreamMeter* meter)
        : json(asked, outcome.body), report(report_answer(outcome, meter, json)) {}
    JsonBody json;
    AnswerReport report;
  };

  boost::asio::awaitable<void> run_step(const Step* step, std::string_view group);
  boost::asio::awaitable<void> run_chat(const Step* step, const ChatStep* chat, TagSetId tags);
  boost::asio::awaitable<void> run_http(const Step* step, const HttpStep* http, TagSetId tags);
  boost::asio::awaitable<void> run_sleep(lab::Duration duration);
  boost::asio::awaitable<void> run_group(const GroupStep* group);
  boost::asio::awaitable<void> run_repeat(const RepeatStep* repeat, std::string_view group);
  boost::asio::awaitable<void> run_pick(const PickStep* pick, std::string_view group);

  /// True if the last request failed, and k6's option `throw` says that this ends the iteration.
  [[nodiscard]] bool is_thrown() const;
  void throw_failure(const Step& step) const;

  /// Sends, and sends again as the step's policy says; response_ is then the last attempt's, but
  /// that its outcome started when the first attempt did. `answer` is a chat's; `chat` and
  /// it are null for other requests.
  boost::asio::awaitable<void> send_with_retries(GatewayCall call, const ChatStep* chat,
                                                 std::optional<ChatAnswer>* answer);
  /// The samples and checks of a chat that is over. No coroutine's business: what it needs would be
  /// in the frame.
  void assess_chat(const Step& step, ChatAnswer answer, bool is_stream, TagSetId tags);
  /// The checks of another request that is over.
  void assess_http(const Step& step, TagSetId tags);
  void add_checks(const Step& step, JsonBody& json, TagSetId tags);
  void build_chat_request(const ChatStep& chat, const StepTarget& target,
                          const ChatStep::Model& model, lab::Rng& rng);
  void build_http_request(const HttpStep& http, const StepTarget& target);
  void begin_request(std::string_view method, const StepTarget& target);
  void set_request_id();
  /// A step's samples belong to the phase that it begins in.
  [[nodiscard]] TagSetId tags_now(std::string_view group);
  /// A generator for the next step's draws.
  [[nodiscard]] lab::Rng step_rng() { return rng_.child("step", ++steps_begun_); }

  RunContext& context_;
  HttpClient& client_;
  lab::HttpRequest& request_;
  GatewayResponse& response_;
  CookieJar& cookies_;
  lab::Rng rng_;
  RequestRecord of_iteration_;
  const PhaseTags* phases_;
  std::string_view metadata_;
  std::uint64_t steps_begun_ = 0;
  std::uint64_t requests_begun_ = 0;
};

}  // namespace loader
