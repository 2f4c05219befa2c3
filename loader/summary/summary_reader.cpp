#include "loader/summary/summary_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "loader/summary/summary_reader_parts.h"
#include "loader/thresholds/threshold_expression.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

using lab::JsonObject;
using lab::JsonValue;

constexpr std::array<std::pair<std::string_view, MetricType>, 4> kMetricTypes{
    {{"counter", MetricType::counter},
     {"gauge", MetricType::gauge},
     {"rate", MetricType::rate},
     {"trend", MetricType::trend}}};
constexpr std::array<std::pair<std::string_view, ValueKind>, 3> kContents{
    {{"default", ValueKind::plain}, {"time", ValueKind::time}, {"data", ValueKind::data}}};

// JSON has no NaN: a value that is none is null in it.
double number_of(const JsonValue& value) {
  return value.is_null() ? std::nan("") : value.as_number();
}

double value_of(JsonObject& values, std::string_view key) {
  const auto found = values.find(key);
  return found ? number_of(*found) : std::nan("");
}

// Shares are told as numbers out of others, which none can stand for.
std::uint64_t required_count(JsonObject& values, std::string_view key) {
  (void)values.require(key);
  return count_of(values, key);
}

TrendValues trend_of(JsonObject& values) {
  TrendValues trend;
  for (const auto& [name, value] : values.members()) {
    trend.stats.emplace_back(name, number_of(value));
  }
  return trend;
}

void read_values(JsonObject values, SummaryMetric& metric) {
  // k6 lets a script do without all statistics of trends; all else has figures.
  if (metric.type != MetricType::trend && values.value().json().empty()) {
    values.value().problem("has no figures");
  }
  switch (metric.type) {
    case MetricType::counter:
      metric.values =
          CounterValues{.count = value_of(values, "count"), .rate = value_of(values, "rate")};
      break;
    case MetricType::gauge:
      metric.values = GaugeValues{.value = value_of(values, "value"),
                                  .min = value_of(values, "min"),
                                  .max = value_of(values, "max")};
      break;
    case MetricType::rate:
      metric.values = RateValues{.rate = value_of(values, "rate"),
                                 .passes = required_count(values, "passes"),
                                 .fails = required_count(values, "fails")};
      break;
    case MetricType::trend:
      metric.values = trend_of(values);
      break;
  }
}

// What a threshold has looked at, if it is among the statistics.
std::optional<double> observed_of(const SummaryMetric& metric, const std::string& aggregation) {
  if (const auto* const trend = std::get_if<TrendValues>(&metric.values)) {
    return trend->stat(aggregation);
  }
  double value = 0;
  if (const auto* const counter = std::get_if<CounterValues>(&metric.values)) {
    value = aggregation == "rate" ? counter->rate : counter->count;
  } else if (const auto* const gauge = std::get_if<GaugeValues>(&metric.values)) {
    value = gauge->value;
  } else {
    value = std::get<RateValues>(metric.values).rate;
  }
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

ThresholdResult threshold_of(const std::string& source, JsonObject json,
                             const SummaryMetric& metric) {
  ThresholdResult result{.source = source};
  result.crossed = !json.boolean("ok", true);
  result.verdict = json.boolean("no_data", false) ? Verdict::no_data
                   : result.crossed               ? Verdict::fail
                                                  : Verdict::pass;
  const auto expression = parse_threshold_expression(source);
  if (!expression) return result;
  result.aggregation = aggregation_key(*expression);
  if (result.verdict != Verdict::no_data) {
    result.observed = observed_of(metric, result.aggregation);
  }
  return result;
}

}  // namespace

std::uint64_t count_of(JsonObject& json, std::string_view key) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const auto found = json.find(key);
  if (!found || found->is_null()) return 0;
  return static_cast<std::uint64_t>(found->as_integer(0, kMost));
}

lab::Duration milliseconds_of(JsonObject& json, std::string_view key) {
  // A hundred years, which can still be added to a time.
  constexpr double kMost = 100.0 * 366 * 24 * 3600 * 1000;
  return lab::from_milliseconds(json.number(key, 0, 0, kMost));
}

SummaryMetric metric_of(const std::string& name, JsonObject json) {
  SummaryMetric metric{.name = name};
  metric.type = json.require("type").as_enum<MetricType>(kMetricTypes, MetricType::counter);
  metric.kind = json.one_of<ValueKind>("contains", kContents, ValueKind::plain);
  const JsonValue values = json.require("values");
  if (values.is_present()) read_values(values.as_object(), metric);
  if (const auto thresholds = json.find("thresholds")) {
    for (const auto& [source, threshold] : thresholds->as_object().members()) {
      metric.thresholds.push_back(threshold_of(source, threshold.as_object(), metric));
    }
  }
  return metric;
}

SummaryCheck check_of(JsonObject json) {
  return {.name = json.string("name"),
          .path = json.string("path"),
          .passes = count_of(json, "passes"),
          .fails = count_of(json, "fails")};
}

namespace {

// Metrics there have their values beside each other, and no type.
bool is_summary_export(const lab::Json& json) {
  const auto metrics = json.find("metrics");
  if (metrics == json.end() || !metrics->is_object() || metrics->empty()) return false;
  return std::ranges::all_of(*metrics, [](const lab::Json& metric) {
    return metric.is_object() && !metric.contains("type") && !metric.contains("values");
  });
}

}  // namespace

bool is_summary(std::string_view text) {
  const lab::Json json = lab::Json::parse(text, nullptr, false, true);
  return json.is_object() && json.contains("metrics") && json["metrics"].is_object() &&
         !json.contains("format");
}

lab::Result<SummaryData> read_summary(std::string_view text, const std::string& name) {
  const auto json = lab::parse_json(text, name);
  if (!json) return lab::Error{name, "is broken or cut short: " + json.error().what};
  if (is_summary_export(*json)) {
    return lab::Error{name,
                      "is in the older shape, of --summary-export, which does not say what its "
                      "metrics are; give the summary file (NAME-test-summary.json), or what k6 "
                      "hands to handleSummary()"};
  }
  lab::JsonProblems problems(name, false);
  SummaryData data = read_summary_parts(JsonValue(*json, "", problems).as_object());
  if (!problems.empty()) {
    const lab::Error& first = problems.errors().front();
    return lab::Error{
        first.where,
        first.what + (problems.errors().size() > 1
                          ? " (and " + std::to_string(problems.errors().size() - 1) + " more)"
                          : "")};
  }
  return lab::Result<SummaryData>(boost::system::in_place_value, std::move(data));
}

}  // namespace loader
