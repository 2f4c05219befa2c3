// When a gateway gives up the upstream that it waits for.
#pragma once

#include <optional>

#include "mockgw/config/server_config.h"
#include "shared/base/time.h"

namespace mockgw {

/// Of an upstream's answer, after the request's arrival.
struct UpstreamTimes {
  lab::Duration first_token{};
  lab::Duration end{};
};

struct UpstreamTimeout {
  lab::Duration limit{};  ///< The one that fires.
  lab::Duration at{};     ///< After the request's arrival.
};

/// The first limit that an upstream breaks which is called so long after the request's arrival;
/// nothing when its answer is in time.
[[nodiscard]] std::optional<UpstreamTimeout> upstream_timeout(const TimeoutsConfig& timeouts,
                                                              lab::Duration called,
                                                              const UpstreamTimes& times);

}  // namespace mockgw
