// The sizes of a family as the axis of a picture.
#pragma once

#include <string>
#include <vector>

#include "loader/prove/mutant_family.h"

namespace loader {

struct AxisMark {
  double position = 0;  ///< From 0, the mildest size, to 1.
  std::string text;     ///< With the unit where that is short.
};

/// Round sizes within the range, the milder first: powers of ten on a logarithmic scale, even steps
/// on a linear one. For a family that has sizes.
[[nodiscard]] std::vector<AxisMark> axis_marks(const MutantFamily& family);

/// The position of a size, kept within the axis.
[[nodiscard]] double axis_position(const MutantFamily& family, double size);

}  // namespace loader
