// The command experiment: files of cases with expectations, run in virtual time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "loader/command/run_command.h"
#include "loader/run/exit_code.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

struct ExperimentCommand {
  std::vector<std::string> files;  ///< Or built-in experiments; at least one.
  std::string json;                ///< A file; empty: none, "-": standard output.
  std::optional<unsigned> threads;
  bool no_color = false;
};

/// `arguments` are those after the command's name. The Error says which flag is wrong.
[[nodiscard]] lab::Result<ExperimentCommand> parse_experiment_command(
    const std::vector<std::string>& arguments);
/// The table that they are read by.
[[nodiscard]] std::span<const lab::Flag> experiment_flags();
/// The text of `loader experiment --help`.
[[nodiscard]] std::string experiment_usage();

/// Exit code 0 if all is as expected, 120 if not. The process's environment plays no part.
[[nodiscard]] ExitCode experiment_command(const ExperimentCommand& command, Console console);

}  // namespace loader
