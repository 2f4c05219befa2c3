#include "loader/command/console.h"

#include <algorithm>
#include <ostream>
#include <string>

#include "loader/command/log_lines.h"
#include "loader/command/run_report.h"
#include "loader/delivery/output_factory.h"
#include "loader/outputs/output_file.h"
#include "loader/summary/summary_format.h"

namespace loader {

Console for_people(const RunCommand& command, const Console& console) {
  const bool has_samples = std::ranges::any_of(command.outputs, [](const std::string& output) {
    return is_standard_output(output_file(output));
  });
  if (!has_report_on_output(command) && !is_standard_output(command.samples) && !has_samples) {
    return console;
  }
  return {.out = console.err,
          .err = console.err,
          .is_out_terminal = console.is_err_terminal,
          .is_err_terminal = console.is_err_terminal,
          .columns = console.columns,
          .log = console.log,
          .standard_error = console.standard_error};
}

void tell(std::ostream& out, std::string_view kind, std::string_view text) {
  std::string line = std::string(kind) + ": ";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\n\t"), text.size());
    line += printable(text.substr(0, end)) + std::string(text.substr(end, 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out << line + "\n";
}

ExitCode refuse(const Console& console, const lab::Error& error, ExitCode code) {
  tell(console.err, "loader", error.to_string());
  return code;
}

void show_script_line(const RunCommand& command, const Console& console, const ScriptLogLine& line,
                      lab::WallTime started) {
  if (line.level == ScriptLogLevel::debug && !command.is_verbose) return;
  if (line.level < command.log_level) return;
  std::ostream& out = console.log != nullptr ? *console.log : console.err;
  const bool is_terminal = console.is_err_terminal && command.log_format == LogFormat::plain;
  out << (is_terminal ? script_log_line_of_terminal(line, line.at - started)
                      : script_log_line(line, command.log_format)) +
             "\n"
      << std::flush;
}

std::function<void(const ScriptLogLine&)> log_of_init_code(const RunCommand& command,
                                                           const Console& console) {
  return [&command, &console](const ScriptLogLine& line) {
    show_script_line(command, console, line, line.at);
  };
}

}  // namespace loader
