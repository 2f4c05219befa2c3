#include "loader/summary/summary_json.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <string>

#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using Json = nlohmann::ordered_json;

// JavaScript writes whole numbers without a fraction, and so do k6's files.
Json number(double value) {
  constexpr double kExactIntegers = 9007199254740992;  // 2^53
  if (std::trunc(value) == value && std::abs(value) < kExactIntegers) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

// Numbers that a file did not have are none of what is made of it.
void add(Json& json, const char* key, double value) {
  if (!std::isnan(value)) json[key] = number(value);
}

Json values_json(const SummaryMetric& metric, const char* rate_key) {
  Json json = Json::object();
  if (const auto* counter = std::get_if<CounterValues>(&metric.values)) {
    add(json, "count", counter->count);
    add(json, "rate", counter->rate);
  } else if (const auto* gauge = std::get_if<GaugeValues>(&metric.values)) {
    add(json, "value", gauge->value);
    add(json, "min", gauge->min);
    add(json, "max", gauge->max);
  } else if (const auto* rate = std::get_if<RateValues>(&metric.values)) {
    add(json, rate_key, rate->rate);
    json["passes"] = rate->passes;
    json["fails"] = rate->fails;
  } else {
    for (const auto& [name, value] : std::get<TrendValues>(metric.values).stats) {
      json[name] = number(value);
    }
  }
  return json;
}

Json metric_json(const SummaryMetric& metric) {
  Json json;
  json["type"] = to_string(metric.type);
  json["contains"] = to_string(metric.kind);
  json["values"] = values_json(metric, "rate");
  for (const ThresholdResult& result : metric.thresholds) {
    Json& threshold = json["thresholds"][result.source];
    threshold["ok"] = !result.crossed;
    // Beyond k6: a reader can tell "nothing measured" from "measured and bad".
    if (result.verdict == Verdict::no_data) threshold["no_data"] = true;
  }
  return json;
}

Json check_json(const SummaryCheck& check) {
  Json json;
  json["name"] = check.name;
  json["path"] = check.path;
  json["id"] = path_id(check.path);
  json["passes"] = check.passes;
  json["fails"] = check.fails;
  return json;
}

Json group_head(const SummaryGroup& group) {
  Json json;
  json["name"] = group.name;
  json["path"] = group.path;
  json["id"] = path_id(group.path);
  return json;
}

Json group_json(const SummaryGroup& group) {
  Json json = group_head(group);
  json["groups"] = Json::array();
  for (const SummaryGroup& child : group.groups) json["groups"].push_back(group_json(child));
  json["checks"] = Json::array();
  for (const SummaryCheck& check : group.checks) json["checks"].push_back(check_json(check));
  return json;
}

Json export_group_json(const SummaryGroup& group) {
  Json json = group_head(group);
  json["groups"] = Json::object();
  for (const SummaryGroup& child : group.groups) {
    json["groups"][child.name] = export_group_json(child);
  }
  json["checks"] = Json::object();
  for (const SummaryCheck& check : group.checks) json["checks"][check.name] = check_json(check);
  return json;
}

Json export_metric_json(const SummaryMetric& metric) {
  Json json = values_json(metric, "value");
  for (const ThresholdResult& result : metric.thresholds) {
    json["thresholds"][result.source] = result.crossed;
  }
  return json;
}

Json options_json(const SummaryData& data) {
  Json json;
  json["summaryTrendStats"] = data.trend_stats;
  json["summaryTimeUnit"] = data.time_unit;
  json["noColor"] = data.no_color;
  return json;
}

Json state_json(const SummaryData& data) {
  Json json;
  json["isStdOutTTY"] = data.is_stdout_tty;
  json["isStdErrTTY"] = data.is_stderr_tty;
  json["testRunDurationMs"] = number(lab::to_milliseconds(data.duration));
  return json;
}

Json optional_number(const std::optional<std::uint64_t>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json level_json(const SearchLevel& level) {
  Json json;
  json["rate"] = level.rate;
  json["good"] = level.is_good();
  json["durationMs"] = number(lab::to_milliseconds(level.duration));
  json["iterations"] = level.iterations;
  json["dropped"] = level.dropped;
  json["interrupted"] = level.interrupted;
  json["thresholds"] = Json::object();
  for (const MetricVerdict& metric : level.thresholds) {
    for (const ThresholdResult& result : metric.results) {
      Json& threshold = json["thresholds"][metric.name][result.source];
      threshold["ok"] = !result.crossed;
      threshold["value"] = result.observed ? number(*result.observed) : Json(nullptr);
    }
  }
  return json;
}

// Beyond k6. Rates are per timeUnit, as in the suite's file.
Json search_json(const SearchSummary& search) {
  Json json;
  json["timeUnitMs"] = number(lab::to_milliseconds(search.time_unit));
  json["completed"] = search.is_over;
  json["lastGoodRate"] = optional_number(search.last_good());
  json["firstBadRate"] = optional_number(search.first_bad());
  json["levels"] = Json::array();
  for (const SearchLevel& level : search.levels) json["levels"].push_back(level_json(level));
  return json;
}

Json simulation_json(const SimulationRecord& simulation) {
  Json json;
  json["seed"] = simulation.seed;
  json["events"] = simulation.events;
  json["hash"] = simulation.hash;
  return json;
}

// Beyond k6.
Json output_json(const SummaryOutput& output) {
  Json json;
  json["name"] = output.name;
  json["samples_taken"] = output.taken;
  json["samples_sent"] = output.sent;
  json["samples_dropped"] = output.dropped;
  return json;
}

// Beyond k6.
Json error_json(const ErrorTally& error) {
  Json json;
  json["kind"] = to_string(error.kind);
  json["text"] = error.text;
  json["count"] = error.count;
  json["status"] = error.status;
  json["message"] = error.message;
  json["host"] = error.host;
  json["model"] = error.model;
  json["scenario"] = error.scenario;
  json["first_ms"] = number(lab::to_milliseconds(error.first));
  json["last_ms"] = number(lab::to_milliseconds(error.last));
  json["request_id"] = error.request_id;
  return json;
}

// Beyond k6: what thresholds were judged by, in the order of the metrics and their thresholds.
Json verdicts_json(const SummaryData& data) {
  Json verdicts = Json::array();
  for (const SummaryMetric& metric : data.metrics) {
    for (const ThresholdResult& result : metric.thresholds) {
      Json& json = verdicts.emplace_back();
      json["metric"] = metric.name;
      json["threshold"] = result.source;
      json["aggregation"] = result.aggregation;
      if (result.observed) json["observed"] = number(*result.observed);
      json["verdict"] = to_string(result.verdict);
      json["crossed"] = result.crossed;
    }
  }
  return verdicts;
}

// Beyond k6.
Json run_json(const SummaryData& data) {
  Json json = lab::write_fields(data.facts);
  json["verdicts"] = verdicts_json(data);
  if (data.iterations) {
    json["iterations"] = {{"completed", data.iterations->completed},
                          {"interrupted", data.iterations->interrupted}};
  }
  for (const SummaryMetric& metric : data.metrics) {
    if (!metric.has_samples) json["without_samples"].push_back(metric.name);
  }
  if (!data.notes.empty()) json["notes"] = data.notes;
  return json;
}

// Beyond k6.
Json part_json(const SummaryPart& part) {
  Json json;
  json["kind"] = to_string(part.kind);
  json["scenario"] = part.scenario;
  json["name"] = part.name;
  json["durationMs"] = number(lab::to_milliseconds(part.duration));
  json["metrics"] = Json::object();
  for (const SummaryMetric& metric : part.metrics) {
    json["metrics"][metric.name] = metric_json(metric);
  }
  json["checks"] = Json::array();
  for (const SummaryCheck& check : part.checks) json["checks"].push_back(check_json(check));
  return json;
}

// What happened when is long and for programs: a line of its own at the end of the file.
std::string with_over_time(std::string text, const OverTime& over_time) {
  text.resize(text.rfind("\n}"));
  const Json json = lab::write_fields(over_time);
  return text + ",\n  \"over_time\": " + json.dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n}\n";
}

Json optional_number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json lateness_json(const LatenessFigures& lateness) {
  Json json;
  json["samples"] = lateness.samples;
  json["p(50)"] = number(lateness.p50);
  json["p(95)"] = number(lateness.p95);
  json["p(99)"] = number(lateness.p99);
  json["max"] = number(lateness.max);
  return json;
}

// Beyond k6. Times are milliseconds, as elsewhere; a bound that is none is null.
Json doubt_json(const SelfDoubt& doubt) {
  const SelfFigures& figures = doubt.figures;
  Json json;
  json["reads_late"] = lateness_json(figures.reads);
  json["timers_late"] = lateness_json(figures.timers);
  json["starts_late"] = lateness_json(figures.starts);
  json["busiest_thread"] = number(figures.busiest_thread);
  json["waited_for_cpu"] = number(figures.ready_share);
  json["cpus"] = number(figures.cpus);
  json["machine_idle"] = optional_number(figures.machine_idle);
  json["machine_stolen"] = optional_number(figures.machine_stolen);
  json["throttled"] = figures.throttled ? number(lab::to_milliseconds(*figures.throttled)) : Json();
  json["held_by_outputs"] = number(lab::to_milliseconds(figures.held_by_outputs));
  json["late_drops"] = figures.late_drops;
  json["findings"] = Json::array();
  for (const DoubtFinding& finding : doubt.findings) {
    json["findings"].push_back(
        {{"kind", finding.kind}, {"text", finding.text}, {"details", finding.details}});
  }
  json["verdicts"] = Json::array();
  for (const DoubtfulVerdict& verdict : doubt.verdicts) {
    json["verdicts"].push_back({{"metric", verdict.metric},
                                {"threshold", verdict.source},
                                {"observed", number(verdict.observed)},
                                {"low", number(verdict.low)},
                                {"high", number(verdict.high)},
                                {"text", verdict.text}});
  }
  return json;
}

// With no more statistics than those of summaryTrendStats, as k6 has it.
SummaryMetric as_asked_for(SummaryMetric metric, const SummaryData& data) {
  if (auto* const trend = std::get_if<TrendValues>(&metric.values)) {
    std::erase_if(trend->stats, [&data](const auto& stat) {
      return std::ranges::find(data.trend_stats, stat.first) == data.trend_stats.end();
    });
  }
  return metric;
}

std::string text_of(const Json& json, int indent) {
  // Names come from suite files and were read as valid UTF-8; a bad byte is replaced rather than
  // thrown over.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string summary_json(const SummaryData& data) {
  Json json;
  json["root_group"] = group_json(data.root);
  json["options"] = options_json(data);
  json["state"] = state_json(data);
  json["metrics"] = Json::object();
  for (const SummaryMetric& metric : data.metrics) {
    json["metrics"][metric.name] = metric_json(metric);
  }
  json["errors"] = Json::array();
  for (const ErrorTally& error : data.errors) json["errors"].push_back(error_json(error));
  for (const SearchSummary& search : data.searches) {
    json["saturation"][search.scenario] = search_json(search);
  }
  for (const SummaryOutput& output : data.outputs) {
    json["outputs"].push_back(output_json(output));
  }
  if (data.self_doubt) json["self_doubt"] = doubt_json(*data.self_doubt);
  if (data.simulation) json["simulation"] = simulation_json(*data.simulation);
  for (const SummaryPart& part : data.parts) json["parts"].push_back(part_json(part));
  if (!data.facts.suite.empty()) json["run"] = run_json(data);
  std::string text = text_of(json, 2);
  return data.over_time ? with_over_time(std::move(text), *data.over_time) : text;
}

std::string handle_summary_json(const SummaryData& data) {
  Json json;
  json["root_group"] = group_json(data.root);
  json["options"] = options_json(data);
  json["state"] = state_json(data);
  json["metrics"] = Json::object();
  for (const SummaryMetric& metric : data.metrics) {
    json["metrics"][metric.name] = metric_json(as_asked_for(metric, data));
  }
  if (data.setup_data) json["setup_data"] = Json::parse(*data.setup_data, nullptr, false);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string summary_export_json(const SummaryData& data) {
  Json json;
  json["root_group"] = export_group_json(data.root);
  json["metrics"] = Json::object();
  for (const SummaryMetric& metric : data.metrics) {
    json["metrics"][metric.name] = export_metric_json(as_asked_for(metric, data));
  }
  return text_of(json, 4);
}

std::string path_id(std::string_view path) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  [[maybe_unused]] const int ok =
      EVP_Digest(path.data(), path.size(), digest.data(), &size, EVP_md5(), nullptr);
  assert(ok == 1 && size == 16);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id;
  for (unsigned int i = 0; i < size; ++i) {
    id += kHex[digest[i] >> 4];
    id += kHex[digest[i] & 15];
  }
  return id;
}

}  // namespace loader
