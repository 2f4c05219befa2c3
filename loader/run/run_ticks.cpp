#include "loader/run/run_ticks.h"

#include <algorithm>
#include <array>

namespace loader {
namespace {

void append(std::vector<TickStretch>& stretches, std::uint64_t ticks, const RunTick& each) {
  if (!stretches.empty() && stretches.back().each == each) {
    stretches.back().ticks += ticks;
  } else {
    stretches.push_back({ticks, each});
  }
}

/// Walks over stretches in steps that need not be theirs.
class StretchReader {
 public:
  explicit StretchReader(const std::vector<TickStretch>& stretches)
      : next_(stretches.begin()), end_(stretches.end()) {
    if (next_ != end_) left_ = next_->ticks;
  }
  /// Of the stretch under way; 0 at the end.
  [[nodiscard]] std::uint64_t left() const { return left_; }
  [[nodiscard]] RunTick tick() const { return next_ == end_ ? RunTick{} : next_->each; }
  /// At most left(), unless that is 0.
  void skip(std::uint64_t ticks) {
    if (left_ == 0) return;
    left_ -= ticks;
    if (left_ == 0 && ++next_ != end_) left_ = next_->ticks;
  }

 private:
  std::vector<TickStretch>::const_iterator next_;
  std::vector<TickStretch>::const_iterator end_;
  std::uint64_t left_ = 0;
};

}  // namespace

void RunTicks::add(const RunTick& tick, lab::TimePoint now) {
  add_only(tick, now);
  append(stretches_, 1, tick);
}

void RunTicks::add_only(const RunTick& tick, lab::TimePoint now) {
  sample(BuiltinMetrics::vus, static_cast<double>(tick.active_vus), now);
  sample(BuiltinMetrics::vus_max, static_cast<double>(std::max(tick.vus, vus_planned_)), now);
}

// Windows of latency over all VUs: what a soak test is for.
void RunTicks::add_drift(const LatencyDrift& drift, lab::Duration since_start, lab::TimePoint now) {
  const auto over = static_cast<std::size_t>(since_start / drift.window());
  if (over <= drift_windows_) return;
  for (; drift_windows_ < over; ++drift_windows_) {
    const auto mean = drift.window_mean(drift_windows_);
    if (mean) sample(BuiltinMetrics::llm_hourly_latency, *mean, now);
  }
  const auto estimate = drift.estimate(since_start);
  if (!estimate) return;
  sample(BuiltinMetrics::llm_latency_drift, estimate->percent_per_hour, now);
  sample(BuiltinMetrics::llm_latency_drift_low, estimate->low, now);
  sample(BuiltinMetrics::llm_latency_drift_high, estimate->high, now);
}

void add_to(OverTime& over_time, const std::vector<TickStretch>& stretches) {
  const auto per_window = static_cast<std::uint64_t>(over_time.window / kTickInterval);
  if (per_window == 0) return;
  std::uint64_t ticks = 0;
  for (const TickStretch& stretch : stretches) ticks += stretch.ticks;
  StretchReader reader(stretches);
  for (std::size_t window = 0; reader.left() > 0; ++window) {
    const std::uint64_t of_window = std::min(per_window, ticks - window * per_window);
    if (over_time.users.size() <= window) over_time.users.resize(window + 1);
    UserWindow& users = over_time.users[window];
    for (std::uint64_t left = of_window; left > 0;) {
      const std::uint64_t alike = std::min(left, reader.left());
      const double share = static_cast<double>(alike) / static_cast<double>(of_window);
      users.active_vus += share * static_cast<double>(reader.tick().active_vus);
      users.vus += share * static_cast<double>(reader.tick().vus);
      reader.skip(alike);
      left -= alike;
    }
  }
}

std::vector<TickStretch> sum_of(const std::vector<TickStretch>& a,
                                const std::vector<TickStretch>& b) {
  std::vector<TickStretch> sum;
  StretchReader from_a(a);
  StretchReader from_b(b);
  while (from_a.left() > 0 || from_b.left() > 0) {
    const std::uint64_t ticks = from_a.left() == 0   ? from_b.left()
                                : from_b.left() == 0 ? from_a.left()
                                                     : std::min(from_a.left(), from_b.left());
    const RunTick& tick_a = from_a.tick();
    const RunTick& tick_b = from_b.tick();
    append(sum, ticks,
           {.active_vus = tick_a.active_vus + tick_b.active_vus, .vus = tick_a.vus + tick_b.vus});
    from_a.skip(ticks);
    from_b.skip(ticks);
  }
  return sum;
}

bool is_told_by_ticks(const MetricRegistry& registry, std::string_view metric) {
  constexpr std::array kTold{BuiltinMetrics::vus,
                             BuiltinMetrics::vus_max,
                             BuiltinMetrics::llm_hourly_latency,
                             BuiltinMetrics::llm_latency_drift,
                             BuiltinMetrics::llm_latency_drift_low,
                             BuiltinMetrics::llm_latency_drift_high};
  const auto id = registry.find(metric);
  if (!id) return false;
  return std::ranges::find(kTold, registry.info(*id).parent.value_or(*id)) != kTold.end();
}

}  // namespace loader
