// One iteration under way: walks the steps of a flow.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/flow/gateway_client.h"
#include "loader/flow/run_context.h"

namespace loader {

/// Lives as long as its coroutines. Draws are keyed by the number of the step within the iteration,
/// so that a step more or less in one branch shifts nothing before it.
class FlowRun {
 public:
  /// `request` is memory to build requests in.
  FlowRun(RunContext& context, HttpClient& client, lab::HttpRequest& request, lab::Rng rng)
      : context_(context), client_(client), request_(request), rng_(rng) {}

  /// Throws system_error(operation_aborted) when cancelled.
  boost::asio::awaitable<void> run_steps(const std::vector<Step>* steps, TagSetId tags);

 private:
  boost::asio::awaitable<void> run_step(const Step* step, TagSetId tags);
  boost::asio::awaitable<void> run_chat(const Step* step, const ChatStep* chat, TagSetId tags);
  boost::asio::awaitable<void> run_http(const Step* step, const HttpStep* http, TagSetId tags);
  boost::asio::awaitable<void> run_sleep(lab::Duration duration);
  boost::asio::awaitable<void> run_group(const GroupStep* group, TagSetId tags);
  boost::asio::awaitable<void> run_repeat(const RepeatStep* repeat, TagSetId tags);
  boost::asio::awaitable<void> run_pick(const PickStep* pick, TagSetId tags);

  /// Sends, and sends again as the step's policy says; the last attempt's response. With `report`
  /// the response is metered as a stream.
  boost::asio::awaitable<GatewayResponse> send_with_retries(GatewayCall call,
                                                            std::optional<StreamReport>* report);
  void add_checks(const Step& step, const HttpOutcome& outcome, JsonBody& json, TagSetId tags);
  void build_chat_request(const ChatStep& chat, const StepTarget& target,
                          const ChatStep::Model& model, lab::Rng& rng);
  void build_http_request(const HttpStep& http, const StepTarget& target);
  void begin_request(std::string_view method, const StepTarget& target);
  [[nodiscard]] std::string next_request_id();
  /// A generator for the next step's draws.
  [[nodiscard]] lab::Rng step_rng() { return rng_.child("step", ++steps_begun_); }

  RunContext& context_;
  HttpClient& client_;
  lab::HttpRequest& request_;
  lab::Rng rng_;
  std::uint64_t steps_begun_ = 0;
  std::uint64_t requests_begun_ = 0;
};

}  // namespace loader
