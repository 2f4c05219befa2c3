// What the whole of a run says of itself every second, however many threads or processes it
// consists of: how many virtual users there are, and how latency drifts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "loader/metrics/metric_drift.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/over_time.h"
#include "loader/metrics/tags.h"
#include "shared/base/time.h"

namespace loader {

/// The virtual users at one instant.
struct RunTick {
  std::uint64_t active_vus = 0;  ///< k6's `vus`.
  std::uint64_t vus = 0;         ///< That stand by or run.
  friend bool operator==(const RunTick&, const RunTick&) = default;
};
/// So many ticks in a row that are alike.
struct TickStretch {
  std::uint64_t ticks = 0;  ///< > 0
  RunTick each{};
};

/// As k6 does it.
inline constexpr lab::Duration kTickInterval = std::chrono::seconds(1);

/// Turns ticks into samples of `vus`, `vus_max`, `llm_hourly_latency` and `llm_latency_drift…`, and
/// remembers them.
class RunTicks {
 public:
  /// `metrics` outlives it; `vus_planned` stand ready in any case.
  RunTicks(Metrics& metrics, TagSetId tags, std::uint64_t vus_planned)
      : metrics_(metrics), tags_(tags), vus_planned_(vus_planned) {}

  /// The tick at `now`; one every kTickInterval.
  void add(const RunTick& tick, lab::TimePoint now);
  /// The same of a run that is over before its first tick: it has had its VUs too. Not remembered.
  void add_only(const RunTick& tick, lab::TimePoint now);
  /// `drift` as it is at `now`, `since_start` after the scenarios' start.
  void add_drift(const LatencyDrift& drift, lab::Duration since_start, lab::TimePoint now);

  [[nodiscard]] const std::vector<TickStretch>& stretches() const { return stretches_; }

 private:
  void sample(MetricId metric, double value, lab::TimePoint now) {
    metrics_.add(metric, value, tags_, now);
  }

  Metrics& metrics_;
  TagSetId tags_;
  std::uint64_t vus_planned_;
  std::vector<TickStretch> stretches_;
  std::size_t drift_windows_ = 0;  ///< Whose latency has been told.
};

/// Gives each window the virtual users that it had on average.
void add_to(OverTime& over_time, const std::vector<TickStretch>& stretches);

/// The ticks of two parts of one run, added up. A part that is over has no VUs.
[[nodiscard]] std::vector<TickStretch> sum_of(const std::vector<TickStretch>& a,
                                              const std::vector<TickStretch>& b);

/// True of a metric (or a sub-metric of one) whose samples only ticks make.
[[nodiscard]] bool is_told_by_ticks(const MetricRegistry& registry, std::string_view metric);

}  // namespace loader
