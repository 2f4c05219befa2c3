#include "loader/run/part_report.h"

#include <array>
#include <cassert>

namespace loader {
namespace {

ScenarioState least_far(ScenarioState a, ScenarioState b) {
  constexpr std::array kOrder{ScenarioState::running, ScenarioState::stopping,
                              ScenarioState::waiting, ScenarioState::interrupted};
  for (const ScenarioState state : kOrder) {
    if (a == state || b == state) return state;
  }
  return ScenarioState::done;
}

ScenarioReport sum_of(const ScenarioReport& a, const ScenarioReport& b) {
  return {.state = least_far(a.state, b.state),
          .counts = {.started = a.counts.started + b.counts.started,
                     .completed = a.counts.completed + b.counts.completed,
                     .interrupted = a.counts.interrupted + b.counts.interrupted,
                     .failed = a.counts.failed + b.counts.failed,
                     .dropped = a.counts.dropped + b.counts.dropped},
          .vus = a.vus + b.vus,
          .vus_most = a.vus_most + b.vus_most,
          .active_most = a.active_most + b.active_most};
}

}  // namespace

PartReport sum_of(const PartReport& a, const PartReport& b) {
  assert(a.scenarios.size() == b.scenarios.size());
  PartReport sum;
  sum.vus = a.vus + b.vus;
  sum.active_vus = a.active_vus + b.active_vus;
  sum.has_failed = a.has_failed || b.has_failed;
  sum.held_by_outputs = a.held_by_outputs + b.held_by_outputs;
  for (std::size_t i = 0; i < a.scenarios.size(); ++i) {
    sum.scenarios.push_back(sum_of(a.scenarios[i], b.scenarios[i]));
  }
  return sum;
}

}  // namespace loader
