// Whether the gateway's shared limits let a chat request through to the model.
#pragma once

#include <optional>

#include "mockgw/config/models_config.h"
#include "mockgw/server/request_context.h"
#include "shared/protocol/chat_request.h"

namespace mockgw {

struct Refusal {
  Condition condition = Condition::rate_limited_requests;
  ErrorDetails details;
};

/// Asks the rate limits. What they tell the client is noted in `context`, and what they granted.
[[nodiscard]] std::optional<Refusal> check_rate_limits(RequestContext& context,
                                                       const lab::ChatRequest& request,
                                                       const ModelConfig& model);

/// Asks the circuit breaker of the model's upstream; a permit is noted in `context`.
[[nodiscard]] std::optional<Refusal> check_breaker(RequestContext& context,
                                                   const ModelConfig& model);

}  // namespace mockgw
