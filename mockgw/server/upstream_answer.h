// The model's turn: what a chat request that nothing refused is answered.
#pragma once

#include "mockgw/config/models_config.h"
#include "mockgw/server/answer.h"
#include "mockgw/server/request_context.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// Fills `answer`, and in the context's settlement what the call will mean to breaker and limits.
[[nodiscard]] AnswerPtr answer_upstream(RequestContext& context, const lab::ChatRequest& request,
                                        const ModelConfig& model, AnswerPtr answer);

}  // namespace mockgw
