#include "mockgw/breaker/circuit_breaker_statistics.h"

#include <algorithm>
#include <cassert>

namespace mockgw {
namespace {

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

// A window of ten never holds a hundred calls: resilience4j takes the smaller of the two as well
// (CircuitBreakerMetrics).
std::int64_t calls_needed(const TripConfig& trip) {
  const bool is_bounded = trip.mode == TripConfig::Mode::count_window;
  return is_bounded ? std::min(trip.minimum_requests, trip.window_size) : trip.minimum_requests;
}

}  // namespace

void CallTotals::add(bool is_failure, bool is_slow) {
  ++calls;
  if (is_failure) ++failures;
  if (is_slow) ++slow;
}

double CallTotals::failure_percent() const { return percent(failures, calls); }
double CallTotals::slow_percent() const { return percent(slow, calls); }

bool trips(const TripConfig& trip, const CallTotals& totals) {
  if (totals.calls < calls_needed(trip)) return false;
  int given = 0;
  int met = 0;
  const auto condition = [&](bool is_given, bool is_met) {
    given += is_given ? 1 : 0;
    met += is_given && is_met ? 1 : 0;
  };
  condition(trip.failure_count.has_value(), totals.failures >= trip.failure_count.value_or(0));
  const double rate = totals.failure_percent();
  const double rate_limit = trip.failure_rate_percent.value_or(0);
  condition(
      trip.failure_rate_percent.has_value(),
      totals.calls > 0 && (trip.failure_rate_exclusive ? rate > rate_limit : rate >= rate_limit));
  condition(trip.slow_call_rate_percent.has_value(),
            totals.calls > 0 && totals.slow_percent() >= trip.slow_call_rate_percent.value_or(0));
  return trip.combine == TripConfig::Combine::any ? met > 0 : given > 0 && met == given;
}

void ConsecutiveCalls::record(bool is_failure, bool is_slow, lab::TimePoint) {
  if (!is_failure) totals_.failures = 0;
  totals_.add(is_failure, is_slow);
}

CallTotals ConsecutiveCalls::totals(lab::TimePoint) const { return totals_; }

void CumulativeCalls::record(bool is_failure, bool is_slow, lab::TimePoint) {
  totals_.add(is_failure, is_slow);
}

CallTotals CumulativeCalls::totals(lab::TimePoint) const { return totals_; }

void CountWindow::record(bool is_failure, bool is_slow, lab::TimePoint) {
  totals_.add(is_failure, is_slow);
  if (calls_.size() < size_) {
    calls_.push_back({is_failure, is_slow});
    return;
  }
  const Call forgotten = calls_[oldest_];
  calls_[oldest_] = {is_failure, is_slow};
  oldest_ = (oldest_ + 1) % size_;
  --totals_.calls;
  if (forgotten.is_failure) --totals_.failures;
  if (forgotten.is_slow) --totals_.slow;
}

CallTotals CountWindow::totals(lab::TimePoint) const { return totals_; }

void CountWindow::clear() {
  calls_.clear();
  oldest_ = 0;
  totals_ = {};
}

TimeWindow::TimeWindow(lab::Duration window, std::int64_t buckets, lab::Duration unix_at_origin)
    : step_(std::max(lab::Duration(1), window / buckets)),
      unix_at_origin_(unix_at_origin),
      buckets_(static_cast<std::size_t>(buckets)) {}

std::int64_t TimeWindow::step_of(lab::TimePoint now) const {
  return (now.time_since_epoch() + unix_at_origin_) / step_;
}

void TimeWindow::record(bool is_failure, bool is_slow, lab::TimePoint now) {
  const std::int64_t step = step_of(now);
  Bucket& bucket = buckets_[static_cast<std::size_t>(step) % buckets_.size()];
  if (bucket.step != step) bucket = {step, {}};
  bucket.totals.add(is_failure, is_slow);
}

CallTotals TimeWindow::totals(lab::TimePoint now) const {
  const std::int64_t oldest = step_of(now) - static_cast<std::int64_t>(buckets_.size()) + 1;
  CallTotals sum;
  for (const Bucket& bucket : buckets_) {
    if (bucket.step < oldest) continue;
    sum.calls += bucket.totals.calls;
    sum.failures += bucket.totals.failures;
    sum.slow += bucket.totals.slow;
  }
  return sum;
}

void TimeWindow::clear() { std::ranges::fill(buckets_, Bucket{}); }

CallStatistics make_call_statistics(const TripConfig& trip, lab::Duration unix_at_origin) {
  switch (trip.mode) {
    case TripConfig::Mode::consecutive:
      return ConsecutiveCalls();
    case TripConfig::Mode::cumulative:
      return CumulativeCalls();
    case TripConfig::Mode::count_window:
      return CountWindow(trip.window_size);
    case TripConfig::Mode::time_window:
      return TimeWindow(trip.window, trip.buckets, lab::Duration::zero());
    case TripConfig::Mode::calendar_minute:
      return TimeWindow(trip.window, 1, unix_at_origin);
  }
  assert(false);
  return CumulativeCalls();
}

}  // namespace mockgw
