// `loader merge`: from the files of a run's parts to one verdict.
#pragma once

#include "loader/command/merge_command_line.h"
#include "loader/command/run_command.h"
#include "loader/run/exit_code.h"

namespace loader {

[[nodiscard]] ExitCode merge_command(const MergeCommand& command, Console console);

}  // namespace loader
