#include "loader/summary/run_columns.h"

#include <algorithm>

namespace loader {

std::optional<RunColumns> run_columns(const SummaryData& data) {
  if (!data.over_time || data.over_time->windows() == 0) return std::nullopt;
  RunColumns columns{.over_time = *data.over_time};
  OverTime& over_time = columns.over_time;
  const std::size_t factor = (over_time.windows() + kRunColumnsMax - 1) / kRunColumnsMax;
  over_time.widen_to(over_time.window * static_cast<std::int64_t>(factor));
  columns.axis = {.column = over_time.window, .columns = over_time.windows()};
  const lab::Duration all = columns.axis.from(columns.axis.columns);
  columns.axis.end = data.duration > columns.axis.from(columns.axis.columns - 1)
                         ? std::min(all, data.duration)
                         : all;
  columns.all = over_time.sum();
  for (const RequestSeries& series : over_time.series) {
    const auto has_name = [&](const NamedSeries& known) { return known.name == series.model; };
    if (series.model.empty() || std::ranges::any_of(columns.models, has_name)) continue;
    columns.models.push_back({series.model, over_time.sum([&](const RequestSeries& each) {
                                return each.model == series.model;
                              })});
  }
  std::ranges::stable_sort(columns.models, [](const NamedSeries& a, const NamedSeries& b) {
    return a.series.total().requests > b.series.total().requests;
  });
  return columns;
}

double failed_share(const RequestWindow& window) {
  if (window.requests == 0) return 0;
  return static_cast<double>(window.failed) / static_cast<double>(window.requests);
}

std::optional<double> percentile_of(const Sketch& sketch, double percent) {
  if (sketch.empty()) return std::nullopt;
  return sketch.percentile(percent);
}

}  // namespace loader
