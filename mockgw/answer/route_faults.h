// What fault rules do to the routes without tokens: health, models, and those that do not exist.
#pragma once

#include <string_view>

#include "mockgw/answer/exchange.h"

namespace mockgw {

/// Plans the faults of a request that is none for a chat completion; `model` is the one it names,
/// if it does. Comes before anything else is decided, as in a proxy before the gateway: what a
/// fault of kind latency adds is part of the answer's time from then on.
void plan_route_faults(Exchange& exchange, std::string_view model);

/// Does what was planned to what was decided.
void apply_route_faults(Exchange& exchange);

}  // namespace mockgw
