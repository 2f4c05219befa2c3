// One configuration in force, with what is prepared from it. Replaced as a whole when the file is
// reloaded; answers under way keep the one they began with.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mockgw/config/gateway_config.h"
#include "mockgw/faults/fault_rules.h"
#include "mockgw/gateway/batch_gate.h"
#include "mockgw/gateway/gateway_clock.h"
#include "mockgw/gateway/prompt_cache.h"
#include "mockgw/gateway/shared_breakers.h"
#include "mockgw/gateway/shared_in_order.h"
#include "mockgw/profiles/identity_headers.h"
#include "mockgw/rate_limit/rate_limiter.h"
#include "shared/base/rng.h"

namespace mockgw {

class AdmissionGate;  // It waits; those who only decide need not know how.

struct GatewayState {
  /// What limits, breakers and fault rules have counted goes on from `previous` (may be null) where
  /// their sections are the same.
  GatewayState(GatewayConfig gateway_config, GatewayClock clock, const GatewayState* previous);

  /// The state in force so long after the clock began: this one's, or that of a phase.
  [[nodiscard]] static const std::shared_ptr<GatewayState>& at(
      const std::shared_ptr<GatewayState>& state, lab::Duration elapsed);

  const GatewayConfig config;
  const IdentityHeaders identity_headers;
  const lab::Rng rng;
  const std::string models_body;  ///< GET /v1/models

  // Shared with the states before and after this one.
  const std::shared_ptr<FaultRules> faults;
  const std::shared_ptr<SharedInOrder<RateLimiter>> rate_limits;
  const std::shared_ptr<SharedBreakers> breakers;
  const std::shared_ptr<AdmissionGate> gate;
  const std::shared_ptr<BatchGate> batch;
  const std::shared_ptr<PromptCaches> prompt_caches;

 private:
  std::vector<std::shared_ptr<GatewayState>> phases_;  // As config.phases; shared with answers.
};

}  // namespace mockgw
