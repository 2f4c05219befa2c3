// What is left of a run: the summary on the terminal, and files.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "loader/command/command_line.h"
#include "loader/summary/summary_data.h"
#include "shared/base/error.h"

namespace loader {

/// The name that stands for standard output.
inline constexpr std::string_view kStandardOutput = "-";

/// A file to be written: its path and its content.
using ReportFile = std::pair<std::string, std::string>;

/// Where the files that a run leaves go: NAME-test-summary.json unless a flag says otherwise, and
/// those that flags ask for.
[[nodiscard]] std::vector<std::string> report_places(const std::string& suite_name,
                                                     const RunCommand& command);
/// True if one of them goes to standard output; what is said to people goes elsewhere then.
[[nodiscard]] bool has_report_on_output(const RunCommand& command);

/// The files, at their places.
[[nodiscard]] std::vector<ReportFile> report_files(const SummaryData& summary,
                                                   const RunCommand& command);

/// Writes them all, what goes to standard output to `output`. The Errors say which could not be.
[[nodiscard]] std::vector<lab::Error> write_report_files(const SummaryData& summary,
                                                         const RunCommand& command,
                                                         std::ostream& output);

/// What a command writes, and what it reads, must not be the same file: an Error names the two
/// flags.
[[nodiscard]] lab::Result<void> check_places(const std::string& suite_name,
                                             const RunCommand& command);
/// A file that is read must not be lost by what is made of it: an Error names the place that is one
/// of `read`.
[[nodiscard]] lab::Result<void> check_kept(const std::vector<std::string>& places,
                                           const std::vector<std::string>& read);
/// Makes the folder of a file, and those around it, if they are not there.
[[nodiscard]] lab::Result<void> make_folder_of(const std::string& place);
/// Before the run, which may take hours: whether a file can be written there, without writing it.
[[nodiscard]] lab::Result<void> check_writable(const std::string& place);
/// Writes (or replaces) a file, or writes to `output` what goes there. The Error says which and why
/// not.
[[nodiscard]] lab::Result<void> write_file(const ReportFile& file, std::ostream& output);

}  // namespace loader
