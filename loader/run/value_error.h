// By how much the loader's own lateness can have moved a value that a threshold looks at. Pure.
#pragma once

#include "loader/metrics/metrics.h"
#include "loader/run/strain.h"
#include "loader/thresholds/threshold_expression.h"
#include "shared/base/time.h"

namespace loader {

/// By how much reading late can have moved a percentile of durations, in milliseconds. Whichever
/// of them ended late: if a share s of all did so by more than L, then the p-th percentile was not
/// less than the (p - s)-th that was measured, less L. The best of some s is taken; the greatest
/// lateness of all is the most it can be.
[[nodiscard]] double percentile_error(const Trend& durations, double percent, const Trend& reads);
/// The share of a trend's samples that are greater than a value, to within a millionth.
[[nodiscard]] double share_above(const Trend& trend, double value);

/// What a value may have been instead. `high` may be infinite.
struct ValueRange {
  double low = 0;
  double high = 0;
};

/// Whether the threshold holds of one value in the range and not of another.
[[nodiscard]] bool could_be_otherwise(const ThresholdExpression& expression, double observed,
                                      const ValueRange& range);

struct ValueErrors {
  const Strain& strain;
  const Metrics& metrics;
  lab::Duration duration{};  ///< Of the run.
  bool is_late = false;      ///< Else nothing was read late enough to speak of it.
  bool is_busy = false;      ///< There was no more load to be had.

  /// Of a metric or sub-metric. Times count as too long by what they were read late, and, since a
  /// loader that is late makes a lighter load than it was to make, as too short by as much; what is
  /// counted as too little for a threshold that is a minimum, by what was not started meanwhile;
  /// dropped iterations as too many by those that were dropped meanwhile. Of shares and gauges
  /// nothing is known.
  [[nodiscard]] ValueRange range(const ThresholdExpression& expression, MetricId metric,
                                 double observed) const;
};

}  // namespace loader
