// Whether the gateway's shared limits let a chat request through to the model.
#pragma once

#include <optional>

#include "mockgw/config/models_config.h"
#include "mockgw/request_context.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

struct Refusal {
  Condition condition = Condition::rate_limited_requests;
  ErrorDetails details;
};

/// Asks the rate limits, then the circuit breaker. What is granted is noted in `context` (its
/// headers and settlement); a refusal leaves there what was granted before it.
[[nodiscard]] std::optional<Refusal> check_limits(RequestContext& context,
                                                  const lab::ChatRequest& request,
                                                  const ModelConfig& model);

}  // namespace mockgw
