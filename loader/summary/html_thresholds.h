// The report's table of thresholds.
#pragma once

#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// Crossed ones first: the limit, what was measured, the margin, and when it did not hold. Empty
/// without thresholds.
[[nodiscard]] std::string thresholds_html(const SummaryData& data);

}  // namespace loader
