// The report's pictures: inline SVG.
#pragma once

#include <string>
#include <string_view>

#include "loader/summary/summary_data.h"

namespace loader {

/// A histogram of a trend with its percentiles marked, and its name above. The last half percent of
/// the values is left of the picture's end, so that one outlier does not squeeze all others.
[[nodiscard]] std::string distribution_chart(const SummaryDistribution& distribution,
                                             std::string_view time_unit);

/// The distance between an axis's marks: 1, 2 or 5 times a power of ten, so that `span` > 0 has
/// three to eight of them.
[[nodiscard]] double axis_step(double span);

}  // namespace loader
