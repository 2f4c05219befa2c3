// A comparison for programs.
#pragma once

#include <string>

#include "loader/compare/comparison.h"

namespace loader {

/// An object with the runs, what is not alike, and each figure; milliseconds, shares of 1, and
/// numbers per second. 2-space indent.
[[nodiscard]] std::string comparison_json(const RunComparison& comparison);

}  // namespace loader
