// What OpenAI refuses of the tools, functions and response formats that a request defines.
#pragma once

#include <optional>

#include "shared/protocol/chat_request.h"

namespace mockgw {

/// The first of their names and schemas that is refused, in OpenAI's words.
[[nodiscard]] std::optional<lab::RequestProblem> check_definitions(const lab::ChatRequest& request);

}  // namespace mockgw
