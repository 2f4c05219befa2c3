#include "loader/thresholds/threshold_audit.h"

#include <optional>
#include <string_view>

#include "shared/base/json_reader.h"

namespace loader {
namespace {

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const auto near = lab::nearest(word, known);
  return near ? "; did you mean " + in_quotes(*near) + "?" : std::string();
}

// Why no sample can have this tag, if none can.
std::optional<std::string> impossible_tag(const std::string& key, const std::string& value,
                                          const PossibleSamples& possible) {
  const auto found = possible.tags.find(key);
  if (found == possible.tags.end()) {
    std::vector<std::string_view> keys;
    for (const auto& tag : possible.tags) keys.push_back(tag.first);
    return "no sample has a tag " + in_quotes(key) + suggestion(key, keys);
  }
  const auto& values = found->second;
  if (values.empty() || values.contains(value)) return std::nullopt;
  return "the tag " + in_quotes(key) + " never has the value " + in_quotes(value) +
         suggestion(value, {values.begin(), values.end()});
}

std::optional<std::string> impossible_reason(const MetricInfo& metric, std::string_view name,
                                             const PossibleSamples& possible) {
  if (!possible.metrics.contains(name)) {
    return "nothing in this suite measures " + in_quotes(name);
  }
  for (const auto& [key, value] : metric.tags) {
    if (auto reason = impossible_tag(key, value, possible)) return reason;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> impossible_thresholds(const ThresholdSet& set,
                                               const MetricRegistry& registry,
                                               const PossibleSamples& possible) {
  std::vector<std::string> warnings;
  for (const MetricThresholds& thresholds : set) {
    const MetricInfo& metric = registry.info(thresholds.metric);
    const std::string& name = metric.parent ? registry.info(*metric.parent).name : metric.name;
    if (const auto reason = impossible_reason(metric, name, possible)) {
      warnings.push_back("the thresholds on " + in_quotes(metric.name) +
                         " will never see a sample: " + *reason);
    }
  }
  return warnings;
}

}  // namespace loader
