#include "loader/outputs/json_format.h"

#include <algorithm>
#include <utility>

#include "loader/metrics/metadata.h"
#include "loader/outputs/decimal.h"
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

}  // namespace

JsonFormat::JsonFormat(const MetricRegistry& registry, ThresholdSet thresholds, RunClock clock)
    : registry_(&registry),
      thresholds_(std::move(thresholds)),
      clock_(clock),
      heads_(registry.metrics().size()) {}

std::string JsonFormat::tags_text(const TagTexts& tags) const {
  std::string text = R"(,"tags":{)";
  const char* separator = "";
  for (const auto& [key, value] : tags) {
    text += std::exchange(separator, ",");
    lab::append_json_string(text, key);
    text += ':';
    lab::append_json_string(text, value);
  }
  return text + "}";
}

void JsonFormat::append_end(std::string& out, std::string_view metadata) const {
  if (!metadata.empty()) {
    out += R"(,"metadata":)";
    char before = '{';
    for_each_metadata(metadata, [&](std::string_view name, std::string_view value) {
      out += std::exchange(before, ',');
      lab::append_json_string(out, name);
      out += ':';
      lab::append_json_string(out, value);
    });
    out += '}';
  }
  out += "}}\n";
}

void JsonFormat::append_begin(std::string& out, const HandedSample& sample) {
  std::string& head = heads_[sample.metric.index];
  if (head.empty()) {
    out += metric_line(sample.metric);
    // Metric names need no escaping: is_metric_name.
    head = R"({"metric":")" + registry_->info(sample.metric).name +
           R"(","type":"Point","data":{"time":")";
  }
  if (last_at_ != sample.at) {
    last_at_ = sample.at;
    time_ = lab::format_rfc3339(clock_.wall(sample.at)) + R"(","value":)";
  }
  out.append(head).append(time_);
  append_decimal_as_go(out, sample.value);
}

std::string JsonFormat::metric_line(MetricId metric) const {
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
