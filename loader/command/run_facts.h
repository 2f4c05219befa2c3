// What a run was, for its summary.
#pragma once

#include "loader/command/command_line.h"
#include "loader/command/run_preparation.h"
#include "loader/summary/summary_data.h"
#include "loader/world/world.h"
#include "shared/base/time.h"

namespace loader {

/// But for how it ended. Of a world whose runs can be repeated nothing is told that another machine
/// would tell otherwise.
[[nodiscard]] RunFacts run_facts(const PreparedRun& prepared, const RunCommand& command,
                                 const World& world, lab::WallTime started);

}  // namespace loader
