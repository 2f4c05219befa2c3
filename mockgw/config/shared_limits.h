// What of a gateway depends on the requests of all its clients together, so that several gateways,
// each with a part of the clients, are not one.
#pragma once

#include <string>
#include <vector>

#include "mockgw/config/gateway_config.h"

namespace mockgw {

/// As the gateway file calls it, for messages: "rate_limits", "overload", "circuit_breaker",
/// "faults that count requests", "latency.prefix_cache"; of any phase of the timeline, too. Empty:
/// an answer depends on its request and the time alone.
[[nodiscard]] std::vector<std::string> shared_limits(const GatewayConfig& config);

}  // namespace mockgw
