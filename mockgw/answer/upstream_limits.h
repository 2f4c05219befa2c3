// The gateway's time-outs for its upstream: of an answer whose times are planned, and of one that
// the batch server decodes, whose speed turns out only while it is sent.
#pragma once

#include <optional>
#include <vector>

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// Those of a chat request, its client's wish included.
[[nodiscard]] UpstreamLimits limits_of(const Exchange& exchange);

/// Replies as to an upstream that is given up if an answer with these times, after the request's
/// arrival, breaks a limit; false if it is in time.
bool give_up_if_late(Exchange& exchange, const UpstreamLimits& limits, const UpstreamTimes& times);

/// The limit that fires next, of an answer whose last token, if it has any, was there at `last`.
[[nodiscard]] std::optional<UpstreamTimeout> next_decode_timeout(const Exchange& exchange,
                                                                 std::optional<lab::Duration> last);

/// Makes a buffered answer the profile's for an upstream that is given up.
void give_up_buffered(Exchange& exchange, const UpstreamTimeout& timeout);

/// The steps that end a stream under way whose upstream is given up; the exchange's texts are
/// theirs from then on.
[[nodiscard]] std::vector<StreamStep> give_up_stream(Exchange& exchange,
                                                     const UpstreamTimeout& timeout);

}  // namespace mockgw
