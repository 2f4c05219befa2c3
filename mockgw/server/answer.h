// What the gateway does in reply to one request: decided as a whole by the handlers, done by the
// responder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/chat/stream_script.h"
#include "mockgw/chat/stream_writer.h"
#include "mockgw/faults/fault_rules.h"
#include "mockgw/gateway/gateway_state.h"
#include "mockgw/gateway/settlement.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"

namespace mockgw {

struct PendingChat;
struct DecodeLimits;

/// Reused from request to request, so that a warm gateway allocates little.
struct Answer {
  Answer();
  ~Answer();
  Answer(Answer&&) noexcept;
  Answer& operator=(Answer&&) noexcept;

  /// Forgets the answer before, but for its buffers.
  void start(std::shared_ptr<GatewayState> in_force);

  enum class Kind {
    response,     ///< `response`, whole.
    broken_body,  ///< Half of `response`, then RST.
    reset,        ///< RST and nothing else.
    stream,       ///< `script`, under the head in `response`.
    pieces,       ///< `pieces`, under the head in `response`; its length is not known before.
  };
  Kind kind = Kind::response;
  /// Set: nothing is decided yet, the request must first get through the gate; see resume_chat().
  std::unique_ptr<PendingChat> pending;
  lab::Duration due{};  ///< After the request's arrival; a stream's script has its own times.
  lab::HttpResponse response;

  /// Of Kind::pieces, what stands around the completion, and whether it ends in RST.
  struct Pieces {
    std::string before{};
    std::string after{};
    bool breaks = false;  ///< In the middle.
    bool resets = false;  ///< There.
  };
  Pieces pieces;

  // Of chat answers.
  ChatPlan plan;
  std::vector<lab::CompletionChoice> choices;  ///< Of a buffered answer, as written.
  FaultPlan faults;
  std::vector<StreamStep> script;
  StreamTexts texts;
  bool include_usage = false;
  bool decodes_in_batch = false;  ///< Tokens come when the batch server has them, if that is later.
  std::unique_ptr<DecodeLimits> decode_limits;  ///< Then: how late they may come, if that is known.

  // For the counters.
  std::string_view route{};                      ///< A literal.
  const ModelConfig* model = nullptr;            ///< Of `state`'s, once it is known.
  std::optional<Condition> condition{};          ///< Of an error in the profile's words.
  bool is_completion = false;                    ///< `plan` is what is being sent.
  bool is_operators = false;                     ///< Not to be counted.
  std::int64_t retries = 0;                      ///< Of the upstream.
  std::vector<const FaultRule*> retried_faults;  ///< Those of the attempts before the last.

  Settlement settlement;                ///< To be settled once the answer is sent, or has failed.
  std::shared_ptr<GatewayState> state;  ///< Kept alive: the fault plan points into it.
};

/// Handlers are given the connection's answer, fill it and give it back: as a pointer, because it
/// is large, and passes through half a dozen of them for each request.
using AnswerPtr = std::unique_ptr<Answer>;

}  // namespace mockgw
