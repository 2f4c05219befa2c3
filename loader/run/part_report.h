// What one thread's part of a run is doing, as values that can be added up over threads.
#pragma once

#include <cstdint>
#include <vector>

#include "loader/scenarios/scenario_core.h"
#include "shared/base/time.h"

namespace loader {

struct ScenarioReport {
  ScenarioState state = ScenarioState::waiting;
  ScenarioCounts counts{};
  std::uint64_t vus = 0;  ///< That now stand by or run.
  std::uint64_t vus_most = 0;
  std::uint64_t active_most = 0;  ///< Of those that counted as active.
};

struct PartReport {
  std::uint64_t vus = 0;            ///< Over all scenarios: those that stand by or run.
  std::uint64_t active_vus = 0;     ///< Of these, what k6's `vus` counts.
  bool has_failed = false;          ///< A flow could not be carried out; the run is to end.
  lab::Duration held_by_outputs{};  ///< The thread waited so long for them.
  std::vector<ScenarioReport> scenarios;
};

/// The sum of two parts of one run. A scenario is as far as the part of it that has come least far.
[[nodiscard]] PartReport sum_of(const PartReport& a, const PartReport& b);

}  // namespace loader
