#include "loader/summary/summary_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace loader {
namespace {

// Enough that a histogram drawn from them shows no steps of its own.
constexpr std::size_t kQuantiles = 1001;

SummaryPart summary_part(const Breakdown::Part& part, SummaryOptions options) {
  // A phase is a short stretch of the run; per second of the whole its counters would say nothing.
  if (part.kind == Breakdown::Kind::phase) options.duration = part.last - part.first;
  SummaryPart summary{.kind = part.kind,
                      .scenario = part.scenario,
                      .name = part.name,
                      .duration = options.duration};
  summary.metrics = make_summary_data(part.metrics, {}, std::move(options)).metrics;
  std::erase_if(summary.metrics, [](const SummaryMetric& metric) {
    return metric.name.find('{') != std::string::npos;
  });
  for (const auto& [name, tally] : part.checks) {
    summary.checks.push_back(
        {.name = name, .path = {}, .passes = tally.passes, .fails = tally.fails});
  }
  return summary;
}

}  // namespace

std::vector<SummaryPart> summary_parts(const Breakdown& breakdown, const SummaryOptions& options) {
  std::vector<SummaryPart> parts;
  for (const Breakdown::Part* const part : breakdown.parts()) {
    parts.push_back(summary_part(*part, options));
  }
  return parts;
}

std::vector<SummaryDistribution> summary_distributions(const Metrics& metrics) {
  using Builtin = BuiltinMetrics;
  std::vector<SummaryDistribution> distributions;
  for (const MetricId id : {Builtin::http_req_duration, Builtin::llm_time_to_first_token,
                            Builtin::llm_inter_token_latency, Builtin::iteration_duration}) {
    if (!metrics.has_samples(id)) continue;
    const Trend& trend = metrics.trend(id);
    const MetricInfo& info = metrics.registry().info(id);
    SummaryDistribution& made =
        distributions.emplace_back(SummaryDistribution{.metric = info.name,
                                                       .kind = info.kind,
                                                       .samples = trend.count(),
                                                       .p50 = trend.percentile(50),
                                                       .p95 = trend.percentile(95),
                                                       .p99 = trend.percentile(99)});
    for (std::size_t i = 0; i < kQuantiles; ++i) {
      made.quantiles.push_back(
          trend.percentile(100 * static_cast<double>(i) / static_cast<double>(kQuantiles - 1)));
    }
  }
  return distributions;
}

const SummaryMetric* find_metric(const std::vector<SummaryMetric>& metrics, std::string_view name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const SummaryMetric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

std::string group_title(std::string_view path) {
  std::string title(path.starts_with("::") ? path.substr(2) : path);
  for (std::size_t at = title.find("::"); at != std::string::npos; at = title.find("::")) {
    title.replace(at, 2, " > ");
  }
  return title;
}

}  // namespace loader
