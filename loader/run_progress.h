// What a run's scenarios are doing, as the values that the progress lines show.
#pragma once

#include <deque>

#include "loader/execution_plan.h"
#include "loader/progress.h"
#include "loader/scenario_runner.h"
#include "shared/base/time.h"

namespace loader {

struct ProgressMoment {
  lab::TimePoint now{};
  lab::TimePoint started{};  ///< Of the scenarios.
  std::uint64_t vus = 0;
  ExecutionPlan plan{};
};

[[nodiscard]] RunProgress make_progress(const std::deque<ScenarioRunner>& scenarios,
                                        const ProgressMoment& moment);

/// The bar of one scenario, `elapsed` after its start (negative before).
[[nodiscard]] ScenarioProgress make_scenario_progress(const Scenario& scenario, ScenarioState state,
                                                      const ScenarioCounts& counts,
                                                      std::uint64_t vus, lab::Duration elapsed);

}  // namespace loader
