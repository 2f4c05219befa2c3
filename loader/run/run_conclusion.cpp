#include "loader/run/run_conclusion.h"

#include <utility>

#include "loader/summary/summary_parts.h"

namespace loader {

void conclude(RunTotals totals, const RunRules& rules, RunResult& result) {
  if (rules.evaluates_thresholds) {
    result.thresholds =
        evaluate_at_end(rules.thresholds, totals.metrics, totals.duration, rules.no_data);
    // A run that was aborted for its thresholds has said so.
    if (result.thresholds.crossed() && result.exit_code != ExitCode::thresholds_crossed) {
      result.fail(ExitCode::thresholds_crossed,
                  crossed_message(result.thresholds.crossed_metrics()));
    }
  }
  SummaryOptions options;
  if (!rules.trend_stats.empty()) options.trend_stats = rules.trend_stats;
  options.time_unit = rules.time_unit;
  options.duration = totals.duration;
  options.errors = std::move(totals.errors);
  result.summary = make_summary_data(totals.metrics, result.thresholds, options);
  result.summary.over_time = std::move(totals.over_time);
  if (totals.breakdown == nullptr) return;
  result.summary.parts = summary_parts(*totals.breakdown, options);
  result.summary.distributions = summary_distributions(totals.metrics);
}

}  // namespace loader
