#include "loader/thresholds/breach_history.h"

#include <algorithm>

#include "loader/thresholds/threshold_expression.h"

namespace loader {
namespace {

// A count only grows: as long as it has not come so far nothing is wrong.
bool is_awaited(const std::string& threshold) {
  const auto expression = parse_threshold_expression(threshold);
  if (!expression || expression->aggregation != Aggregation::count) return false;
  return expression->comparison == Comparison::greater ||
         expression->comparison == Comparison::greater_equal;
}

}  // namespace

lab::Duration BreachHistory::pause_after(lab::Duration since_start) {
  constexpr int kPerDoubling = 120;
  return std::max(kThresholdInterval, since_start / kPerDoubling);
}

void BreachHistory::note(const ThresholdReport& report, lab::Duration since_start) {
  std::size_t at = 0;
  for (const MetricVerdict& metric : report.metrics) {
    for (const ThresholdResult& result : metric.results) {
      if (at == thresholds_.size()) {
        thresholds_.push_back(
            {.breach = {metric.name, result.source}, .is_awaited = is_awaited(result.source)});
      }
      Threshold& threshold = thresholds_[at++];
      if (threshold.is_awaited) continue;
      std::vector<TimeSpan>& spans = threshold.breach.spans;
      if (threshold.is_open) spans.back().to = since_start;
      if (result.crossed && !threshold.is_open) spans.push_back({since_start, since_start});
      threshold.is_open = result.crossed;
    }
  }
}

std::vector<ThresholdBreach> BreachHistory::breaches() const {
  std::vector<ThresholdBreach> breaches;
  for (const Threshold& threshold : thresholds_) {
    if (!threshold.breach.spans.empty()) breaches.push_back(threshold.breach);
  }
  return breaches;
}

}  // namespace loader
