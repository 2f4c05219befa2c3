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

bool can_be(const TagValues& known, const std::string& value) {
  if (known.is_open || known.values.contains(value)) return true;
  return known.has_urls && value.find("://") != std::string::npos;
}

// Why no sample of a metric can have this tag, if none can.
std::optional<std::string> impossible_tag(const std::string& key, const std::string& value,
                                          const PossibleTags& possible) {
  const auto found = possible.find(key);
  if (found == possible.end()) {
    std::vector<std::string_view> keys;
    for (const auto& tag : possible) keys.push_back(tag.first);
    return "none of its samples has a tag " + in_quotes(key) + suggestion(key, keys);
  }
  if (can_be(found->second, value)) return std::nullopt;
  const auto& values = found->second.values;
  return "the tag " + in_quotes(key) + " never has the value " + in_quotes(value) +
         suggestion(value, {values.begin(), values.end()});
}

std::optional<std::string> impossible_reason(const MetricInfo& metric, std::string_view name,
                                             const PossibleSamples& possible) {
  const auto found = possible.metrics.find(name);
  if (found == possible.metrics.end()) {
    const auto reason = possible.reasons.find(name);
    if (reason != possible.reasons.end()) return reason->second;
    return "nothing in this suite measures " + in_quotes(name);
  }
  for (const auto& [key, value] : metric.tags) {
    if (auto reason = impossible_tag(key, value, possible.tags[found->second])) return reason;
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
