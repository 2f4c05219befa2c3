// Thresholds that could never see a sample in this suite, found before it runs.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

/// The values that a tag can have.
struct TagValues {
  std::set<std::string, std::less<>> values{};
  bool is_open = false;   ///< Any value.
  bool has_urls = false;  ///< Any URL besides: where a redirect leads is the gateway's affair.
};
/// Tags that are absent can't occur.
using PossibleTags = std::map<std::string, TagValues, std::less<>>;

/// What a suite can produce.
struct PossibleSamples {
  /// The place in `tags` of what a metric's samples can have. Metrics that are absent can't occur.
  std::map<std::string, std::size_t, std::less<>> metrics{};
  std::vector<PossibleTags> tags{};
  /// Why a metric can't occur, where there is more to say than that nothing measures it.
  std::map<std::string, std::string, std::less<>> reasons{};
};

/// One warning a threshold'd metric, naming the metric or tag that can't occur and, where one is
/// near, what was meant.
[[nodiscard]] std::vector<std::string> impossible_thresholds(const ThresholdSet& set,
                                                             const MetricRegistry& registry,
                                                             const PossibleSamples& possible);

}  // namespace loader
