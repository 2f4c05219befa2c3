// Calling the upstream again after an attempt that failed. All attempts of a request are decided at
// once, as its answer is: the exchange's moment moves on to each.
#pragma once

#include <optional>

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// When the attempt that was decided is followed by another one, after the request's arrival;
/// nothing if its reply is the client's. Of a request that retries apply to.
[[nodiscard]] std::optional<lab::Duration> retry_at(const Exchange& exchange);

/// Takes the failed attempt back and goes on to the next. Its generator becomes one of the
/// attempt's own, so that faults and latencies are drawn anew; what the failed attempt meant to the
/// breaker is noted if that counts attempts.
void begin_retry(Exchange& exchange, lab::Duration at);

}  // namespace mockgw
