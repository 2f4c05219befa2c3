// What a run's scenarios are doing, as the values that the progress lines show.
#pragma once

#include <vector>

#include "loader/run/part_report.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/scenarios/scenario.h"
#include "loader/summary/progress.h"
#include "shared/base/time.h"

namespace loader {

/// `elapsed` is since the start of the scenarios; `report` is of all threads, in the order of
/// `scenarios`.
[[nodiscard]] RunProgress make_progress(const std::vector<Scenario>& scenarios,
                                        const PartReport& report, const ExecutionPlan& plan,
                                        lab::Duration elapsed);

}  // namespace loader
