// One configuration in force, with what is prepared from it. Replaced as a whole when the file is
// reloaded; answers under way keep the one they began with.
#pragma once

#include <string>

#include "mockgw/config/gateway_config.h"
#include "mockgw/fault_rules.h"
#include "mockgw/gateway_limits.h"
#include "mockgw/identity_headers.h"
#include "shared/base/rng.h"

namespace mockgw {

struct GatewayState {
  /// `unix_at_origin` is the Unix time of TimePoint{}.
  GatewayState(GatewayConfig gateway_config, lab::Duration unix_at_origin);

  const GatewayConfig config;
  const IdentityHeaders identity_headers;
  const lab::Rng rng;
  const std::string models_body;  ///< GET /v1/models
  FaultRules faults;
  GatewayLimits limits;
};

}  // namespace mockgw
