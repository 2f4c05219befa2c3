#include "loader/run/value_error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "loader/run/self_doubt.h"

namespace loader {
namespace {

using B = BuiltinMetrics;

/// What lateness does to a metric.
enum class Effect {
  none,
  wait,       ///< A duration that ends with something that is read.
  iteration,  ///< One that waits more than once.
  pace,       ///< Something per time of a response.
  load,       ///< What is counted of a load: the later, the less.
  drops,      ///< dropped_iterations.
};

bool is_any_of(MetricId metric, std::initializer_list<MetricId> ids) {
  return std::find(ids.begin(), ids.end(), metric) != ids.end();
}

Effect effect_on(MetricId metric, const MetricInfo& info) {
  if (metric == B::dropped_iterations) return Effect::drops;
  if (is_any_of(metric, {B::http_reqs, B::iterations, B::data_sent, B::data_received,
                         B::llm_requests_success, B::llm_total_tokens})) {
    return Effect::load;
  }
  if (metric == B::llm_tokens_per_second) return Effect::pace;
  if (is_any_of(metric,
                {B::iteration_duration, B::iteration_duration_intended, B::group_duration})) {
    return Effect::iteration;
  }
  // How late iterations start is the lateness itself, and well known.
  if (metric == B::iteration_start_delay) return Effect::none;
  const bool is_duration = info.type == MetricType::trend && info.kind == ValueKind::time;
  return is_duration ? Effect::wait : Effect::none;
}

double error_of_wait(const ThresholdExpression& expression, const Trend& durations,
                     const Trend& reads) {
  switch (expression.aggregation) {
    case Aggregation::avg:
      return reads.mean();
    case Aggregation::med:
      return percentile_error(durations, 50, reads);
    case Aggregation::percentile:
      return percentile_error(durations, expression.percent, reads);
    case Aggregation::max:
      return percentile_error(durations, 100, reads);
    default:
      return reads.max();
  }
}

// How often an iteration waits for something: for each of its requests, and once to sleep.
double waits_of_iteration(const Metrics& metrics) {
  const double iterations = metrics.counter(B::iterations).sum;
  return iterations > 0 ? 1 + metrics.counter(B::http_reqs).sum / iterations : 1;
}

ValueRange around(double value, double error) {
  return {.low = std::max(0.0, value - error), .high = value + error};
}

// A loader that stood still for a share of the time made the load of the rest.
double load_without_lateness(double observed, const Trend& reads) {
  const double lost = share_above(reads, kLateP99);
  return lost < 1 ? observed / (1 - lost) : std::numeric_limits<double>::infinity();
}

}  // namespace

double percentile_error(const Trend& durations, double percent, const Trend& reads) {
  constexpr std::array kSharesLate{0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
  if (durations.count() == 0) return reads.max();
  const auto samples = static_cast<double>(durations.count());
  const double value = durations.percentile(percent);
  double error = reads.max();
  for (const double share : kSharesLate) {
    // Few samples may have met more of the late moments than their share.
    const double met = share + 2 * std::sqrt(share * (1 - share) / samples) + 1 / samples;
    if (100 * met > percent) break;
    error = std::min(error, value - durations.percentile(percent - 100 * met) +
                                reads.percentile(100 * (1 - share)));
  }
  return error;
}

double share_above(const Trend& trend, double value) {
  if (trend.max() <= value) return 0;
  double below = 0;
  double above = 100;
  constexpr int kHalvings = 20;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (below + above) / 2;
    (trend.percentile(middle) > value ? above : below) = middle;
  }
  return below == 0 ? 1 : 1 - above / 100;
}

bool could_be_otherwise(const ThresholdExpression& expression, double observed,
                        const ValueRange& range) {
  const bool verdict = holds(expression, observed);
  const double nearest = std::clamp(expression.limit, range.low, range.high);
  return holds(expression, range.low) != verdict || holds(expression, range.high) != verdict ||
         holds(expression, nearest) != verdict;
}

ValueRange ValueErrors::range(const ThresholdExpression& expression, MetricId metric,
                              double observed) const {
  const MetricId parent = metrics.registry().info(metric).parent.value_or(metric);
  const Effect effect = effect_on(parent, metrics.registry().info(parent));
  const ValueRange exact{observed, observed};
  if (effect == Effect::drops) {
    const double seconds =
        expression.aggregation == Aggregation::rate ? lab::to_seconds(duration) : 1;
    const double doubtful = static_cast<double>(strain.late_drops) / seconds;
    return {std::max(0.0, observed - doubtful), observed};
  }
  if (effect == Effect::load) {
    // Whoever asks for a number, or for no more than one, is not told less by a slow loader.
    const bool is_minimum = expression.comparison == Comparison::greater ||
                            expression.comparison == Comparison::greater_equal;
    if (!is_minimum) return exact;
    if (is_busy) return {observed, std::numeric_limits<double>::infinity()};
    return is_late ? ValueRange{observed, load_without_lateness(observed, strain.reads)} : exact;
  }
  if (!is_late || effect == Effect::none) return exact;
  if (effect == Effect::pace) {
    const Trend& times = metrics.trend(B::llm_response_time);
    const double part = times.mean() > 0 ? strain.reads.mean() / times.mean() : 0;
    return around(observed, observed * std::min(part, 1.0));
  }
  const double waits = effect == Effect::iteration ? waits_of_iteration(metrics) : 1;
  return around(observed, waits * error_of_wait(expression, metrics.trend(metric), strain.reads));
}

}  // namespace loader
