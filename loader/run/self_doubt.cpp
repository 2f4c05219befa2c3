#include "loader/run/self_doubt.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "loader/run/value_error.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

LatenessFigures figures_of(const Trend& trend) {
  return {.samples = trend.count(),
          .p50 = trend.percentile(50),
          .p95 = trend.percentile(95),
          .p99 = trend.percentile(99),
          .max = trend.max()};
}

bool is_late(const Trend& lateness) {
  if (lateness.max() >= kLateMax) return true;
  if (lateness.percentile(99) < kLateP99) return false;
  return share_above(lateness, kLateP99) * static_cast<double>(lateness.count()) >= kLateTimes;
}

/// Puts numbers into words.
class Words {
 public:
  explicit Words(std::string time_unit) : time_unit_(std::move(time_unit)) {}
  [[nodiscard]] std::string time(double ms) const { return format_milliseconds(ms, time_unit_); }
  [[nodiscard]] std::string time(lab::Duration duration) const {
    return time(lab::to_milliseconds(duration));
  }
  // "late by 12ms (p(99)), 48ms at most"
  [[nodiscard]] std::string lateness(const LatenessFigures& late) const {
    return time(late.p99) + " (p(99)), " + time(late.max) + " at most";
  }

 private:
  std::string time_unit_;
};

std::string whole_percent(double share) { return format_plain(std::round(share * 100)) + " %"; }

// ---- What happened, and why

// From these shares on something counts as a reason.
constexpr double kReadyShare = 0.05;
constexpr double kStolenShare = 0.02;
constexpr double kHeldShare = 0.01;

std::string reason_of(const SelfFigures& figures, lab::Duration watched, const Words& words) {
  std::vector<std::string> reasons;
  if (figures.throttled.value_or(lab::Duration{}) > lab::Duration::zero()) {
    reasons.push_back("the CPU quota of its control group held it back for " +
                      words.time(*figures.throttled));
  }
  if (figures.machine_stolen.value_or(0) >= kStolenShare) {
    reasons.push_back("the hypervisor gave " + whole_percent(*figures.machine_stolen) +
                      " of the machine's time to others");
  }
  if (figures.ready_share >= kReadyShare) {
    reasons.push_back("a load thread waited for a CPU " + whole_percent(figures.ready_share) +
                      " of the time");
  }
  if (figures.machine_idle.value_or(1) < kIdleShareMin) {
    reasons.push_back("the machine's CPUs idled " + whole_percent(*figures.machine_idle) +
                      " of the time");
  }
  if (figures.busiest_thread >= kBusyShare) {
    reasons.push_back("a load thread computed " + whole_percent(figures.busiest_thread) +
                      " of the time");
  }
  if (lab::to_seconds(figures.held_by_outputs) >= kHeldShare * lab::to_seconds(watched)) {
    reasons.push_back("outputs held the load's threads for " + words.time(figures.held_by_outputs));
  }
  if (reasons.empty()) {
    return "why: it was not the CPU; something stopped the process, or a piece of work took that "
           "long";
  }
  std::string text = "why: ";
  for (const std::string& reason : reasons) text += (text.size() > 5 ? "; " : "") + reason;
  return text;
}

// What a user of a summary looks at first.
constexpr std::array kShownErrors{
    BuiltinMetrics::http_req_duration,       BuiltinMetrics::http_req_waiting,
    BuiltinMetrics::llm_time_to_first_token, BuiltinMetrics::llm_inter_token_latency,
    BuiltinMetrics::llm_response_time,       BuiltinMetrics::iteration_duration};

std::vector<std::string> errors_shown(const ValueErrors& errors, const Metrics& metrics,
                                      const Words& words) {
  std::vector<std::string> lines;
  for (const MetricId id : kShownErrors) {
    const Trend& trend = metrics.trend(id);
    if (trend.count() == 0) continue;
    std::string line = "not to be trusted: " + metrics.registry().info(id).name;
    const char* separator = " ";
    for (const double percent : {50.0, 95.0, 99.0}) {
      const ThresholdExpression wanted{
          .aggregation = Aggregation::percentile, .percent = percent, .source = {}};
      const double value = trend.percentile(percent);
      line += std::exchange(separator, ", ") + aggregation_key(wanted) + "=" + words.time(value) +
              " ±" + words.time(errors.range(wanted, id, value).high - value);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

class Judge {
 public:
  Judge(const Strain& strain, const JudgedRun& run)
      : strain_(strain), run_(run), words_(run.time_unit) {
    SelfFigures& figures = doubt_.figures;
    figures = {.reads = figures_of(strain.reads),
               .timers = figures_of(strain.timers),
               .starts = figures_of(run.metrics.trend(BuiltinMetrics::iteration_start_delay)),
               .busiest_thread = strain.busiest_thread,
               .ready_share = strain.ready_share,
               .cpus = strain.cpus,
               .machine_idle = strain.machine_idle,
               .machine_stolen = strain.machine_stolen,
               .throttled = strain.throttled,
               .held_by_outputs = strain.held_by_outputs,
               .late_drops = strain.late_drops};
  }

  SelfDoubt judge() {
    find_lateness();
    find_late_starts();
    find_busy_threads();
    find_late_drops();
    // What follows moves nothing that could be put in numbers.
    if (!doubt_.findings.empty()) find_verdicts();
    find_shared_machine();
    return std::move(doubt_);
  }

 private:
  void find_lateness() {
    const SelfFigures& figures = doubt_.figures;
    if (!is_late(strain_.reads) && !is_late(strain_.timers)) return;
    errors_.is_late = true;
    DoubtFinding& finding = add(
        "late", "the loader was late: what came waited " + words_.lateness(figures.reads) +
                    ", until it was read; timers ran late by " + words_.lateness(figures.timers));
    finding.details.push_back(reason_of(figures, strain_.watched, words_));
    for (std::string& line : errors_shown(errors_, run_.metrics, words_)) {
      finding.details.push_back(std::move(line));
    }
  }

  void find_late_starts() {
    if (!is_late(run_.metrics.trend(BuiltinMetrics::iteration_start_delay))) return;
    add("starts", "iterations started late by " + words_.lateness(doubt_.figures.starts))
        .details.emplace_back(
            "the gateway has met another load than was asked for: arrivals that came in a bunch");
  }

  void find_busy_threads() {
    if (strain_.watched < kWatchedMin || strain_.busiest_thread < kBusyShare) return;
    errors_.is_busy = true;
    add("busy", "a load thread computed " + whole_percent(strain_.busiest_thread) + " of the time")
        .details.emplace_back(
            "it had no more load to give: rates are the loader's limit, if not the gateway's; "
            "--threads takes more CPUs");
  }

  void find_late_drops() {
    if (strain_.late_drops == 0) return;
    const double all = run_.metrics.counter(BuiltinMetrics::dropped_iterations).sum;
    add("drops", std::to_string(strain_.late_drops) + " of " + format_plain(all) +
                     " dropped iterations were dropped while the loader was late")
        .details.emplace_back(
            "it, and not the gateway, may have kept the virtual users busy that were missing");
  }

  void find_shared_machine() {
    const bool is_full = strain_.machine_idle.value_or(1) < kIdleShareMin;
    if (!strain_.shares_machine || !is_full || strain_.watched < kWatchedMin) return;
    add("shared_machine", "the gateway is on this machine, whose CPUs idled " +
                              whole_percent(*strain_.machine_idle) + " of the time")
        .details.emplace_back(
            "its times are those of a gateway that shares its CPUs with the load");
  }

  DoubtFinding& add(std::string kind, std::string text) {
    return doubt_.findings.emplace_back(
        DoubtFinding{.kind = std::move(kind), .text = std::move(text)});
  }

  void find_verdicts() {
    for (std::size_t i = 0; i < run_.report.metrics.size(); ++i) {
      const MetricVerdict& verdict = run_.report.metrics[i];
      for (std::size_t j = 0; j < verdict.results.size(); ++j) {
        judge_verdict(run_.thresholds[i].thresholds[j].expression, verdict, verdict.results[j]);
      }
    }
  }

  void judge_verdict(const ThresholdExpression& expression, const MetricVerdict& verdict,
                     const ThresholdResult& result) {
    if (!result.observed || !run_.metrics.has_samples(verdict.metric)) return;
    const ValueRange range = errors_.range(expression, verdict.metric, *result.observed);
    if (!could_be_otherwise(expression, *result.observed, range)) return;
    doubt_.verdicts.push_back({.metric = verdict.name,
                               .source = result.source,
                               .observed = *result.observed,
                               .low = range.low,
                               .high = range.high,
                               .text = text_of(expression, verdict, *result.observed, range)});
  }

  [[nodiscard]] std::string text_of(const ThresholdExpression& expression,
                                    const MetricVerdict& verdict, double observed,
                                    const ValueRange& range) const {
    const MetricInfo& info = run_.metrics.registry().info(verdict.metric);
    const std::string aggregation = aggregation_key(expression);
    const auto words = [&](double value) {
      return format_observed(value, aggregation, info.type, info.kind, run_.time_unit);
    };
    return verdict.name + " '" + expression.source + "': " + aggregation + "=" + words(observed) +
           ", which may as well have been " +
           (std::isfinite(range.high) ? words(range.low) + " to " + words(range.high)
                                      : words(range.low) + " or more");
  }

  const Strain& strain_;
  const JudgedRun& run_;
  Words words_;
  ValueErrors errors_{strain_, run_.metrics, run_.duration};
  SelfDoubt doubt_;
};

}  // namespace

SelfDoubt judge_itself(const Strain& strain, const JudgedRun& run) {
  return Judge(strain, run).judge();
}

bool is_crossed_for_certain(const ThresholdReport& report, const SelfDoubt& doubt) {
  const auto is_doubtful = [&doubt](const MetricVerdict& metric, const ThresholdResult& result) {
    return std::ranges::any_of(doubt.verdicts, [&](const DoubtfulVerdict& verdict) {
      return verdict.metric == metric.name && verdict.source == result.source;
    });
  };
  return std::ranges::any_of(report.metrics, [&](const MetricVerdict& metric) {
    return std::ranges::any_of(metric.results, [&](const ThresholdResult& result) {
      return result.crossed && !is_doubtful(metric, result);
    });
  });
}

std::string doubt_message(const SelfDoubt& doubt) {
  std::string text = "the loader itself was the bottleneck, and verdicts hang on it: ";
  for (const DoubtfulVerdict& verdict : doubt.verdicts) {
    text += (&verdict == &doubt.verdicts.front() ? "" : "; ") + verdict.text;
  }
  return text;
}

}  // namespace loader
