// A comparison as CI systems show it on the page of a job.
#pragma once

#include <string>

#include "loader/compare/comparison.h"

namespace loader {

/// GitHub's Markdown: what is worse or better as tables, the rest folded away.
[[nodiscard]] std::string comparison_markdown(const RunComparison& comparison);

}  // namespace loader
