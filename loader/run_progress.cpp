#include "loader/run_progress.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <type_traits>

namespace loader {
namespace {

ScenarioStatus status_of(ScenarioState state) {
  switch (state) {
    case ScenarioState::waiting:
      return ScenarioStatus::waiting;
    case ScenarioState::running:
      return ScenarioStatus::running;
    case ScenarioState::stopping:
      return ScenarioStatus::stopping;
    case ScenarioState::interrupted:
      return ScenarioStatus::interrupted;
    case ScenarioState::done:
      return ScenarioStatus::done;
  }
  return ScenarioStatus::done;
}

std::uint64_t iterations_of(const LoadModel& model) {
  if (const auto* shared = std::get_if<SharedIterations>(&model)) return shared->iterations;
  if (const auto* each = std::get_if<PerVuIterations>(&model)) return each->iterations * each->vus;
  return 0;
}

double share_of(lab::Duration elapsed, lab::Duration total) {
  if (total <= lab::Duration::zero()) return 1;
  return std::clamp(lab::to_seconds(elapsed) / lab::to_seconds(total), 0.0, 1.0);
}

}  // namespace

ScenarioProgress make_scenario_progress(const Scenario& scenario, ScenarioState state,
                                        const ScenarioCounts& counts, std::uint64_t vus,
                                        lab::Duration elapsed) {
  const lab::Duration total = regular_duration(scenario.model);
  const lab::Duration shown = std::clamp(elapsed, lab::Duration::zero(), total);
  ScenarioProgress progress;
  progress.name = scenario.name;
  progress.status = status_of(state);
  progress.columns = {std::to_string(vus) + " VUs", progress_time(shown, total)};
  const std::uint64_t iterations = iterations_of(scenario.model);
  if (iterations > 0) {
    // Their end is a number of iterations, not an instant.
    const std::uint64_t ended = counts.completed + counts.interrupted + counts.failed;
    progress.fraction = std::min(1.0, static_cast<double>(ended) / static_cast<double>(iterations));
    progress.columns.push_back(std::to_string(ended) + "/" + std::to_string(iterations) + " iters");
  } else {
    progress.fraction = share_of(shown, total);
  }
  if (counts.dropped > 0) progress.columns.push_back(std::to_string(counts.dropped) + " dropped");
  return progress;
}

RunProgress make_progress(const std::deque<ScenarioRunner>& scenarios,
                          const ProgressMoment& moment) {
  RunProgress progress;
  progress.elapsed = moment.now - moment.started;
  progress.duration_max = moment.plan.duration_max;
  progress.vus = moment.vus;
  progress.vus_max = std::max(moment.vus, moment.plan.vus_planned);
  for (const ScenarioRunner& runner : scenarios) {
    const ScenarioCounts& counts = runner.counts();
    progress.complete += counts.completed;
    progress.interrupted += counts.interrupted;
    progress.scenarios.push_back(make_scenario_progress(runner.scenario(), runner.state(), counts,
                                                        runner.vus(), moment.now - runner.start()));
  }
  return progress;
}

}  // namespace loader
