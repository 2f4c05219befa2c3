// Where a command writes, and what is for people alone.
#pragma once

#include <functional>
#include <iosfwd>
#include <string_view>

#include "loader/command/command_line.h"
#include "loader/run/exit_code.h"
#include "loader/script/script_log.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

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

/// "KIND: TEXT" in a line of its own. Control characters, which may be in names of files and in
/// what servers and scripts say, are replaced, but for line ends and tabs.
void tell(std::ostream& out, std::string_view kind, std::string_view text);
/// Says why a command does not what it was told; gives back the code.
ExitCode refuse(const Console& console, const lab::Error& error,
                ExitCode code = ExitCode::invalid_configuration);

/// A line of a script, in the form that the command asks for; `started` is the run's.
void show_script_line(const RunCommand& command, const Console& console, const ScriptLogLine& line,
                      lab::WallTime started);
/// What a script's init code says before there is a run. Both outlive it.
[[nodiscard]] std::function<void(const ScriptLogLine&)> log_of_init_code(const RunCommand& command,
                                                                         const Console& console);

}  // namespace loader
