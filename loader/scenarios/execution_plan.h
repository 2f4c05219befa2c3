// What a set of scenarios will need at most: VUs and time, known before the run.
#pragma once

#include <cstdint>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/ramping_vus.h"
#include "loader/scenarios/scenario.h"
#include "shared/base/time.h"

namespace loader {

/// The VUs of a closed load model; of an open one, those that stand ready from the start until the
/// last may end.
[[nodiscard]] VuPlan plan_vus(const Scenario& scenario, const ExecutionShare& share);

struct ExecutionPlan {
  std::uint64_t vus_planned = 0;  ///< The most at one instant, over all scenarios.
  std::uint64_t vus_max = 0;      ///< The same, with what open models may add (maxVUs).
  lab::Duration duration_max{};   ///< Until the last iteration may end, graceful stop included.
};

[[nodiscard]] ExecutionPlan plan_execution(const std::vector<Scenario>& scenarios,
                                           const ExecutionShare& share);

}  // namespace loader
