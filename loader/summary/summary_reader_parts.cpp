#include "loader/summary/summary_reader_parts.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "loader/thresholds/threshold_expression.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using lab::JsonObject;
using lab::JsonValue;

constexpr std::array<std::pair<std::string_view, ErrorKind>, 5> kKindsOfErrors{
    {{"transport", ErrorKind::transport},
     {"status", ErrorKind::status},
     {"stream", ErrorKind::stream},
     {"answer", ErrorKind::answer},
     {"other", ErrorKind::other}}};
constexpr std::array<std::pair<std::string_view, Breakdown::Kind>, 3> kKindsOfParts{
    {{"scenario", Breakdown::Kind::scenario},
     {"phase", Breakdown::Kind::phase},
     {"group", Breakdown::Kind::group}}};
constexpr std::array<std::pair<std::string_view, Verdict>, 3> kVerdicts{
    {{"pass", Verdict::pass}, {"fail", Verdict::fail}, {"no data", Verdict::no_data}}};

std::vector<JsonValue> elements(JsonObject& json, std::string_view key) {
  const auto found = json.find(key);
  return found && !found->is_null() ? found->as_array() : std::vector<JsonValue>();
}

std::vector<std::pair<std::string, JsonValue>> members(JsonObject& json, std::string_view key) {
  const auto found = json.find(key);
  if (!found || found->is_null()) return {};
  return found->as_object().members();
}

std::vector<SummaryMetric> metrics_of(JsonObject& json) {
  std::vector<SummaryMetric> metrics;
  for (const auto& [name, metric] : members(json, "metrics")) {
    metrics.push_back(metric_of(name, metric.as_object()));
  }
  return metrics;
}

SummaryGroup group_of(JsonObject json) {
  SummaryGroup group{.name = json.string("name"), .path = json.string("path")};
  for (const JsonValue& child : elements(json, "groups")) {
    group.groups.push_back(group_of(child.as_object()));
  }
  for (const JsonValue& check : elements(json, "checks")) {
    group.checks.push_back(check_of(check.as_object()));
  }
  return group;
}

void read_options(JsonObject json, SummaryData& data) {
  data.trend_stats = SummaryOptions().trend_stats;
  if (const auto stats = json.find("summaryTrendStats"); stats && !stats->is_null()) {
    data.trend_stats = stats->as_string_array();
  }
  data.time_unit = json.string("summaryTimeUnit");
  data.no_color = json.boolean("noColor", false);
}

void read_state(JsonObject json, SummaryData& data) {
  data.is_stdout_tty = json.boolean("isStdOutTTY", false);
  data.is_stderr_tty = json.boolean("isStdErrTTY", false);
  data.duration = milliseconds_of(json, "testRunDurationMs");
}

ErrorTally tally_of(JsonObject json) {
  return {.text = json.string("text"),
          .count = count_of(json, "count"),
          .kind = json.one_of<ErrorKind>("kind", kKindsOfErrors, ErrorKind::other),
          .status = static_cast<unsigned>(json.integer("status", 0, 0, 999)),
          .message = json.string("message"),
          .host = json.string("host"),
          .model = json.string("model"),
          .scenario = json.string("scenario"),
          .first = milliseconds_of(json, "first_ms"),
          .last = milliseconds_of(json, "last_ms"),
          .request_id = json.string("request_id")};
}

ThresholdResult level_threshold(const std::string& source, JsonObject json) {
  ThresholdResult result{.source = source, .crossed = !json.boolean("ok", true)};
  const auto value = json.find("value");
  if (value && !value->is_null()) result.observed = value->as_number();
  result.verdict = !result.observed ? Verdict::no_data
                   : result.crossed ? Verdict::fail
                                    : Verdict::pass;
  if (const auto expression = parse_threshold_expression(source)) {
    result.aggregation = aggregation_key(*expression);
  }
  return result;
}

SearchLevel level_of(JsonObject json) {
  SearchLevel level{.rate = count_of(json, "rate"),
                    .duration = milliseconds_of(json, "durationMs"),
                    .iterations = count_of(json, "iterations"),
                    .dropped = count_of(json, "dropped"),
                    .interrupted = count_of(json, "interrupted")};
  for (const auto& [name, thresholds] : members(json, "thresholds")) {
    MetricVerdict& metric = level.thresholds.emplace_back(MetricVerdict{.name = name});
    for (const auto& [source, threshold] : thresholds.as_object().members()) {
      metric.results.push_back(level_threshold(source, threshold.as_object()));
    }
  }
  return level;
}

SearchSummary search_of(const std::string& scenario, JsonObject json) {
  SearchSummary search{.scenario = scenario};
  if (const lab::Duration unit = milliseconds_of(json, "timeUnitMs");
      unit > lab::Duration::zero()) {
    search.time_unit = unit;
  }
  search.is_over = json.boolean("completed", false);
  for (const JsonValue& level : elements(json, "levels")) {
    search.levels.push_back(level_of(level.as_object()));
  }
  return search;
}

SummaryPart part_of(JsonObject json) {
  SummaryPart part{
      .kind = json.one_of<Breakdown::Kind>("kind", kKindsOfParts, Breakdown::Kind::scenario),
      .scenario = json.string("scenario"),
      .name = json.string("name"),
      .duration = milliseconds_of(json, "durationMs"),
      .metrics = metrics_of(json)};
  for (const JsonValue& check : elements(json, "checks")) {
    part.checks.push_back(check_of(check.as_object()));
  }
  return part;
}

SummaryMetric* metric_named(SummaryData& data, std::string_view name) {
  const auto found = std::ranges::find(data.metrics, name, &SummaryMetric::name);
  return found == data.metrics.end() ? nullptr : &*found;
}

void read_verdict(JsonObject json, SummaryData& data) {
  SummaryMetric* const metric = metric_named(data, json.string("metric"));
  if (metric == nullptr) return;
  const std::string source = json.string("threshold");
  const auto result = std::ranges::find(metric->thresholds, source, &ThresholdResult::source);
  if (result == metric->thresholds.end()) return;
  result->aggregation = json.string("aggregation");
  result->verdict = json.one_of<Verdict>("verdict", kVerdicts, result->verdict);
  result->crossed = json.boolean("crossed", result->crossed);
  result->observed.reset();
  if (const auto observed = json.find("observed")) result->observed = observed->as_number();
}

void read_run(const JsonValue& value, SummaryData& data) {
  JsonObject json = value.as_object();
  for (const JsonValue& verdict : elements(json, "verdicts")) {
    read_verdict(verdict.as_object(), data);
  }
  for (const JsonValue& name : elements(json, "without_samples")) {
    if (SummaryMetric* const metric = metric_named(data, name.as_string())) {
      metric->has_samples = false;
    }
  }
  if (const auto notes = json.find("notes")) data.notes = notes->as_string_array();
  if (const auto found = json.find("iterations")) {
    JsonObject iterations = found->as_object();
    data.iterations = {.completed = count_of(iterations, "completed"),
                       .interrupted = count_of(iterations, "interrupted")};
  }
  // What the table has not is not of the facts.
  if (!value.json().is_object()) return;
  lab::Json facts = value.json();
  for (const char* const key : {"verdicts", "iterations", "without_samples", "notes"})
    facts.erase(key);
  lab::read_fields(JsonValue(facts, value.path(), value.problems()), data.facts);
}

// A column that no trend of the file has a value for says nothing. A file without options has only
// its values to tell what was asked for.
void keep_known_stats(SummaryData& data) {
  std::vector<std::string> known;
  for (const SummaryMetric& metric : data.metrics) {
    const auto* const trend = std::get_if<TrendValues>(&metric.values);
    if (trend == nullptr) continue;
    for (const auto& [name, value] : trend->stats) {
      if (std::ranges::find(known, name) == known.end()) known.push_back(name);
    }
  }
  if (known.empty()) return;
  std::erase_if(data.trend_stats, [&](const std::string& name) {
    return std::ranges::find(known, name) == known.end();
  });
  if (data.trend_stats.empty()) data.trend_stats = std::move(known);
}

}  // namespace

SummaryData read_summary_parts(JsonObject json) {
  SummaryData data;
  (void)json.require("metrics");
  data.metrics = metrics_of(json);
  if (const auto root = json.find("root_group")) data.root = group_of(root->as_object());
  data.trend_stats = SummaryOptions().trend_stats;
  if (const auto options = json.find("options")) read_options(options->as_object(), data);
  if (const auto state = json.find("state")) read_state(state->as_object(), data);
  for (const JsonValue& error : elements(json, "errors")) {
    data.errors.push_back(tally_of(error.as_object()));
  }
  for (const auto& [scenario, search] : members(json, "saturation")) {
    data.searches.push_back(search_of(scenario, search.as_object()));
  }
  for (const JsonValue& each : elements(json, "outputs")) {
    JsonObject output = each.as_object();
    data.outputs.push_back({.name = output.string("name"),
                            .taken = count_of(output, "samples_taken"),
                            .sent = count_of(output, "samples_sent"),
                            .dropped = count_of(output, "samples_dropped")});
  }
  if (const auto found = json.find("simulation")) {
    JsonObject simulation = found->as_object();
    // Seeds and numbers of events have 64 bits.
    const auto seed = simulation.find("seed");
    const bool is_seed = seed && seed->json().is_number_unsigned();
    data.simulation = {.seed = is_seed ? seed->json().get<std::uint64_t>() : 0,
                       .events = count_of(simulation, "events"),
                       .hash = simulation.string("hash")};
  }
  if (const auto doubt = json.find("self_doubt")) data.self_doubt = doubt_of(doubt->as_object());
  for (const JsonValue& part : elements(json, "parts")) {
    data.parts.push_back(part_of(part.as_object()));
  }
  keep_known_stats(data);
  if (const auto run = json.find("run")) read_run(*run, data);
  if (const auto over_time = json.find("over_time")) {
    lab::read_fields(*over_time, data.over_time.emplace());
  }
  return data;
}

}  // namespace loader
