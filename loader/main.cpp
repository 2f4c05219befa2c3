// loader: runs load suites against LLM gateways.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "loader/command/command_line.h"
#include "loader/command/command_variables.h"
#include "loader/command/compare_command.h"
#include "loader/command/completion_command.h"
#include "loader/command/experiment_command.h"
#include "loader/command/global_flags.h"
#include "loader/command/log_file.h"
#include "loader/command/log_lines.h"
#include "loader/command/merge_command.h"
#include "loader/command/prove_command.h"
#include "loader/command/prove_command_line.h"
#include "loader/command/report_command.h"
#include "loader/command/run_command.h"
#include "loader/out_of_memory.h"
#include "loader/outputs/descriptor.h"
#include "loader/run/exit_code.h"
#include "loader/suite/environment.h"
#include "loader/world/real_world.h"
#include "shared/base/flags.h"

extern char** environ;  // POSIX; no header declares it.

namespace {

using loader::ExitCode;

ExitCode refuse(const lab::Error& error) {
  const std::string text = error.to_string();
  const bool names_help = text.find("--help") != std::string::npos;
  loader::tell(std::cerr, "loader", text + (names_help ? "" : "\nTry loader --help."));
  return ExitCode::invalid_configuration;
}

std::vector<std::string> process_environment() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    entries.emplace_back(*entry);
  }
  return entries;
}

int terminal_columns() {
  winsize size{};
  constexpr int kUnknown = 80;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUnknown;
}

// One that takes no escape sequences is written to as a file is.
bool is_terminal(int file) {
  return isatty(file) == 1 && lab::environment_variable("TERM").value_or("dumb") != "dumb";
}

/// Has a standard stream wait for whoever reads it, if it must, while this lives.
class WaitingStream {
 public:
  WaitingStream(std::ostream& stream, int descriptor)
      : stream_(stream), buffer_(descriptor), before_(stream.rdbuf(&buffer_)) {}
  ~WaitingStream() {
    stream_.flush();
    stream_.rdbuf(before_);
  }
  WaitingStream(const WaitingStream&) = delete;
  WaitingStream& operator=(const WaitingStream&) = delete;

 private:
  std::ostream& stream_;
  loader::DescriptorBuffer buffer_;
  std::streambuf* before_;
};

/// Where warnings and errors of a run go.
class LogOutput {
 public:
  [[nodiscard]] lab::Result<void> open(const loader::RunCommand& command) {
    const std::string& where = command.log_output;
    is_standard_ = where == "stdout";
    is_error_ = where == "stderr";
    constexpr std::string_view kFile = "file=";
    if (!where.starts_with(kFile)) return {};
    return file_.open({loader::source_of("log-output", command.taken_from_environment),
                       where.substr(kFile.size())});
  }
  [[nodiscard]] std::ostream& stream() {
    if (is_error_) return std::cerr;
    return is_standard_ ? std::cout : to_file_;
  }

 private:
  bool is_error_ = false;
  bool is_standard_ = false;
  /// Not open: what is written to it is lost.
  loader::LogFile file_{[](const std::string& text) { loader::tell(std::cerr, "warning", text); }};
  std::ostream to_file_{&file_};
};

using Command = ExitCode (*)(const loader::RunCommand&, const loader::RunEnvironment&,
                             loader::Console);

ExitCode run_with_flags(Command command, const lab::Result<loader::RunCommand>& parsed) {
  if (!parsed) return refuse(parsed.error());
  const auto environment = loader::make_environment(
      parsed->sees_system_environment ? process_environment() : std::vector<std::string>(),
      parsed->assignments);
  if (!environment) return refuse(environment.error());
  LogOutput log;
  if (const auto opened = log.open(*parsed); !opened) return refuse(opened.error());
  const loader::RealWorld world;
  loader::LogBuffer lines(
      log.stream(), parsed->log_format, [&world] { return world.clock().wall_start; },
      parsed->log_level);
  std::ostream formatted(&lines);
  // Each message is passed on as it is written.
  formatted << std::unitbuf;
  const bool goes_as_it_is = parsed->log_format == loader::LogFormat::plain &&
                             parsed->log_level == loader::ScriptLogLevel::debug;
  return command(*parsed, *environment,
                 {.out = std::cout,
                  .err = goes_as_it_is ? log.stream() : formatted,
                  .is_out_terminal = is_terminal(STDOUT_FILENO),
                  .is_err_terminal = is_terminal(STDERR_FILENO),
                  .columns = terminal_columns(),
                  .log = &log.stream(),
                  .standard_error = &std::cerr});
}

loader::Console this_console() {
  return {.out = std::cout,
          .err = std::cerr,
          .is_out_terminal = is_terminal(STDOUT_FILENO),
          .is_err_terminal = is_terminal(STDERR_FILENO),
          .columns = terminal_columns()};
}

ExitCode run_prove(const std::vector<std::string>& arguments) {
  const auto parsed = loader::parse_prove_command(arguments);
  if (!parsed) return refuse(parsed.error());
  const auto environment = loader::make_environment(process_environment(), parsed->assignments);
  if (!environment) return refuse(environment.error());
  return loader::prove_command(*parsed, *environment, this_console());
}

ExitCode run_experiment(const std::vector<std::string>& arguments) {
  const auto parsed = loader::parse_experiment_command(arguments);
  if (!parsed) return refuse(parsed.error());
  return loader::experiment_command(*parsed, this_console());
}

ExitCode run_completion(const std::vector<std::string>& arguments) {
  const auto script = loader::completion_command(arguments);
  if (!script) return refuse(script.error());
  std::cout << *script;
  return ExitCode::ok;
}

ExitCode run_merge(const std::vector<std::string>& arguments) {
  const auto parsed = loader::parse_merge_command(arguments, lab::environment_variable);
  if (!parsed) return refuse(parsed.error());
  return loader::merge_command(*parsed, this_console());
}

ExitCode run_report(const std::vector<std::string>& arguments) {
  const auto parsed = loader::parse_report_command(arguments, lab::environment_variable);
  if (!parsed) return refuse(parsed.error());
  return loader::report_command(*parsed, this_console());
}

ExitCode run_compare(const std::vector<std::string>& arguments) {
  const auto parsed = loader::parse_compare_command(arguments);
  if (!parsed) return refuse(parsed.error());
  return loader::compare_command(*parsed, this_console());
}

/// What there is besides run and inspect, which share their flags and --help.
struct OwnCommand {
  std::string_view name;
  ExitCode (*run)(const std::vector<std::string>& arguments);
  std::string (*usage)();
};
constexpr std::array kOwnCommands{
    OwnCommand{"report", run_report, loader::report_usage},
    OwnCommand{"compare", run_compare, loader::compare_usage},
    OwnCommand{"merge", run_merge, loader::merge_usage},
    OwnCommand{"prove", run_prove, loader::prove_usage},
    OwnCommand{"experiment", run_experiment, loader::experiment_usage},
    OwnCommand{"completion", run_completion, loader::completion_usage},
};
constexpr const char* kCommandNames =
    "run, inspect, report, compare, merge, prove, experiment and completion";

ExitCode dispatch(const std::vector<std::string>& arguments) {
  const std::string_view name = arguments.empty() ? std::string_view() : arguments.front();
  const bool is_command = !name.empty() && !name.starts_with("-");
  const auto own = std::ranges::find(kOwnCommands, name, &OwnCommand::name);
  const bool is_own = own != kOwnCommands.end();
  if (is_command && !is_own && name != "run" && name != "inspect") {
    return refuse(
        {{}, "unknown command \"" + std::string(name) + "\"; there are " + kCommandNames});
  }
  for (const std::string& argument : arguments) {
    if (argument != "--help" && argument != "-h") continue;
    std::cout << (is_own ? own->usage() : loader::usage());
    return ExitCode::ok;
  }
  if (name == "--version") {
    if (arguments.size() > 1) {
      return refuse({"--version", "takes nothing behind it, not \"" + arguments[1] + "\""});
    }
    std::cout << "loader " LAB_VERSION "\n";
    return ExitCode::ok;
  }
  const std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1),
                                      arguments.end());
  if (name == "run") {
    return run_with_flags(loader::run_command,
                          loader::parse_run_command(rest, lab::environment_variable, &std::cin));
  }
  if (name == "inspect") {
    return run_with_flags(loader::inspect_command, loader::parse_inspect_command(
                                                       rest, lab::environment_variable, &std::cin));
  }
  if (is_own) return own->run(rest);
  return refuse({{},
                 name.empty() ? std::string("which command? There are ") + kCommandNames
                              : "unknown flag \"" + std::string(name) + "\""});
}

// Whoever reads a summary or a suite that was lost on the way takes half of it for the whole.
ExitCode with_output_checked(ExitCode exit_code) {
  std::cout.flush();
  if (std::cout) return exit_code;
  std::cerr << "loader: standard output could not be written\n";
  return exit_code == ExitCode::ok ? ExitCode::failure : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  // A file that may grow no more is an error of writing it, as a full disk is, and no end of the
  // run.
  (void)std::signal(SIGXFSZ, SIG_IGN);
  loader::end_when_out_of_memory();
  const WaitingStream out(std::cout, STDOUT_FILENO);
  const WaitingStream err(std::cerr, STDERR_FILENO);
  try {
    return static_cast<int>(
        with_output_checked(dispatch(loader::with_command_first({argv + 1, argv + argc}))));
  } catch (const std::bad_alloc&) {
    loader::end_out_of_memory();
  } catch (const std::exception& error) {
    std::cerr << "loader: " << error.what() << "\n";
    return static_cast<int>(ExitCode::failure);
  }
}
