// Which parts two runs have both: what is compared besides the whole of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loader/compare/resampling.h"
#include "loader/compare/run_blocks.h"

namespace loader {

struct ComparedPart {
  std::string name{};  ///< Empty: all.
  SeriesGroup a{};
  SeriesGroup b{};
};

/// So many parts are compared; more would say less of each.
inline constexpr std::size_t kComparedPartsMax = 40;

/// The whole run first; then, by name, scenarios, phases and models, as far as a run has more than
/// one of them and the other has the same.
[[nodiscard]] std::vector<ComparedPart> compared_parts(const RunBlocks& a, const RunBlocks& b);

}  // namespace loader
