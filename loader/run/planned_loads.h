// When the scenarios of a run, and the phases of those with stages, have load by their plan.
#pragma once

#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/scenarios/scenario.h"
#include "shared/base/time.h"

namespace loader {

/// As far as they had come `elapsed` after the start of the scenarios. None of a scenario whose
/// end depends on the run: a number of iterations, or a search.
[[nodiscard]] std::vector<PlannedLoad> planned_loads(const std::vector<Scenario>& scenarios,
                                                     lab::Duration elapsed);

}  // namespace loader
