// Thresholds that would have noticed what none has, found in the values of the runs.
#pragma once

#include <string_view>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/prove/proof.h"
#include "loader/prove/threshold_tally.h"

namespace loader {

inline constexpr std::size_t kSuggestionsMax = 3;

/// The best first, of metrics that differ. `sound` is of the control runs by which they are chosen,
/// `held_out` of others, by which they are checked: none is red in any of either, and all are red
/// in every run of `mutant`.
[[nodiscard]] std::vector<SuggestedThreshold> suggest_thresholds(const MetricRegistry& registry,
                                                                 const ValueRanges& sound,
                                                                 const ValueRanges& held_out,
                                                                 const ValueRanges& mutant);

}  // namespace loader
