#include "loader/summary/threshold_margin.h"

#include <cmath>

#include "loader/summary/summary_format.h"
#include "loader/thresholds/threshold_expression.h"

namespace loader {
namespace {

bool is_upper(Comparison comparison) {
  return comparison == Comparison::less || comparison == Comparison::less_equal;
}
bool is_lower(Comparison comparison) {
  return comparison == Comparison::greater || comparison == Comparison::greater_equal;
}

// How far the value may still go, with its sign.
std::optional<double> room_of(const ThresholdExpression& expression, double observed) {
  if (is_upper(expression.comparison)) return expression.limit - observed;
  if (is_lower(expression.comparison)) return observed - expression.limit;
  return std::nullopt;
}

std::string before_limit(Comparison comparison) {
  if (is_upper(comparison)) return " of ";
  if (comparison == Comparison::greater) return ", more than ";
  if (comparison == Comparison::greater_equal) return ", at least ";
  return comparison == Comparison::equal ? ", exactly " : ", anything but ";
}

}  // namespace

std::string margin_text(const SummaryMetric& metric, const ThresholdResult& result,
                        const std::string& time_unit) {
  const auto expression = parse_threshold_expression(result.source);
  if (!expression || !result.observed) return "–";
  const auto room = room_of(*expression, *result.observed);
  if (!room) return "–";
  if (metric.type == MetricType::rate) return format_fixed(*room * 100, 2) + " points";
  const std::string sign = *room < 0 ? "-" : "";
  std::string text = sign + format_observed(std::abs(*room), result.aggregation, metric.type,
                                            metric.kind, time_unit);
  if (expression->limit == 0) return text;
  return text + " (" + format_fixed(100 * *room / std::abs(expression->limit), 1) + "%)";
}

std::string missing_value_text(const ThresholdResult& result) {
  if (result.verdict == Verdict::no_data) return "no data";
  return std::string(result.crossed ? "failed; " : "passed; ") +
         (result.aggregation.empty() ? "the value" : result.aggregation) + " is not in the file";
}

std::string measured_text(const SummaryMetric& metric, const ThresholdResult& result,
                          const std::string& time_unit) {
  if (!result.observed) return missing_value_text(result);
  const auto shown = [&](double value) {
    return format_observed(value, result.aggregation, metric.type, metric.kind, time_unit);
  };
  const std::string text = result.aggregation + " " + shown(*result.observed);
  const auto expression = parse_threshold_expression(result.source);
  return expression ? text + before_limit(expression->comparison) + shown(expression->limit) : text;
}

std::optional<double> used_share(const ThresholdResult& result) {
  const auto expression = parse_threshold_expression(result.source);
  if (!expression || !result.observed || expression->limit <= 0) return std::nullopt;
  if (is_upper(expression->comparison)) return *result.observed / expression->limit;
  if (!is_lower(expression->comparison)) return std::nullopt;
  return *result.observed > 0 ? expression->limit / *result.observed : 2;
}

}  // namespace loader
