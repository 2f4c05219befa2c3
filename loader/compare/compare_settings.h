// How runs are compared: from which change on it counts, and how sure it must be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "loader/compare/measures.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct CompareSettings {
  /// From which change on each measure is worse, or better: of a share a difference (0.005 are half
  /// a point of percent), else a part of the first run's value (0.02).
  std::array<double, kMeasureCount> margins = default_margins();
  /// Times that differ by less never are.
  lab::Duration min_change = std::chrono::microseconds(500);
  /// Of all intervals together; above 0 and below 1.
  double confidence = 0.95;
  std::size_t draws = 1000;
  std::uint64_t seed = 1;

  /// Two percent, and half a point of a share.
  [[nodiscard]] static std::array<double, kMeasureCount> default_margins();
};

/// Sets what --margin says: "5%" of all measures that are no shares, "failed=1%" (a point) of one,
/// "ttft=10%" of all whose names begin so. The Error says what is allowed.
[[nodiscard]] lab::Result<void> set_margin(CompareSettings& settings, std::string_view text);

}  // namespace loader
