// What a circuit breaker remembers of the calls it let through, in each of the trip modes.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "mockgw/breaker/circuit_breaker_config.h"
#include "shared/base/time.h"

namespace mockgw {

struct CallTotals {
  std::int64_t calls = 0;
  std::int64_t failures = 0;
  std::int64_t slow = 0;

  void add(bool is_failure, bool is_slow);
  [[nodiscard]] double failure_percent() const;  ///< 0 without calls.
  [[nodiscard]] double slow_percent() const;
};

/// True if the totals open a breaker.
[[nodiscard]] bool trips(const TripConfig& trip, const CallTotals& totals);

// Each mode has: record(), totals(now), clear(). Times must not go backwards, except that totals()
// may be asked for a moment after the last record and before the next.

/// Failures in a row; calls and slow ones since the last clear().
class ConsecutiveCalls {
 public:
  void record(bool is_failure, bool is_slow, lab::TimePoint now);
  [[nodiscard]] CallTotals totals(lab::TimePoint now) const;
  void clear() { totals_ = {}; }

 private:
  CallTotals totals_;
};

class CumulativeCalls {
 public:
  void record(bool is_failure, bool is_slow, lab::TimePoint now);
  [[nodiscard]] CallTotals totals(lab::TimePoint now) const;
  void clear() { totals_ = {}; }

 private:
  CallTotals totals_;
};

/// The last `size` calls.
class CountWindow {
 public:
  explicit CountWindow(std::int64_t size) : size_(static_cast<std::size_t>(size)) {}
  void record(bool is_failure, bool is_slow, lab::TimePoint now);
  [[nodiscard]] CallTotals totals(lab::TimePoint now) const;
  void clear();

 private:
  struct Call {
    bool is_failure;
    bool is_slow;
  };
  std::size_t size_;
  std::vector<Call> calls_;  // A ring once it is full.
  std::size_t oldest_ = 0;
  CallTotals totals_;
};

/// The current step of time and the buckets − 1 before it. With one bucket and an offset: the
/// calendar's minutes.
class TimeWindow {
 public:
  TimeWindow(lab::Duration window, std::int64_t buckets, lab::Duration unix_at_origin);
  void record(bool is_failure, bool is_slow, lab::TimePoint now);
  [[nodiscard]] CallTotals totals(lab::TimePoint now) const;
  void clear();

 private:
  struct Bucket {
    std::int64_t step = 0;
    CallTotals totals;
  };
  [[nodiscard]] std::int64_t step_of(lab::TimePoint now) const;

  lab::Duration step_;
  lab::Duration unix_at_origin_;
  std::vector<Bucket> buckets_;
};

using CallStatistics = std::variant<ConsecutiveCalls, CumulativeCalls, CountWindow, TimeWindow>;

[[nodiscard]] CallStatistics make_call_statistics(const TripConfig& trip,
                                                  lab::Duration unix_at_origin);

}  // namespace mockgw
