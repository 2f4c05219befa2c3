#include "loader/http/rate_gate.h"

#include <algorithm>
#include <cassert>

namespace loader {

RateGate::RateGate(std::uint64_t requests_per_second)
    : distance_(lab::Duration(std::chrono::seconds(1)) /
                static_cast<lab::Duration::rep>(requests_per_second)) {
  assert(requests_per_second > 0);
}

lab::TimePoint RateGate::reserve(lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  const lab::TimePoint place = std::max(now, next_);
  next_ = place + distance_;
  return place;
}

}  // namespace loader
