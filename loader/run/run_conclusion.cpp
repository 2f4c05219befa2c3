#include "loader/run/run_conclusion.h"

#include <optional>
#include <utility>

#include "loader/run/self_doubt.h"
#include "loader/summary/summary_parts.h"

namespace loader {
namespace {

// A run that was aborted for its thresholds has said so.
void judge_crossings(RunResult& result, const std::optional<SelfDoubt>& doubt) {
  const bool is_certain =
      doubt ? is_crossed_for_certain(result.thresholds, *doubt) : result.thresholds.crossed();
  if (is_certain && result.exit_code != ExitCode::thresholds_crossed) {
    result.fail(ExitCode::thresholds_crossed, crossed_message(result.thresholds.crossed_metrics()));
  }
  if (doubt && !doubt->verdicts.empty() && result.exit_code != ExitCode::bottleneck) {
    result.fail(ExitCode::bottleneck, doubt_message(*doubt));
  }
}

}  // namespace

void conclude(RunTotals totals, const RunRules& rules, RunResult& result) {
  if (rules.evaluates_thresholds) {
    result.thresholds =
        evaluate_at_end(rules.thresholds, totals.metrics, totals.duration, rules.no_data);
  }
  std::optional<SelfDoubt> doubt;
  if (totals.strain != nullptr) {
    doubt = judge_itself(*totals.strain, {.metrics = totals.metrics,
                                          .thresholds = rules.thresholds,
                                          .report = result.thresholds,
                                          .duration = totals.duration,
                                          .time_unit = rules.time_unit});
  }
  if (rules.evaluates_thresholds) judge_crossings(result, doubt);
  SummaryOptions options;
  if (!rules.trend_stats.empty()) options.trend_stats = rules.trend_stats;
  options.time_unit = rules.time_unit;
  options.duration = totals.duration;
  options.errors = std::move(totals.errors);
  result.summary = make_summary_data(totals.metrics, result.thresholds, options);
  result.summary.iterations = totals.iterations;
  result.summary.over_time = std::move(totals.over_time);
  result.summary.self_doubt = std::move(doubt);
  if (totals.breakdown == nullptr) return;
  result.summary.parts = summary_parts(*totals.breakdown, options);
}

}  // namespace loader
