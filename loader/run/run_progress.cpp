#include "loader/run/run_progress.h"

#include <algorithm>
#include <cassert>
#include <string>

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

// `elapsed` is since the scenario's own start; negative before.
ScenarioProgress make_scenario_progress(const Scenario& scenario, const ScenarioReport& report,
                                        lab::Duration elapsed) {
  const lab::Duration total = regular_duration(scenario.model);
  const lab::Duration shown = std::clamp(elapsed, lab::Duration::zero(), total);
  const ScenarioCounts& counts = report.counts;
  ScenarioProgress progress;
  progress.name = scenario.name;
  progress.status = status_of(report.state);
  // Once it is over none is left; what tells more is how many it took.
  const bool is_over =
      report.state == ScenarioState::done || report.state == ScenarioState::interrupted;
  progress.columns.push_back(std::to_string(is_over ? report.vus_most : report.vus) + " VUs");
  progress.columns.push_back(progress_time(shown, total));
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

}  // namespace

RunProgress make_progress(const std::vector<Scenario>& scenarios, const PartReport& report,
                          const ExecutionPlan& plan, lab::Duration elapsed) {
  assert(scenarios.size() == report.scenarios.size());
  RunProgress progress;
  progress.elapsed = elapsed;
  progress.duration_max = plan.duration_max;
  progress.vus = report.active_vus;
  progress.vus_max = std::max(report.vus, plan.vus_planned);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    const ScenarioReport& of_scenario = report.scenarios[i];
    progress.complete += of_scenario.counts.completed;
    progress.interrupted += of_scenario.counts.interrupted;
    progress.scenarios.push_back(
        make_scenario_progress(scenarios[i], of_scenario, elapsed - scenarios[i].start_time));
  }
  return progress;
}

}  // namespace loader
