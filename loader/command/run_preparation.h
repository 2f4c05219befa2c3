// From what the user typed to what will be run: suite, gateway, share of the load.
#pragma once

#include <string>

#include "loader/command/command_line.h"
#include "loader/run/run.h"
#include "loader/suite/environment.h"
#include "loader/suite/suite.h"
#include "loader/summary/progress.h"
#include "shared/base/error.h"

namespace loader {

struct PreparedRun {
  Suite suite;
  RunSpec spec;
  std::vector<std::string> warnings;  ///< Thresholds over what can't occur, scenarios without work.
  std::string replay{};               ///< The command as a shell takes it, to run it again.
};

/// The Error is for the user (exit code 104).
[[nodiscard]] lab::Result<PreparedRun> prepare_run(const RunCommand& command,
                                                   const RunEnvironment& environment);

/// The start block. `execution` says which world: "local", "simulated (seed 1)".
[[nodiscard]] RunPlan make_run_plan(const PreparedRun& prepared, std::string execution,
                                    std::vector<std::string> outputs);

}  // namespace loader
