// The parts of a summary, which cost memory and time and so are made on request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/metrics/breakdown.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// Scenarios, then phases, then groups, each kind in the order of its first samples. `options` are
/// those of the whole summary.
[[nodiscard]] std::vector<SummaryPart> summary_parts(const Breakdown& breakdown,
                                                     const SummaryOptions& options);

/// The metric of that name; null if the part has none.
[[nodiscard]] const SummaryMetric* find_metric(const std::vector<SummaryMetric>& metrics,
                                               std::string_view name);

/// "a > b" of the path "::a::b"; the root's is empty.
[[nodiscard]] std::string group_title(std::string_view path);

}  // namespace loader
