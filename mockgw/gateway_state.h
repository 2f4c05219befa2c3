// One configuration in force, with what is prepared from it. Replaced as a whole when the file is
// reloaded; answers under way keep the one they began with.
#pragma once

#include <string>

#include "mockgw/config/gateway_config.h"
#include "mockgw/fault_rules.h"
#include "mockgw/identity_headers.h"
#include "shared/base/rng.h"

namespace mockgw {

struct GatewayState {
  explicit GatewayState(GatewayConfig gateway_config);

  const GatewayConfig config;
  const IdentityHeaders identity_headers;
  const lab::Rng rng;
  const std::string models_body;  ///< GET /v1/models
  FaultRules faults;
};

}  // namespace mockgw
