// The end of a run: the verdict on what was measured, and its summary. The same for the threads of
// one process and for the merged parts of several.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/breakdown.h"
#include "loader/metrics/metrics.h"
#include "loader/metrics/over_time.h"
#include "loader/run/run_result.h"
#include "loader/run/strain.h"
#include "loader/summary/summary_data.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/time.h"

namespace loader {

/// How a run is judged and shown.
struct RunRules {
  ThresholdSet thresholds{};
  bool evaluates_thresholds = true;
  NoDataPolicy no_data = NoDataPolicy::fail;
  std::vector<std::string> trend_stats{};  ///< Empty: k6's.
  std::string time_unit{};
};

/// All that was measured.
struct RunTotals {
  const Metrics& metrics;
  lab::Duration duration{};
  std::vector<ErrorTally> errors{};
  std::optional<IterationTotals> iterations{};  ///< None: the scenarios never began.
  const Breakdown* breakdown = nullptr;         ///< Null: the summary has no parts.
  std::optional<OverTime> over_time{};          ///< None: it does not tell what happened when.
  const Strain* strain = nullptr;               ///< Null: nobody has watched the loader itself.
};

/// Sets verdict and summary of a result. A threshold that was crossed for certain fails it; else
/// one whose verdict hangs on the loader's own lateness makes it invalid.
void conclude(RunTotals totals, const RunRules& rules, RunResult& result);

}  // namespace loader
