// What OpenAI refuses of a request because of its model: models that reason take little about
// sampling and not every effort, the oldest no images, and audio is answered by none of mockgw's.
#pragma once

#include <optional>

#include "mockgw/config/openai_models.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

/// The first of its members that a model of this kind does not take, in OpenAI's words.
[[nodiscard]] std::optional<lab::RequestProblem> check_for_model(const lab::ChatRequest& request,
                                                                 ModelKind kind);

}  // namespace mockgw
