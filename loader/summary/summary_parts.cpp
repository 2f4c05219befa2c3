#include "loader/summary/summary_parts.h"

#include <algorithm>
#include <utility>

namespace loader {
namespace {

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
