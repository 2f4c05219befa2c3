// `loader run` and `loader inspect`: from the command to the exit code, with everything that is
// shown on the way.
#pragma once

#include <iosfwd>

#include "loader/command/command_line.h"
#include "loader/run/exit_code.h"
#include "loader/suite/environment.h"

namespace loader {

/// Where a command writes, and what stands there.
struct Console {
  std::ostream& out;
  std::ostream& err;
  bool is_out_terminal = false;
  bool is_err_terminal = false;
  int columns = 80;
  /// Where a script's lines go, which have their format; null: `err`.
  std::ostream* log = nullptr;
  /// Standard error itself, for what a script writes there at its end; null: `err`.
  std::ostream* standard_error = nullptr;
};

/// Where a command writes what is for people: a file that goes to standard output has it for
/// itself.
[[nodiscard]] Console for_people(const RunCommand& command, const Console& console);

[[nodiscard]] ExitCode run_command(const RunCommand& command, const RunEnvironment& environment,
                                   Console console);

/// Shows what would be run: the plan, thresholds and checks; or, with --json, the suite's file.
[[nodiscard]] ExitCode inspect_command(const RunCommand& command, const RunEnvironment& environment,
                                       Console console);

}  // namespace loader
