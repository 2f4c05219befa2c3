// Calling the upstream again after an attempt that failed. All attempts of a request are decided at
// once, as its answer is: the context moves on to the time of each.
#pragma once

#include <optional>

#include "mockgw/server/answer.h"
#include "mockgw/server/request_context.h"
#include "shared/base/time.h"

namespace mockgw {

/// When the attempt that `answer` tells of is followed by another one, after the request's arrival;
/// nothing if this answer is the client's. Of a request that retries apply to.
[[nodiscard]] std::optional<lab::Duration> retry_at(const RequestContext& context,
                                                    const Answer& answer);

/// Takes the failed attempt back and puts the context at the time of the next. Its generator
/// becomes one of the attempt's own, so that faults and latencies are drawn anew; what the failed
/// attempt meant to the breaker is noted if that counts attempts.
void begin_retry(RequestContext& context, Answer& answer, lab::Duration at);

}  // namespace mockgw
