// One request on its way through the gateway: what was asked, what is replied, what is owed for it
// once that is over, and what will be counted. Made when the request arrives and handed down;
// whoever decides something writes it here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/chat/prompt_tokens.h"
#include "mockgw/chat/request_identity.h"
#include "mockgw/chat/stream_script.h"
#include "mockgw/chat/stream_writer.h"
#include "mockgw/chat/upstream_timeout.h"
#include "mockgw/faults/fault_rules.h"
#include "mockgw/gateway/gateway_state.h"
#include "mockgw/gateway/request_counters.h"
#include "mockgw/gateway/settlement.h"
#include "shared/base/time.h"
#include "shared/protocol/chat_request.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

/// The present of a request. Its arrival by three clocks, and how far it has come since: nothing
/// but the offset moves.
struct Moment {
  lab::TimePoint arrival{};
  lab::Duration arrival_elapsed{};  ///< By the gateway's clock.
  lab::WallTime arrival_wall{};
  lab::Duration offset{};  ///< In the queue, and for attempts that failed.

  [[nodiscard]] lab::TimePoint now() const { return arrival + offset; }
  [[nodiscard]] lab::Duration elapsed() const { return arrival_elapsed + offset; }
  [[nodiscard]] lab::WallTime wall_now() const { return arrival_wall + offset; }
};

/// A request as the server takes it.
struct Arrival {
  const lab::HttpRequest& http;  ///< Outlives the exchange; its body, the deciding.
  std::uint64_t number = 0;      ///< In the gateway.
  Moment moment{};
  std::string_view remote_address{};
};

/// What is known of the request.
struct ClientRequest {
  const lab::HttpRequest* http = nullptr;
  std::string_view path{};
  std::string api_key{};
  std::string_view remote_address{};
  RequestIdentity identity{.id = {}, .rng = lab::Rng(0)};
  std::string model_name{};                 ///< As the client has it; empty until it is known.
  std::optional<lab::ChatRequest> chat{};   ///< Once it is read, until its answer is decided.
  PromptTokens prompt_tokens{};             ///< The chat's.
  const ModelConfig* chat_model = nullptr;  ///< Of the gateway's state, once it is found.

  [[nodiscard]] const lab::HttpHeaders& headers() const { return http->headers; }
  /// Who serves the chat's model; empty until that is known.
  [[nodiscard]] std::string_view provider() const {
    return chat_model ? std::string_view(chat_model->owned_by) : std::string_view();
  }
};

/// What one attempt at an answer came to. The next attempt begins with an empty one.
struct Reply {
  enum class Kind {
    response,     ///< The exchange's `response`, whole.
    broken_body,  ///< Half of it, then RST.
    reset,        ///< RST and nothing else.
    stream,       ///< The exchange's `script`, under the head in `response`.
    pieces,       ///< Its `pieces`, under the head in `response`; its length is not known before.
  };
  Kind kind = Kind::response;
  lab::Duration due{};  ///< After the request's arrival; a stream's script has its own times.
  std::optional<ErrorCondition> condition{};  ///< Of an error in the profile's words.
  FaultPlan faults{};

  bool is_completion = false;  ///< The exchange's `plan` is what is being sent.
  bool include_usage = false;
  UpstreamCall call{};
  /// Of a call in the batch, whose speed turns out only while it is sent.
  UpstreamLimits decode_limits{};
};

/// What stands around a completion that is sent in pieces, and whether it ends in RST.
struct PiecesFrame {
  std::string before{};
  std::string after{};
  bool breaks = false;  ///< In the middle.
  bool resets = false;  ///< There.
};

struct Exchange {
  /// Forgets the exchange before, but for its buffers.
  void begin(std::shared_ptr<GatewayState> in_force, const Arrival& arrival);

  [[nodiscard]] const GatewayConfig& config() const { return state->config; }
  [[nodiscard]] const lab::Rng& rng() const { return request.identity.rng; }
  [[nodiscard]] bool is_last_attempt() const {
    return record.retries > 0 && record.retries == config().retries.max;
  }

  std::shared_ptr<GatewayState> state{};  ///< In force at the arrival; much points into it.
  ClientRequest request{};
  Moment moment{};
  bool awaits_slot = false;      ///< Nothing is decided yet, see resume_chat().
  bool is_operators = false;     ///< Not to be counted.
  HeaderFields limit_headers{};  ///< What the rate limits tell with every answer.
  Reply reply{};
  Settlement owed{};
  RequestRecord record{};

  // Buffers that are written over: a warm gateway allocates little.
  lab::HttpResponse response{};
  ChatPlan plan{};
  std::vector<StreamStep> script{};
  StreamTexts texts{};                           ///< Of a stream.
  PiecesFrame pieces{};                          ///< Of Kind::pieces.
  std::vector<lab::CompletionChoice> choices{};  ///< Of a buffered answer, as written.
};

}  // namespace mockgw
