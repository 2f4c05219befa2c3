// What of a scenario's load belongs to one instance, or to one of its threads.
#pragma once

#include <cstdint>
#include <optional>

#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/scenario.h"

namespace loader {

struct ScenarioShare {
  ExecutionShare vus;
  /// Of the iterations that its VUs share, or of the arrivals: where VUs don't divide evenly among
  /// segments, an instance has as much of them as it has VUs.
  ExecutionShare starts;

  /// One thread's, of `parts`.
  [[nodiscard]] ScenarioShare split(std::uint64_t part, std::uint64_t parts) const {
    return {vus.split(part, parts), starts.split(part, parts)};
  }
};

/// `share` is an instance's. None if none of the scenario's VUs or iterations belongs to it.
[[nodiscard]] std::optional<ScenarioShare> scenario_share(const LoadModel& model,
                                                          const ExecutionShare& share);

/// All iterations of a model that counts them; none if it goes by time.
[[nodiscard]] std::optional<std::uint64_t> counted_iterations(const LoadModel& model,
                                                              const ScenarioShare& share);

}  // namespace loader
