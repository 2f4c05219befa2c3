#include "loader/outputs/json_output.h"

#include <algorithm>
#include <utility>

#include "shared/base/json.h"
#include "shared/base/json_text.h"

namespace loader {
namespace {

using Json = nlohmann::ordered_json;

Json threshold_json(const Threshold& threshold) {
  if (!threshold.abort_on_fail) return threshold.expression.source;
  Json json;
  json["threshold"] = threshold.expression.source;
  json["abortOnFail"] = true;
  if (threshold.delay_abort_eval) {
    json["delayAbortEval"] = lab::format_duration(*threshold.delay_abort_eval);
  } else {
    json["delayAbortEval"] = nullptr;
  }
  return json;
}

Json submetric_json(const MetricInfo& metric) {
  const auto open = metric.name.find('{');
  Json json;
  json["name"] = metric.name;
  json["suffix"] = metric.name.substr(open + 1, metric.name.size() - open - 2);
  json["tags"] = Json::object();
  for (const auto& [key, value] : metric.tags) json["tags"][key] = value;
  return json;
}

std::string tags_json(const TagTable& tags, TagSetId set) {
  std::string text = "{";
  for (const auto& [key, value] : tags.tags(set)) {
    if (text.size() > 1) text += ',';
    lab::append_json_string(text, key);
    text += ':';
    lab::append_json_string(text, value);
  }
  return text + "}";
}

}  // namespace

JsonOutput::JsonOutput(OutputFile file, const MetricRegistry& registry, ThresholdSet thresholds,
                       RunClock clock)
    : file_(std::move(file)),
      registry_(&registry),
      thresholds_(std::move(thresholds)),
      clock_(clock),
      is_introduced_(registry.metrics().size()) {}

std::string JsonOutput::description() const { return "json (" + file_.name() + ")"; }

lab::Result<void> JsonOutput::write(std::span<const Sample> samples, const TagTable& tags) {
  std::string text;
  // The samples of a request come one after the other with the same tags and time.
  const Sample* last = nullptr;
  std::string time;
  std::string tag_text;
  for (const Sample& sample : samples) {
    if (!is_introduced_[sample.metric.index]) {
      text += metric_line(sample.metric);
      is_introduced_[sample.metric.index] = true;
    }
    if (last == nullptr || last->at != sample.at) {
      time = lab::format_rfc3339(clock_.wall(sample.at));
    }
    if (last == nullptr || last->tags != sample.tags) tag_text = tags_json(tags, sample.tags);
    last = &sample;
    // Metric names need no escaping: is_metric_name.
    const std::string& name = registry_->info(sample.metric).name;
    text +=
        R"({"metric":")" + name + R"(","type":"Point","data":{"time":")" + time + R"(","value":)";
    lab::append_json_number_as_go(text, sample.value);
    text += R"(,"tags":)" + tag_text + "}}\n";
  }
  return file_.write(text);
}

std::string JsonOutput::metric_line(MetricId metric) const {
  const MetricInfo& info = registry_->info(metric);
  Json data;
  data["name"] = info.name;
  data["type"] = to_string(info.type);
  data["contains"] = to_string(info.kind);
  data["thresholds"] = Json::array();
  const auto thresholds =
      std::find_if(thresholds_.begin(), thresholds_.end(),
                   [&](const MetricThresholds& known) { return known.metric == metric; });
  if (thresholds != thresholds_.end()) {
    for (const Threshold& threshold : thresholds->thresholds) {
      data["thresholds"].push_back(threshold_json(threshold));
    }
  }
  data["submetrics"] = nullptr;
  for (const MetricId submetric : registry_->submetrics(metric)) {
    data["submetrics"].push_back(submetric_json(registry_->info(submetric)));
  }
  Json line;
  line["type"] = "Metric";
  line["data"] = std::move(data);
  line["metric"] = info.name;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace loader
