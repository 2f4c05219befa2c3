#include "loader/run/planned_loads.h"

#include <algorithm>
#include <string>
#include <variant>

namespace loader {
namespace {

bool has_planned_end(const LoadModel& model) {
  return !std::holds_alternative<SharedIterations>(model) &&
         !std::holds_alternative<PerVuIterations>(model) &&
         !std::holds_alternative<SaturationSearch>(model);
}

}  // namespace

std::vector<PlannedLoad> planned_loads(const std::vector<Scenario>& scenarios,
                                       lab::Duration elapsed) {
  std::vector<PlannedLoad> loads;
  for (const Scenario& scenario : scenarios) {
    if (!has_planned_end(scenario.model)) continue;
    std::vector<lab::Duration> ends = phase_ends(scenario.model);
    if (ends.empty()) ends = {regular_duration(scenario.model)};
    const std::vector<std::string> phases = phase_names(scenario.model);
    lab::Duration from{};
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const TimeSpan span{scenario.start_time + from,
                          std::min(scenario.start_time + ends[i], elapsed)};
      from = ends[i];
      if (span.from >= span.to) continue;
      loads.push_back({.scenario = scenario.name,
                       .phase = phases.empty() ? std::string() : phases[i],
                       .span = span});
    }
  }
  return loads;
}

}  // namespace loader
