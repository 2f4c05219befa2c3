// What was cut off at a run's end, in sentences: no sample tells of it, and without them a gateway
// that hangs would look as if nothing had failed.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"

namespace loader {

/// None if no iteration was interrupted.
[[nodiscard]] std::vector<std::string> ending_sentences(const SummaryData& data);

}  // namespace loader
