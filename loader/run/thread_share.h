// What each of a run's threads carries out: its share of the virtual users of every scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/scenario.h"
#include "loader/scenarios/scenario_share.h"

namespace loader {

struct ThreadShare {
  ExecutionShare vus;  ///< Their numbers, which no other thread's have.
  /// By scenario; none where the thread has no part in it.
  std::vector<std::optional<ScenarioShare>> scenarios;
};

/// `share` split among at most `threads`, at least one. A scenario of fewer VUs than threads is
/// that many threads' affair, and not always the same ones'; so each thread has something to do.
[[nodiscard]] std::vector<ThreadShare> share_among_threads(const std::vector<Scenario>& scenarios,
                                                           const ExecutionShare& share,
                                                           std::uint64_t threads);

}  // namespace loader
