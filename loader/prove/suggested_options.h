// The thresholds that would have caught the survivors, ready to paste.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "loader/prove/proof.h"

namespace loader {

/// By metric, each once, in the order in which they first occur.
using ThresholdsByMetric = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Of thresholds that differ by their limit alone the strictest stands for all of them.
[[nodiscard]] ThresholdsByMetric by_metric(const std::vector<SuggestedThreshold>& suggestions);

/// The best suggestion for each survivor, the worst survivor's first.
[[nodiscard]] std::vector<SuggestedThreshold> best_suggestions(const Proof& proof);

/// {"options": {"thresholds": {…}}}, lines of what a suite file has.
[[nodiscard]] std::string suite_json(const ThresholdsByMetric& thresholds);
/// "export const options = { thresholds: {…} };", lines of a k6 script.
[[nodiscard]] std::string k6_options(const ThresholdsByMetric& thresholds);

}  // namespace loader
