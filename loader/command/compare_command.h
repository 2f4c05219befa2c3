// `loader compare`: from the files of two runs to what is worse in one of them.
#pragma once

#include "loader/command/compare_command_line.h"
#include "loader/command/run_command.h"
#include "loader/run/exit_code.h"

namespace loader {

[[nodiscard]] ExitCode compare_command(const CompareCommand& command, Console console);

}  // namespace loader
