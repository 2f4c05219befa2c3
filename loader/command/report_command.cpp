#include "loader/command/report_command.h"

#include <algorithm>
#include <ostream>

#include "loader/command/command_flags.h"
#include "loader/command/report_flags.h"
#include "loader/command/run_report.h"
#include "loader/merge/result_file.h"
#include "loader/merge/run_file_io.h"
#include "loader/summary/summary_text.h"

namespace loader {
namespace {

// Before the file is read, so that nothing is half done.
lab::Result<void> check_report_places(const ReportCommand& command) {
  if (const auto apart = check_places("", command.reports); !apart) return apart;
  const std::vector<std::string> places = report_places("", command.reports);
  if (const auto kept = check_kept(places, {command.file}); !kept) return kept;
  for (const std::string& place : places) {
    if (const auto may = check_writable(place); !may) return may;
  }
  return {};
}

lab::Result<SummaryData> summary_of(const std::string& file) {
  const auto text = read_maybe_compressed(file == "-" ? "/dev/stdin" : file);
  if (!text) return text.error();
  return read_result(*text, file == "-" ? "standard input" : file);
}

}  // namespace

std::vector<lab::Flag> report_flags() {
  std::vector<lab::Flag> flags;
  for (const lab::Flag& flag : run_flags()) {
    // A file has the statistics that it has.
    const bool is_of_reports = std::ranges::find(kReportFlags, flag.name) != kReportFlags.end();
    if (is_of_reports && flag.name != "summary-trend-stats") flags.push_back(flag);
  }
  const auto place = std::ranges::find(flags, "summary-file", &lab::Flag::name);
  if (place != flags.end()) place->help = "write the summary as JSON, as a run leaves it";
  return flags;
}

lab::Result<ReportCommand> parse_report_command(const std::vector<std::string>& arguments,
                                                const lab::EnvironmentLookup& environment) {
  const std::vector<lab::Flag> table = report_flags();
  auto flags = lab::GivenFlags::parse(table, "file", arguments);
  if (!flags) return lab::Error{{}, flags.error().what + "; see loader report --help"};
  if (const auto once = check_said_once(*flags); !once) return once.error();
  for (const lab::Flag& flag : table) {
    flags->add_variable(std::string(flag.name), flag.variable, environment);
  }
  const std::vector<lab::Setting>& files = flags->all("file");
  if (files.size() != 1) {
    return lab::Error{{},
                      files.empty() ? "which file? A summary, or a run file that --mergeable wrote"
                                    : "one file at a time; loader merge puts run files together"};
  }
  ReportCommand command{.file = files.front().text};
  command.reports.taken_from_environment = flags->taken_from_environment();
  const auto read = read_report_flags(
      {.find = [&flags](const std::string& flag) { return flags->find(flag); },
       .is_on = [&flags](const std::string& flag) { return is_flag_on(*flags, flag); }},
      command.reports);
  if (!read) return read.error();
  // It is there already.
  if (command.reports.summary_file.empty()) command.reports.summary_file = "none";
  return command;
}

std::string report_usage() {
  return "Usage: loader report FILE [flags]\n\n"
         "Shows the summary of a run that is over, and writes it in the forms that the run could\n"
         "have left. FILE is a summary (NAME-test-summary.json; k6's handleSummary() data as "
         "well),\n"
         "a run file (--mergeable), either compressed or not, or - for standard input.\n\n" +
         lab::flags_help(report_flags()) +
         "\nExit codes: 0 it is shown and written, however the run ended; 104 flags are wrong, or "
         "FILE\n"
         "can't be read or is something else, or there can't be a file where one is to be written; "
         "255 writing it failed.\n";
}

ExitCode report_command(const ReportCommand& command, Console console) {
  if (const auto good = check_report_places(command); !good) {
    return refuse(console, good.error());
  }
  const auto summary = summary_of(command.file);
  if (!summary) return refuse(console, summary.error());
  const Console people = for_people(command.reports, console);
  if (!command.reports.no_summary) {
    people.out << summary_text(*summary,
                               {.colors = people.is_out_terminal && !command.reports.no_color,
                                .mode = command.reports.summary_mode})
               << std::flush;
  }
  ExitCode exit_code = ExitCode::ok;
  for (const lab::Error& error : write_report_files(*summary, command.reports, console.out)) {
    people.err << "error: " << error.to_string() << "\n";
    exit_code = ExitCode::failure;
  }
  return exit_code;
}

}  // namespace loader
