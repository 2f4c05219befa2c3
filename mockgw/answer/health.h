// What GET /health says, in the style of a profile.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "mockgw/breaker/circuit_breaker.h"
#include "mockgw/config/server_config.h"
#include "mockgw/profiles/profile.h"
#include "shared/base/time.h"

namespace mockgw {

struct HealthAnswer {
  unsigned status = 200;
  std::string content_type;  ///< Empty when there is no body.
  std::string body;
};

/// How the gateway is, and its upstreams one by one where their breakers tell.
struct HealthReport {
  HealthConfig::Status status = HealthConfig::Status::healthy;
  std::vector<std::pair<std::string, HealthConfig::Status>> upstreams{};
};

/// An open breaker is an unhealthy upstream, a half-open one degraded; either degrades the gateway.
[[nodiscard]] HealthReport report_of(
    const std::vector<std::pair<std::string, CircuitSnapshot>>& breakers);

[[nodiscard]] HealthAnswer health_answer(HealthStyle style, const HealthReport& report,
                                         lab::WallTime now);

}  // namespace mockgw
