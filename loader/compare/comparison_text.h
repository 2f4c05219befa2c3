// A comparison for people, on a terminal.
#pragma once

#include <string>

#include "loader/compare/comparison.h"

namespace loader {

/// Lines of at most 100 columns, what is worse first; ends with a newline. `colors`: ANSI
/// sequences.
[[nodiscard]] std::string comparison_text(const RunComparison& comparison, bool colors);

}  // namespace loader
