// What a run came to, as plain values: the one source of the text and of the files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct CounterValues {
  double count = 0;
  double rate = 0;  ///< Per second of the run.
};
struct GaugeValues {
  double value = 0;
  double min = 0;
  double max = 0;
};
struct RateValues {
  double rate = 0;
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};
struct TrendValues {
  std::vector<std::pair<std::string, double>>
      stats{};  ///< "p(95)" -> value, in the order asked for.
  /// 0 if it was not asked for.
  [[nodiscard]] double stat(std::string_view name) const;
};

struct SummaryMetric {
  std::string name{};
  MetricType type = MetricType::counter;
  ValueKind kind = ValueKind::plain;
  std::variant<CounterValues, GaugeValues, RateValues, TrendValues> values{};
  bool has_samples = true;
  std::vector<ThresholdResult> thresholds{};
};

struct SummaryCheck {
  std::string name{};
  std::string path{};
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};
struct SummaryGroup {
  std::string name{};
  std::string path{};
  std::vector<SummaryGroup> groups{};
  std::vector<SummaryCheck> checks{};
};

/// A kind of failure and how often it happened: {"connection refused", 30}.
struct ErrorTally {
  std::string text{};
  std::uint64_t count = 0;
};

struct SummaryData {
  std::vector<SummaryMetric> metrics{};    ///< By name, sub-metrics after their parent.
  SummaryGroup root{};                     ///< With checks that never ran (0 / 0).
  std::vector<ErrorTally> errors{};        ///< The most frequent first.
  std::vector<std::string> trend_stats{};  ///< Those that the text shows.
  std::string time_unit{};                 ///< "", "s", "ms" or "us"; k6's summaryTimeUnit.
  lab::Duration duration{};
  bool is_stdout_tty = false;
  bool is_stderr_tty = false;
  bool no_color = false;
  std::vector<std::string> notes{};  ///< Last lines of the text: seed, event hash.
};

struct SummaryOptions {
  std::vector<std::string> trend_stats{"avg", "min", "med", "max", "p(90)", "p(95)"};
  std::string time_unit{};
  lab::Duration duration{};
  std::vector<ErrorTally> errors{};
};

/// Checks names for summaryTrendStats: avg, min, med, max, count, p(N).
[[nodiscard]] lab::Result<void> check_trend_stat(std::string_view name);
/// The value of such a statistic.
[[nodiscard]] double trend_stat(const Trend& trend, std::string_view name);

/// Metrics with samples or thresholds. Trends have the stats asked for, and always p(50), p(90),
/// p(95) and p(99).
[[nodiscard]] SummaryData make_summary_data(const Metrics& metrics,
                                            const ThresholdReport& thresholds,
                                            SummaryOptions options);

}  // namespace loader
