// What is left of a run: the summary on the terminal, and files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "loader/command_line.h"
#include "loader/run/run.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// A file to be written: its path and its content.
using ReportFile = std::pair<std::string, std::string>;

/// The files that a run leaves: always NAME-test-summary.json, and those that flags ask for.
/// `started` is for files that say when the run was.
[[nodiscard]] std::vector<ReportFile> report_files(const RunResult& result,
                                                   const std::string& suite_name,
                                                   const RunCommand& command,
                                                   lab::WallTime started);

/// Writes (or replaces) a file. The Error says which and why not.
[[nodiscard]] lab::Result<void> write_file(const ReportFile& file);

}  // namespace loader
