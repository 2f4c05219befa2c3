// A comparison as one page to look at, which needs nothing beside itself.
#pragma once

#include <string>

#include "loader/compare/comparison.h"

namespace loader {

/// Each figure with a picture of its interval. The same comparison gives the same bytes.
[[nodiscard]] std::string comparison_html(const RunComparison& comparison);

}  // namespace loader
