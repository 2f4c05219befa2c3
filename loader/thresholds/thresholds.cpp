#include "loader/thresholds/thresholds.h"

#include <algorithm>

#include "loader/metrics/metric_builtins.h"
#include "loader/metrics/metric_drift.h"

namespace loader {
namespace {

// The value that an expression speaks about. A counter's rate does not exist before time has
// passed.
std::optional<double> observed(const ThresholdExpression& expression, const Metrics& metrics,
                               MetricId metric, lab::Duration elapsed) {
  switch (expression.aggregation) {
    case Aggregation::count:
      return metrics.counter(metric).sum;
    case Aggregation::rate:
      if (metrics.registry().info(metric).type == MetricType::rate) {
        return metrics.rate(metric).rate();
      }
      if (elapsed <= lab::Duration::zero()) return std::nullopt;
      return metrics.counter(metric).sum / lab::to_seconds(elapsed);
    case Aggregation::value:
      return metrics.gauge(metric).value;
    case Aggregation::avg:
      return metrics.trend(metric).mean();
    case Aggregation::min:
      return metrics.trend(metric).min();
    case Aggregation::max:
      return metrics.trend(metric).max();
    case Aggregation::med:
      return metrics.trend(metric).percentile(50);
    case Aggregation::percentile:
      return metrics.trend(metric).percentile(expression.percent);
  }
  return std::nullopt;
}

bool has_data(const Metrics& metrics, MetricId metric) {
  return metrics.has_samples(metric) || metrics.registry().info(metric).type == MetricType::counter;
}

ThresholdResult evaluate(const ThresholdExpression& expression, const Metrics& metrics,
                         MetricId metric, lab::Duration elapsed) {
  ThresholdResult result{.source = expression.source,
                         .aggregation = aggregation_key(expression),
                         .observed = {},
                         .verdict = Verdict::no_data,
                         .crossed = false};
  if (!has_data(metrics, metric)) return result;
  result.observed = observed(expression, metrics, metric, elapsed);
  if (!result.observed) return result;
  result.verdict = holds(expression, *result.observed) ? Verdict::pass : Verdict::fail;
  result.crossed = result.verdict == Verdict::fail;
  return result;
}

// What a final `no_data` means under the policy. k6 lets a rate pass and compares the others with
// zero.
void decide_no_data(ThresholdResult& result, const ThresholdExpression& expression, MetricType type,
                    NoDataPolicy policy) {
  if (policy == NoDataPolicy::fail) {
    result.crossed = true;
  } else if (type != MetricType::rate && type != MetricType::counter && !holds(expression, 0)) {
    result.verdict = Verdict::fail;
    result.observed = 0;
    result.crossed = true;
  }
}

MetricVerdict empty_verdict(const MetricThresholds& thresholds, const Metrics& metrics) {
  return {.metric = thresholds.metric,
          .name = metrics.registry().info(thresholds.metric).name,
          .results = {}};
}

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

lab::Result<void> add_threshold(ThresholdSet& set, MetricRegistry& registry,
                                std::string_view metric, std::string_view expression,
                                bool abort_on_fail, std::optional<lab::Duration> delay_abort_eval) {
  const auto id = registry.declare_reference(metric);
  if (!id) return id.error();
  auto parsed = parse_threshold_expression(expression);
  if (!parsed) return parsed.error();
  const MetricType type = registry.info(*id).type;
  if (!is_allowed(parsed->aggregation, type)) {
    return lab::Error{{},
                      "invalid threshold \"" + std::string(expression) + "\": metric \"" +
                          std::string(metric) + "\" is a " + std::string(to_string(type)) +
                          ", which has no " + aggregation_key(*parsed) + "; use " +
                          std::string(allowed_aggregations(type))};
  }
  auto place = std::find_if(set.begin(), set.end(),
                            [&](const MetricThresholds& known) { return known.metric == *id; });
  if (place == set.end()) place = set.insert(set.end(), {.metric = *id, .thresholds = {}});
  place->thresholds.push_back({.expression = std::move(*parsed),
                               .abort_on_fail = abort_on_fail,
                               .delay_abort_eval = delay_abort_eval});
  return {};
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::no_data:
      break;
  }
  return "no data";
}

bool MetricVerdict::crossed() const {
  return std::any_of(results.begin(), results.end(),
                     [](const ThresholdResult& result) { return result.crossed; });
}

std::vector<std::string> ThresholdReport::crossed_metrics() const {
  std::vector<std::string> names;
  for (const MetricVerdict& metric : metrics) {
    if (metric.crossed()) names.push_back(metric.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

ThresholdReport evaluate_during_run(const ThresholdSet& set, const Metrics& metrics,
                                    lab::Duration elapsed) {
  ThresholdReport report;
  for (const MetricThresholds& thresholds : set) {
    MetricVerdict verdict = empty_verdict(thresholds, metrics);
    for (const Threshold& threshold : thresholds.thresholds) {
      ThresholdResult result = evaluate(threshold.expression, metrics, thresholds.metric, elapsed);
      if (!metrics.has_samples(thresholds.metric)) {
        result.verdict = Verdict::no_data;
        result.crossed = false;
      }
      const bool may_abort = !threshold.delay_abort_eval || elapsed > *threshold.delay_abort_eval;
      report.abort = report.abort || (result.crossed && threshold.abort_on_fail && may_abort);
      verdict.results.push_back(std::move(result));
    }
    report.metrics.push_back(std::move(verdict));
  }
  return report;
}

namespace {

// A drift is the slope of several windows.
bool is_too_early(const MetricThresholds& thresholds, const Metrics& metrics,
                  lab::Duration elapsed) {
  const MetricId id = metrics.registry().info(thresholds.metric).parent.value_or(thresholds.metric);
  const bool is_of_drift = id == BuiltinMetrics::llm_latency_drift ||
                           id == BuiltinMetrics::llm_latency_drift_low ||
                           id == BuiltinMetrics::llm_latency_drift_high;
  constexpr auto kWindows = static_cast<lab::Duration::rep>(LatencyDrift::kWindowsMin);
  return is_of_drift && elapsed < LatencyDrift::kWindow * kWindows;
}

}  // namespace

ThresholdReport evaluate_at_end(const ThresholdSet& set, const Metrics& metrics,
                                lab::Duration elapsed, NoDataPolicy policy) {
  ThresholdReport report;
  for (const MetricThresholds& thresholds : set) {
    MetricVerdict verdict = empty_verdict(thresholds, metrics);
    for (const Threshold& threshold : thresholds.thresholds) {
      ThresholdResult result = evaluate(threshold.expression, metrics, thresholds.metric, elapsed);
      if (result.verdict == Verdict::no_data && !is_too_early(thresholds, metrics, elapsed)) {
        decide_no_data(result, threshold.expression,
                       metrics.registry().info(thresholds.metric).type, policy);
      }
      verdict.results.push_back(std::move(result));
    }
    report.metrics.push_back(std::move(verdict));
  }
  return report;
}

std::string crossed_message(std::span<const std::string> metrics) {
  return "thresholds on metrics '" + joined(metrics) + "' have been crossed";
}

std::string abort_message(std::span<const std::string> metrics) {
  return "thresholds on metrics '" + joined(metrics) +
         "' were crossed; at least one has abortOnFail enabled, stopping test prematurely";
}

}  // namespace loader
