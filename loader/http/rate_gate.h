// A bound on requests per second over all virtual users of a run: k6's option `rps`.
#pragma once

#include <cstdint>
#include <mutex>

#include "shared/base/time.h"

namespace loader {

/// Lets one request through at a time, at regular distances; unused time is not saved up. Callable
/// from any thread.
class RateGate {
 public:
  explicit RateGate(std::uint64_t requests_per_second);

  /// When the next request may begin: `now`, or later. Whoever asks has taken that place.
  [[nodiscard]] lab::TimePoint reserve(lab::TimePoint now);

 private:
  lab::Duration distance_;
  std::mutex mutex_;
  lab::TimePoint next_{};
};

}  // namespace loader
