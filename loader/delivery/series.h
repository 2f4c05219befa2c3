// Samples put together by metric and tags, as formats want it that know no single samples.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <variant>
#include <vector>

#include "loader/delivery/native_histogram.h"
#include "loader/metrics/metric_registry.h"
#include "loader/metrics/metric_sinks.h"
#include "loader/metrics/trend.h"
#include "loader/outputs/sample_piece.h"

namespace loader {

/// A histogram with the borders that OpenTelemetry's SDKs have by default.
struct BorderedHistogram {
  /// Bucket i holds what is not above kBorders[i] and above the border before; the last the rest.
  static constexpr std::array<double, 15> kBorders{0,   5,   10,   25,   50,   75,   100,  250,
                                                   500, 750, 1000, 2500, 5000, 7500, 10000};
  std::array<std::uint64_t, kBorders.size() + 1> counts{};
  std::uint64_t count = 0;
  double sum = 0;
  double min = 0;
  double max = 0;

  void add(double value);
};

/// Everything since the start of the run: a value that does not arrive is made good by the next.
struct Series {
  using Value =
      std::variant<CounterSink, GaugeSink, RateSink, Trend, NativeHistogram, BorderedHistogram>;
  MetricId metric;
  std::uint32_t tags = 0;  ///< An index into SeriesTable::tags().
  Value value;
  lab::TimePoint latest = lab::TimePoint::min();  ///< Of its samples.
  std::uint64_t fresh = 0;                        ///< Samples since they were last taken along.
};

/// What a trend becomes.
enum class TrendAs : std::uint8_t {
  trend,
  native_histogram,  ///< Of seconds, if the metric is of time; all others keep milliseconds.
  bordered_histogram,
};

class SeriesTable {
 public:
  /// `registry` must outlive it.
  SeriesTable(const MetricRegistry& registry, TrendAs trend_as)
      : registry_(&registry), trend_as_(trend_as) {}

  /// As BatchEncoder has them. Sets that differ in empty tags alone are one.
  void add_tags(const TagTexts& tags);
  void add(std::span<const HandedSample> samples);

  /// In the order of their first samples.
  [[nodiscard]] std::deque<Series>& all() { return series_; }
  /// Without empty ones.
  [[nodiscard]] const TagTexts& tags(const Series& series) const { return *sets_[series.tags]; }
  [[nodiscard]] const MetricInfo& metric(const Series& series) const {
    return registry_->info(series.metric);
  }

 private:
  [[nodiscard]] Series& find(const HandedSample& sample);
  [[nodiscard]] Series::Value empty_value(MetricType type) const;
  void add_to(Series& series, double value, lab::TimePoint at) const;

  const MetricRegistry* registry_;
  TrendAs trend_as_;
  std::map<TagTexts, std::uint32_t> known_;
  std::vector<const TagTexts*> sets_;         ///< Keys of known_.
  std::vector<std::uint32_t> numbers_;        ///< Of given tags, to an index into sets_.
  std::deque<Series> series_;                 ///< A deque, because they are pointed to.
  std::vector<std::vector<Series*>> by_set_;  ///< By index into sets_: a few metrics each.
};

}  // namespace loader
