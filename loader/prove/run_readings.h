// What proving needs of a run: how far each threshold is from its limit, and what the metrics came
// to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/boundary_search.h"
#include "loader/run/run.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/time.h"

namespace loader {

/// "llm_tokens_generated: avg" -> its value.
using MetricValues = std::map<std::string, double, std::less<>>;

struct ThresholdReading {
  bool is_red = false;  ///< As the run's verdict has it: for want of samples, too.
  std::optional<double> observed;
  /// How far beyond the limit, as a share of it; infinite without a value. See AlarmMargins.
  double margin = 0;
};

struct RunReadings {
  std::vector<ThresholdReading> thresholds;  ///< In the order of the suite's.
  /// Not for a threshold: aborted, given up.
  bool has_failed_otherwise = false;
  MetricValues values;
  std::uint64_t events = 0;
  double requests = 0;
  lab::Duration duration{};
};

/// Values are those of the statistics that the suite's summary has.
[[nodiscard]] RunReadings read_run(const RunResult& result, const ThresholdSet& thresholds);

/// The margin by itself. `is_red` is what the run has said.
[[nodiscard]] double margin_of(const ThresholdExpression& expression,
                               std::optional<double> observed, bool is_red);

}  // namespace loader
