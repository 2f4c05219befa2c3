// What a gateway's times count from.
#pragma once

#include "shared/base/time.h"

namespace mockgw {

struct GatewayClock {
  lab::Duration unix_at_origin{};  ///< The Unix time of TimePoint{}.
  lab::TimePoint began{};          ///< Where timeline, faults, drift and new breakers begin.
};

}  // namespace mockgw
