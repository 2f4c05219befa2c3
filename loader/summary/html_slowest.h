// The report's table of the successes that took the longest.
#pragma once

#include <string>

#include "loader/summary/run_columns.h"

namespace loader {

/// At most kSlowestShown, one of a stretch of time and a model: how long, when, whose, and the id
/// to look up. Empty without ids.
[[nodiscard]] std::string slowest_html(const RunColumns& columns);

inline constexpr std::size_t kSlowestShown = 8;

}  // namespace loader
