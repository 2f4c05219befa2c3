// The head of the report: the verdict, and what was tested.
#pragma once

#include <string>

#include "loader/summary/summary_data.h"

namespace loader {

/// "stress", "stress (simulated)"; of a run that has no name "run".
[[nodiscard]] std::string report_title(const SummaryData& data);
/// That a run is simulated is said where nobody misses it.
[[nodiscard]] std::string report_head(const SummaryData& data);

}  // namespace loader
