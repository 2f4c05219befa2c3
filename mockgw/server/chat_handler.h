// POST /v1/chat/completions: decides what is answered.
#pragma once

#include <memory>
#include <optional>

#include "mockgw/config/models_config.h"
#include "mockgw/server/answer.h"
#include "mockgw/server/request_context.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// A request that is good and within its rate limits, in front of the gate.
struct PendingChat {
  RequestContext context;
  lab::ChatRequest request;
  const ModelConfig& model;
  int priority = 0;  ///< x-priority; a higher one leaves the queue first.
};

/// Decides; or, if the gate is limited, takes the context and leaves a `pending` chat in the answer
/// for resume_chat().
[[nodiscard]] AnswerPtr answer_chat(RequestContext& context, AnswerPtr answer);

/// Goes on after the gate: `refused` is its reason, if it did; `waited` is how long it took.
[[nodiscard]] AnswerPtr resume_chat(std::unique_ptr<PendingChat> chat,
                                    std::optional<Condition> refused, lab::Duration waited,
                                    AnswerPtr answer);

}  // namespace mockgw
