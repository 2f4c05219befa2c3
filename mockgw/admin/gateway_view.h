// What an operator can see of a gateway: taken at one moment, shown as metrics or as JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockgw/gateway/admission_gate.h"
#include "mockgw/gateway/gateway.h"
#include "shared/base/time.h"

namespace mockgw {

struct GatewayView {
  lab::TimePoint now{};
  lab::WallTime wall_now{};
  lab::Duration uptime{};
  std::optional<std::string> phase{};  ///< Of the timeline, now.
  RequestCounts counts{};
  Gateway::Gauges gauges{};
  AdmissionGate::Occupancy queue{};
  MetricsConfig metrics{};
  std::map<std::string, std::string> providers{};  ///< By model; "*" for any other.
  /// By upstream; none when breakers are off.
  std::vector<std::pair<std::string, CircuitSnapshot>> breakers{};
};

[[nodiscard]] GatewayView view_gateway(const Gateway& gateway, lab::TimePoint now,
                                       lab::WallTime wall_now);

}  // namespace mockgw
