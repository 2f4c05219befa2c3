#include "loader/thresholds/threshold_reader.h"

#include <optional>
#include <string>

#include "shared/base/json.h"

namespace loader {
namespace {

void read_threshold(const lab::JsonValue& value, const std::string& metric, ThresholdSet& set,
                    MetricRegistry& registry) {
  std::string expression;
  bool abort_on_fail = false;
  std::optional<lab::Duration> delay;
  if (value.json().is_object()) {
    lab::JsonObject object = value.as_object();
    expression = object.require("threshold").as_string();
    abort_on_fail = object.boolean("abortOnFail", false);
    if (const auto found = object.find("delayAbortEval"); found && !found->is_null()) {
      delay = found->as_duration();
    }
    object.finish();
  } else {
    expression = value.as_string();
  }
  // An empty text was not a string, or was missing: that problem is recorded already.
  if (expression.empty() && !(value.json().is_string())) return;
  const auto added = add_threshold(set, registry, metric, expression, abort_on_fail, delay);
  if (!added) value.problem(added.error().what);
}

}  // namespace

ThresholdSet read_thresholds(const lab::JsonValue& value, MetricRegistry& registry) {
  ThresholdSet set;
  for (const auto& [metric, list] : value.as_object().members()) {
    const auto declared = registry.declare_reference(metric);
    if (!declared) {
      list.problem(declared.error().what);
      continue;
    }
    for (const lab::JsonValue& threshold : list.as_array()) {
      read_threshold(threshold, metric, set, registry);
    }
  }
  return set;
}

}  // namespace loader
