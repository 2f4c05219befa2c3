// Thresholds that could never see a sample in this suite, found before it runs.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

/// What a suite can produce.
struct PossibleSamples {
  std::set<std::string, std::less<>> metrics;
  /// The values a tag can have; an empty set means any value. Tags that are absent can't occur.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> tags;
};

/// One warning a threshold'd metric, naming the metric or tag that can't occur and, where one is
/// near, what was meant.
[[nodiscard]] std::vector<std::string> impossible_thresholds(const ThresholdSet& set,
                                                             const MetricRegistry& registry,
                                                             const PossibleSamples& possible);

}  // namespace loader
