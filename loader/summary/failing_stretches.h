// When requests failed, as stretches of time.
#pragma once

#include <cstddef>
#include <vector>

#include "loader/metrics/over_time.h"

namespace loader {

/// A few good columns between failing ones, so many at most, do not end a stretch.
inline constexpr std::size_t kFailingGapMax = 2;

/// Columns of a series in which many requests failed, [from, to). A few good ones between them do
/// not end a stretch.
struct FailingStretch {
  std::size_t from = 0;
  std::size_t to = 0;
  RequestWindow total{};
};
/// In the order of time.
[[nodiscard]] std::vector<FailingStretch> failing_stretches(const RequestSeries& series);

}  // namespace loader
