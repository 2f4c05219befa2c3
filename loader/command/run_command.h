// `loader run` and `loader inspect`: from the command to the exit code, with everything that is
// shown on the way.
#pragma once

#include "loader/command/command_line.h"
#include "loader/command/console.h"
#include "loader/run/exit_code.h"
#include "loader/suite/environment.h"

namespace loader {

[[nodiscard]] ExitCode run_command(const RunCommand& command, const RunEnvironment& environment,
                                   Console console);

/// Shows what would be run: the plan, thresholds and checks; or, with --json, the suite's file.
[[nodiscard]] ExitCode inspect_command(const RunCommand& command, const RunEnvironment& environment,
                                       Console console);

}  // namespace loader
