#include "loader/compare/run_figures.h"

#include <array>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "loader/summary/summary_parts.h"

namespace loader {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kDuration = "http_req_duration";
constexpr std::string_view kExpected = "http_req_duration{expected_response:true}";
constexpr std::string_view kFirstToken = "llm_time_to_first_token";
constexpr std::string_view kInterToken = "llm_inter_token_latency";

double statistic(const SummaryMetric* metric, std::initializer_list<std::string_view> names) {
  // Of names the first that there is counts.
  const auto* const trend = metric == nullptr ? nullptr : std::get_if<TrendValues>(&metric->values);
  if (trend == nullptr || !metric->has_samples) return kNone;
  for (const std::string_view name : names) {
    for (const auto& [known, value] : trend->stats) {
      if (known == name) return value;
    }
  }
  return kNone;
}

void add_trend(Figures& figures, const SummaryMetric* metric, const std::array<Measure, 3>& of) {
  figures[place_of(of[0])] = statistic(metric, {"p(50)", "med"});
  figures[place_of(of[1])] = statistic(metric, {"p(95)"});
  figures[place_of(of[2])] = statistic(metric, {"p(99)"});
}

const CounterValues* counter_of(const SummaryData& summary, std::string_view name) {
  const SummaryMetric* const metric = find_metric(summary.metrics, name);
  return metric == nullptr ? nullptr : std::get_if<CounterValues>(&metric->values);
}

const RateValues* rate_of(const SummaryData& summary, std::string_view name) {
  const SummaryMetric* const metric = find_metric(summary.metrics, name);
  const auto* const rate = metric == nullptr ? nullptr : std::get_if<RateValues>(&metric->values);
  return rate != nullptr && rate->passes + rate->fails > 0 ? rate : nullptr;
}

}  // namespace

Figures metric_figures(const SummaryData& summary) {
  Figures figures = no_figures();
  const auto set = [&figures](Measure measure, double value) {
    figures[place_of(measure)] = value;
  };
  if (const RateValues* const failed = rate_of(summary, "http_req_failed")) {
    set(Measure::failed, failed->rate);
  }
  const SummaryMetric* duration = find_metric(summary.metrics, kExpected);
  if (duration == nullptr) duration = find_metric(summary.metrics, kDuration);
  set(Measure::duration_avg, statistic(duration, {"avg"}));
  add_trend(figures, duration,
            {Measure::duration_p50, Measure::duration_p95, Measure::duration_p99});
  add_trend(figures, find_metric(summary.metrics, kFirstToken),
            {Measure::ttft_p50, Measure::ttft_p95, Measure::ttft_p99});
  add_trend(figures, find_metric(summary.metrics, kInterToken),
            {Measure::itl_p50, Measure::itl_p95, Measure::itl_p99});
  const CounterValues* const iterations = counter_of(summary, "iterations");
  const CounterValues* const dropped = counter_of(summary, "dropped_iterations");
  if (iterations != nullptr) set(Measure::iterations_per_second, iterations->rate);
  const double due =
      (iterations != nullptr ? iterations->count : 0) + (dropped != nullptr ? dropped->count : 0);
  if (due > 0) set(Measure::dropped, (dropped != nullptr ? dropped->count : 0) / due);
  if (const auto* const requests = counter_of(summary, "http_reqs")) {
    const RateValues* const failed = rate_of(summary, "http_req_failed");
    set(Measure::successes_per_second,
        requests->rate * (1 - (failed != nullptr ? failed->rate : 0)));
  }
  if (const auto* const tokens = counter_of(summary, "llm_total_tokens")) {
    set(Measure::tokens_per_second, tokens->rate);
  }
  const CheckTotals checks = check_totals(summary);
  if (checks.passes + checks.fails > 0) {
    set(Measure::checks_failed, checks.fails / (checks.passes + checks.fails));
  }
  return figures;
}

CheckTotals check_totals(const SummaryData& summary) {
  const RateValues* const checks = rate_of(summary, "checks");
  if (checks == nullptr) return {};
  return {.passes = static_cast<double>(checks->passes),
          .fails = static_cast<double>(checks->fails)};
}

}  // namespace loader
