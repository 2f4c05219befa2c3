// Thresholds over the metrics of a run: verdicts while it goes on and at its end, and whether to
// abort it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/thresholds/threshold_expression.h"
#include "shared/base/time.h"

namespace loader {

struct Threshold {
  ThresholdExpression expression{};
  bool abort_on_fail = false;
  /// How long after the start a failure may abort the run at the earliest.
  std::optional<lab::Duration> delay_abort_eval{};
};

/// The thresholds of one metric or sub-metric.
struct MetricThresholds {
  MetricId metric{};
  std::vector<Threshold> thresholds{};
};
using ThresholdSet = std::vector<MetricThresholds>;

/// How often thresholds are evaluated during a run, as in k6.
inline constexpr lab::Duration kThresholdInterval = std::chrono::seconds(2);

/// A threshold on `metric` ("http_req_duration{status:200}"), declaring the sub-metric in
/// `registry`. The Error is for the user (exit code 104): an unknown metric, a malformed
/// expression, an aggregation that the metric's type lacks.
[[nodiscard]] lab::Result<void> add_threshold(ThresholdSet& set, MetricRegistry& registry,
                                              std::string_view metric, std::string_view expression,
                                              bool abort_on_fail = false,
                                              std::optional<lab::Duration> delay_abort_eval = {});

enum class Verdict { pass, fail, no_data };
/// "pass", "fail", "no data".
[[nodiscard]] std::string_view to_string(Verdict verdict);
/// What a threshold without samples means for the run: `pass` is k6's way (a rate passes, others
/// compare with 0).
enum class NoDataPolicy { fail, pass };

struct ThresholdResult {
  std::string source{};
  std::string aggregation{};         ///< "p(95)", for the line that shows the value.
  std::optional<double> observed{};  ///< None without samples.
  Verdict verdict = Verdict::pass;
  bool crossed = false;  ///< Fails the run: `fail`, or `no_data` where the policy says so.
};

struct MetricVerdict {
  MetricId metric{};
  std::string name{};
  std::vector<ThresholdResult> results{};
  [[nodiscard]] bool crossed() const;
};

struct ThresholdReport {
  std::vector<MetricVerdict> metrics{};  ///< In the order of the set.
  bool abort = false;                    ///< A failure with abortOnFail whose delay is over.
  [[nodiscard]] bool crossed() const { return !crossed_metrics().empty(); }
  /// Names of the metrics with a crossed threshold, sorted.
  [[nodiscard]] std::vector<std::string> crossed_metrics() const;
};

/// The state `elapsed` after the run's start, over everything measured so far. Metrics without
/// samples have no say yet.
[[nodiscard]] ThresholdReport evaluate_during_run(const ThresholdSet& set, const Metrics& metrics,
                                                  lab::Duration elapsed);
/// The final verdict. A counter without samples is zero, which is data ("dropped_iterations:
/// count<1"); anything else without samples is `no_data`, which
/// has no say of a drift in a run too short to measure one.
[[nodiscard]] ThresholdReport evaluate_at_end(const ThresholdSet& set, const Metrics& metrics,
                                              lab::Duration elapsed, NoDataPolicy policy);

/// "thresholds on metrics 'a, b' have been crossed"
[[nodiscard]] std::string crossed_message(std::span<const std::string> metrics);
/// "thresholds on metrics 'a, b' were crossed; at least one has abortOnFail enabled, stopping test
/// prematurely"
[[nodiscard]] std::string abort_message(std::span<const std::string> metrics);

}  // namespace loader
