// What a run leaves of itself for whoever puts the parts of it together that several processes have
// carried out: everything that a verdict and a summary need, as plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/metric_drift.h"
#include "loader/metrics/metrics_record.h"
#include "loader/metrics/over_time.h"
#include "loader/run/run_ticks.h"
#include "loader/run/strain.h"
#include "loader/scenarios/scenario_core.h"
#include "loader/summary/summary_data.h"
#include "shared/base/time.h"

namespace loader {

struct ScenarioRecord {
  std::string name{};
  ScenarioCounts counts{};
};

struct RunRecord {
  /// None: they never began.
  std::optional<lab::WallTime> scenarios_started{};
  lab::Duration setup{};     ///< From the run's start to that of the scenarios.
  lab::Duration duration{};  ///< Of the whole run, teardown included; not what it has waited.
  bool is_whole = false;     ///< The scenarios have come to their end by themselves.
  std::vector<ScenarioRecord> scenarios{};
  std::vector<TickStretch> ticks{};
  RunTick most{};           ///< Of a run that is over before its first tick.
  MetricsRecord metrics{};  ///< But those that ticks tell.
  LatencyDrift drift{};
  StrainRecord strain{};  ///< Empty where nobody has watched.
  std::vector<ErrorTally> errors{};
  std::vector<PartRecord> parts{};
  std::optional<OverTime> over_time{};  ///< If windows were kept.
};

}  // namespace loader
