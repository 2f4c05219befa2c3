// The grammar of a threshold, k6's:  aggregation operator number   ("p(95)<500", "rate >= 0.99",
// "count==0").
#pragma once

#include <string>
#include <string_view>

#include "loader/metrics/metric.h"
#include "shared/base/error.h"

namespace loader {

enum class Aggregation { count, rate, value, avg, min, max, med, percentile };
enum class Comparison { less_equal, less, greater_equal, greater, equal, not_equal };

/// Units are the metric's: milliseconds, bytes, 0..1 for rates.
struct ThresholdExpression {
  Aggregation aggregation = Aggregation::value;
  double percent = 0;  ///< Of a percentile, 0..100.
  Comparison comparison = Comparison::less;
  double limit = 0;
  std::string source;  ///< As the user wrote it; what reports show.
};

/// An Error says what is wrong with the expression and what is allowed.
[[nodiscard]] lab::Result<ThresholdExpression> parse_threshold_expression(std::string_view text);

/// True if the aggregation exists for the type: counter count, rate; gauge value; rate rate; trend
/// avg, min, max, med, p(N).
[[nodiscard]] bool is_allowed(Aggregation aggregation, MetricType type);
/// The allowed ones as a sentence has them: "count, rate".
[[nodiscard]] std::string_view allowed_aggregations(MetricType type);

/// "p(95)", "avg": the key of the value in a summary.
[[nodiscard]] std::string aggregation_key(const ThresholdExpression& expression);

/// True if `value` is on the right side of the limit.
[[nodiscard]] bool holds(const ThresholdExpression& expression, double value);

}  // namespace loader
