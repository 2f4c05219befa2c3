// Whether the gateway's shared limits let a chat request through to the model.
#pragma once

#include <optional>

#include "mockgw/answer/plain_answer.h"

namespace mockgw {

/// Asks the rate limits. What they tell the client is noted in the exchange, and what they granted
/// is owed.
[[nodiscard]] std::optional<Refusal> check_rate_limits(Exchange& exchange);

/// Asks the circuit breaker of the model's upstream; a permit is owed.
[[nodiscard]] std::optional<Refusal> check_breaker(Exchange& exchange);

}  // namespace mockgw
