// The command prove: the thresholds of a suite against broken gateways, and its reports.
#pragma once

#include "loader/command/prove_command_line.h"
#include "loader/command/run_command.h"
#include "loader/run/exit_code.h"
#include "loader/suite/environment.h"

namespace loader {

/// Shows progress and the text report, and writes the others.
[[nodiscard]] ExitCode prove_command(const ProveCommand& command, const RunEnvironment& environment,
                                     Console console);

}  // namespace loader
