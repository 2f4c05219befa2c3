#include "loader/summary/summary_blocks.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "loader/summary/summary_format.h"

namespace loader {
namespace {

constexpr std::string_view kDrift = "llm_latency_drift";
constexpr std::string_view kDriftLow = "llm_latency_drift_low";
constexpr std::string_view kDriftHigh = "llm_latency_drift_high";

const GaugeValues* find_gauge(const SummaryData& data, std::string_view name) {
  const auto found = std::find_if(data.metrics.begin(), data.metrics.end(),
                                  [&](const SummaryMetric& metric) { return metric.name == name; });
  const bool has_value = found != data.metrics.end() && found->has_samples;
  return has_value ? std::get_if<GaugeValues>(&found->values) : nullptr;
}

// "1.5 [-0.5 … 3.5]": the least and the greatest estimate so far would be the noise of the run's
// first windows; what the reader needs is how sure the last one is.
std::vector<std::string> drift_columns(const GaugeValues& drift, const SummaryData& data) {
  const GaugeValues* const low = find_gauge(data, kDriftLow);
  const GaugeValues* const high = find_gauge(data, kDriftHigh);
  std::vector<std::string> columns{format_plain(drift.value)};
  if (low != nullptr && high != nullptr) {
    columns.push_back("[" + format_plain(low->value) + " … " + format_plain(high->value) + "]");
  }
  return columns;
}

}  // namespace

std::string_view parent_name(const SummaryMetric& metric) {
  return std::string_view(metric.name).substr(0, metric.name.find('{'));
}
bool is_submetric(const SummaryMetric& metric) {
  return parent_name(metric).size() != metric.name.size();
}

std::vector<std::string> metric_columns(const SummaryMetric& metric, const SummaryData& data,
                                        Rounding rounding) {
  const auto format = [&](double value) {
    return format_value(value, metric.kind, {data.time_unit, rounding});
  };
  if (const auto* counter = std::get_if<CounterValues>(&metric.values)) {
    const std::string rate = format(counter->rate);
    return {format(counter->count), std::isnan(counter->rate) ? rate : rate + "/s"};
  }
  if (!metric.has_samples) return {"no data"};
  if (const auto* gauge = std::get_if<GaugeValues>(&metric.values)) {
    if (metric.name == kDrift) return drift_columns(*gauge, data);
    return {format(gauge->value), "min=" + format(gauge->min), "max=" + format(gauge->max)};
  }
  if (const auto* rate = std::get_if<RateValues>(&metric.values)) {
    return {format_share(rate->rate, rounding),
            std::to_string(rate->passes) + " out of " + std::to_string(rate->passes + rate->fails)};
  }
  const auto& trend = std::get<TrendValues>(metric.values);
  std::vector<std::string> columns;
  for (const std::string& stat : data.trend_stats) {
    const double value = trend.stat(stat).value_or(std::nan(""));
    columns.push_back(stat == "count" ? format_plain(value) : format(value));
  }
  return columns;
}

SummaryBlock block_of(const SummaryMetric& metric, SummaryMode mode) {
  const std::string_view name = parent_name(metric);
  const auto builtins = builtin_metrics();
  const bool is_builtin =
      std::any_of(builtins.begin(), builtins.end(),
                  [&](const BuiltinMetric& known) { return known.name == name; });
  if (!is_builtin) return SummaryBlock::custom;
  if (name == "checks") return SummaryBlock::none;  // They have lines of their own.
  const bool is_bound = name == kDriftLow || name == kDriftHigh;
  if (is_bound && metric.thresholds.empty()) return SummaryBlock::none;  // In the drift's own line.
  if (name.starts_with("llm_")) return SummaryBlock::llm;
  if (name.starts_with("data_")) return SummaryBlock::network;
  if (!name.starts_with("http_")) return SummaryBlock::execution;
  constexpr std::array kPhases{"http_req_blocked",         "http_req_connecting",
                               "http_req_tls_handshaking", "http_req_sending",
                               "http_req_waiting",         "http_req_receiving"};
  const bool is_phase = std::find(kPhases.begin(), kPhases.end(), name) != kPhases.end();
  const bool is_hidden = is_phase && mode == SummaryMode::compact && metric.thresholds.empty();
  return is_hidden ? SummaryBlock::none : SummaryBlock::http;
}

}  // namespace loader
