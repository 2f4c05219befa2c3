// `loader report`: the forms of a summary, made of the file of a run that is over.
#pragma once

#include <string>
#include <vector>

#include "loader/command/command_line.h"
#include "loader/command/run_command.h"
#include "loader/run/exit_code.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

struct ReportCommand {
  std::string file;      ///< A summary or a run file; "-": standard input.
  RunCommand reports{};  ///< What is shown and written, as a run has it.
};

/// `arguments` are those after the command's name. Flags win over K6_… variables. The Error says
/// which flag is wrong and what it takes.
[[nodiscard]] lab::Result<ReportCommand> parse_report_command(
    const std::vector<std::string>& arguments, const lab::EnvironmentLookup& environment);

[[nodiscard]] std::vector<lab::Flag> report_flags();

/// The text of `loader report --help`.
[[nodiscard]] std::string report_usage();

/// Whatever became of the run, the exit code is about the reports: 0 if they are there.
[[nodiscard]] ExitCode report_command(const ReportCommand& command, Console console);

}  // namespace loader
