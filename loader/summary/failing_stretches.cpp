#include "loader/summary/failing_stretches.h"

#include "loader/summary/run_columns.h"

namespace loader {
namespace {

// In a column such a share of failures is more than a bad request here and there.
constexpr double kFailingShare = 0.1;

}  // namespace

std::vector<FailingStretch> failing_stretches(const RequestSeries& series) {
  std::vector<FailingStretch> stretches;
  for (std::size_t i = series.first; i < series.end(); ++i) {
    const RequestWindow& window = *series.find(i);
    if (window.failed == 0 || failed_share(window) < kFailingShare) continue;
    if (!stretches.empty() && i - stretches.back().to <= kFailingGapMax) {
      stretches.back().to = i + 1;
    } else {
      stretches.push_back({.from = i, .to = i + 1});
    }
  }
  for (FailingStretch& stretch : stretches) {
    for (std::size_t i = stretch.from; i < stretch.to; ++i) stretch.total.merge(*series.find(i));
  }
  return stretches;
}

}  // namespace loader
