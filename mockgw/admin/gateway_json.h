// What an operator sees of a gateway under /admin, as JSON.
#pragma once

#include "mockgw/admin/gateway_view.h"
#include "shared/base/json_fwd.h"

namespace mockgw {

[[nodiscard]] lab::Json stats_json(const GatewayView& view);
[[nodiscard]] lab::Json breakers_json(const GatewayView& view);
/// One of them; null if there is no such upstream.
[[nodiscard]] lab::Json breaker_json(const GatewayView& view, std::string_view upstream);

}  // namespace mockgw
