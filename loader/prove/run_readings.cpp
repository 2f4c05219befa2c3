#include "loader/prove/run_readings.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

#include "shared/base/overloaded.h"

namespace loader {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
// At its limit a threshold is on one side or the other, if by nothing.
constexpr double kBarely = 1e-12;

void add_values(MetricValues& values, const SummaryMetric& metric) {
  const auto add = [&](std::string_view statistic, double value) {
    values.emplace(metric.name + ": " + std::string(statistic), value);
  };
  std::visit(lab::Overloaded{
                 [&](const CounterValues& each) {
                   add("count", each.count);
                   add("rate", each.rate);
                 },
                 [&](const GaugeValues& each) { add("value", each.value); },
                 [&](const RateValues& each) { add("rate", each.rate); },
                 [&](const TrendValues& each) {
                   for (const auto& [name, value] : each.stats) add(name, value);
                 },
             },
             metric.values);
}

}  // namespace

double margin_of(const ThresholdExpression& expression, std::optional<double> observed,
                 bool is_red) {
  if (!observed) return is_red ? kInfinite : -kInfinite;
  const double unit = expression.limit == 0 ? 1 : std::abs(expression.limit);
  double margin = (*observed - expression.limit) / unit;
  switch (expression.comparison) {
    case Comparison::less:
    case Comparison::less_equal:
      break;
    case Comparison::greater:
    case Comparison::greater_equal:
      margin = -margin;
      break;
    case Comparison::equal:
    case Comparison::not_equal:
      return is_red ? kInfinite : -kInfinite;
  }
  return is_red ? std::max(margin, kBarely) : std::min(margin, -kBarely);
}

RunReadings read_run(const RunResult& result, const ThresholdSet& thresholds) {
  RunReadings readings;
  for (std::size_t m = 0; m < result.thresholds.metrics.size(); ++m) {
    const MetricVerdict& verdict = result.thresholds.metrics[m];
    for (std::size_t t = 0; t < verdict.results.size(); ++t) {
      const ThresholdResult& each = verdict.results[t];
      const ThresholdExpression& expression = thresholds[m].thresholds[t].expression;
      readings.thresholds.push_back(
          {each.crossed, each.observed, margin_of(expression, each.observed, each.crossed)});
    }
  }
  const bool is_any_red =
      std::any_of(readings.thresholds.begin(), readings.thresholds.end(),
                  [](const ThresholdReading& reading) { return reading.is_red; });
  readings.has_failed_otherwise = result.exit_code != ExitCode::ok &&
                                  !(result.exit_code == ExitCode::thresholds_crossed && is_any_red);
  for (const SummaryMetric& metric : result.summary.metrics) {
    if (metric.has_samples) add_values(readings.values, metric);
    if (metric.name == "http_reqs") {
      readings.requests = std::get<CounterValues>(metric.values).count;
    }
  }
  if (result.summary.simulation) readings.events = result.summary.simulation->events;
  readings.duration = result.summary.duration;
  return readings;
}

}  // namespace loader
