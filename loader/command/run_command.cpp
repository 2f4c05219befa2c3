#include "loader/command/run_command.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <utility>

#include "loader/command/log_file.h"
#include "loader/command/run_facts.h"
#include "loader/command/run_outputs.h"
#include "loader/command/run_preparation.h"
#include "loader/command/run_report.h"
#include "loader/command/start_meeting.h"
#include "loader/dashboard/dashboard.h"
#include "loader/delivery/output_context.h"
#include "loader/merge/run_file_io.h"
#include "loader/outputs/request_log.h"
#include "loader/outputs/sample_output.h"
#include "loader/summary/html_report.h"
#include "loader/summary/progress.h"
#include "loader/summary/progress_writer.h"
#include "loader/summary/summary_text.h"
#include "loader/world/real_world.h"
#include "loader/world/simulated_world.h"
#include "shared/base/json.h"

namespace loader {
namespace {

ExitCode refuse_run(const Console& console, const RefusedRun& refused) {
  return refuse(console, refused, refused.code);
}

// A moment that is long over is one that was meant for another run, or is mistyped.
lab::Result<void> check_start(const RunCommand& command, lab::WallTime now) {
  if (!command.start_at || now - *command.start_at <= StartMeeting::kStale) return {};
  return lab::Error{"--start-at", lab::format_rfc3339(*command.start_at) + " was " +
                                      lab::format_duration(now - *command.start_at) +
                                      " ago; up to " + lab::format_duration(StartMeeting::kStale) +
                                      " late is late, more is another run's start"};
}

void show_thresholds(const Console& console, const std::string& title, const ThresholdSet& set,
                     const MetricRegistry& registry) {
  console.out << title << ":\n";
  for (const MetricThresholds& metric : set) {
    for (const Threshold& threshold : metric.thresholds) {
      console.out << "  " << registry.info(metric.metric).name << ": "
                  << threshold.expression.source << "\n";
    }
  }
}

bool has_no_color(const RunCommand& command, const PreparedRun& prepared) {
  return command.no_color || prepared.suite.options.no_color;
}

/// One run with its console and files.
class RunSession {
 public:
  RunSession(const RunCommand& command, const RunEnvironment& environment, PreparedRun prepared,
             std::unique_ptr<World> world, Console console)
      : command_(command),
        environment_(environment),
        prepared_(std::move(prepared)),
        world_(std::move(world)),
        console_(for_people(command, console)),
        report_out_(console.out),
        has_colors_(console_.is_out_terminal && !has_no_color(command, prepared_)),
        progress_(console_.out, {.is_terminal = console_.is_out_terminal,
                                 .is_quiet = command.quiet,
                                 .colors = has_colors_,
                                 .columns = console.columns}) {}

  ExitCode run() {
    if (const auto good = check_where_it_writes(); !good) return refuse(console_, good.error());
    for (const std::string& warning : prepared_.warnings) warn(warning);
    if (const auto opened = world_->open(prepared_.spec); !opened) {
      return refuse(console_, opened.error());
    }
    if (const auto start = check_start(command_, world_->clock().wall_start); !start) {
      return refuse(console_, start.error());
    }
    if (const auto opened = open_dashboard(); !opened) return refuse(console_, opened.error());
    // The last: a run that is refused leaves the results of the one before.
    if (const auto opened = open_outputs(world_->clock()); !opened) {
      return refuse(console_, opened.error());
    }
    show_plan();
    return report(world_->run(prepared_.suite, prepared_.spec, observer()));
  }

 private:
  lab::Result<void> check_where_it_writes() {
    if (const auto apart = check_places(prepared_.suite.name, command_); !apart) return apart;
    // A folder of each run is what the other shards make, too.
    if (const auto made = make_folder_of(command_.mergeable); !made) return made;
    for (const std::string& place : report_places(prepared_.suite.name, command_)) {
      if (const auto may = check_writable(place); !may) return may;
    }
    return command_.start_together.empty() ? lab::Result<void>()
                                           : check_meeting_folder(command_.start_together);
  }

  void warn(const std::string& message) {
    const std::lock_guard lock(show_mutex_);
    progress_.clear();
    tell(console_.err, "warning", message);
  }

  // From any of the run's threads, so a message goes out in one piece.
  void show(const std::string& message) {
    const std::lock_guard lock(show_mutex_);
    console_.err << message + "\n" << std::flush;
  }

  void show_plan() {
    if (command_.quiet) {
      // Nobody knows which port was free.
      if (dashboard_ && dashboard_->has_chosen_port()) show(dashboard_->description());
      return;
    }
    console_.out << format_run_plan(make_run_plan(prepared_, execution(), output_names()),
                                    has_colors_)
                 << std::flush;
  }

  // A script says itself where its requests go.
  [[nodiscard]] std::string execution() const {
    if (prepared_.suite.script || world_->is_repeatable()) return world_->describe();
    std::string url = prepared_.spec.base_url.to_string();
    if (prepared_.spec.base_url.target == "/") url.pop_back();
    return world_->describe() + ", " + url;
  }

  [[nodiscard]] std::vector<std::string> output_names() const {
    std::vector<std::string> names = outputs_.descriptions();
    if (requests_) names.push_back(requests_->description());
    if (dashboard_) names.push_back(dashboard_->description());
    return names;
  }

  lab::Result<void> open_outputs(RunClock clock) {
    clock_ = clock;
    const Environment& variables = environment_.set_by_user;
    const OutputContext context{.registry = prepared_.suite.registry,
                                .thresholds = prepared_.suite.thresholds,
                                .clock = clock,
                                .variables = {variables.begin(), variables.end()},
                                .proxies = command_.proxies,
                                .is_virtual = world_->is_repeatable(),
                                .threads = prepared_.spec.threads,
                                .system_tags = prepared_.suite.options.system_tags.sorted(),
                                .tell = [this](const std::string& text) { warn(text); }};
    if (const auto added = add_outputs(command_, context, outputs_); !added) return added;
    if (const auto opened = open_console_file(); !opened) return opened.error();
    if (command_.samples.empty()) return {};
    auto file = OutputFile::open(command_.samples, context.tell);
    if (!file) return file.error();
    requests_.emplace(*std::move(file), clock);
    return {};
  }

  lab::Result<void> open_dashboard() {
    if (command_.dashboard.empty()) return {};
    auto opened = Dashboard::open(command_.dashboard, prepared_.suite.name, html_report);
    if (!opened) return opened.error();
    if (!(*opened)->is_private()) {
      warn("the dashboard listens on " + command_.dashboard +
           ": everybody who reaches this machine can see it");
    }
    dashboard_ = *std::move(opened);
    return {};
  }

  lab::Result<void> open_console_file() {
    if (!command_.console_output || !prepared_.suite.script) return {};
    return console_file_.open(*command_.console_output);
  }

  void show_line(ScriptLogLine line) {
    const std::lock_guard lock(show_mutex_);
    // As in k6 what init code says is not for the file.
    if (!console_file_.is_open() || line.source != "console" || line.is_of_init) {
      progress_.clear();
      return show_script_line(command_, console_, line, clock_.wall_start);
    }
    if (line.level == ScriptLogLevel::debug && !command_.is_verbose) return;
    line.source.clear();
    std::ostream(&console_file_) << script_log_line(line, command_.log_format) + "\n" << std::flush;
  }

  RunObserver observer() {
    RunObserver observer;
    observer.warn = [this](const std::string& message) { warn(message); };
    observer.show = [this](const std::string& message) { show(message); };
    if (!outputs_.empty()) observer.outputs = &outputs_;
    if (requests_) observer.requests = &*requests_;
    if (dashboard_) {
      observer.is_followed = [this] { return dashboard_->is_followed(); };
      observer.snapshot = [this](SummaryData summary) {
        summary.facts = run_facts(prepared_, command_, *world_, clock_.wall_start);
        summary.facts.is_over = false;
        dashboard_->show(std::move(summary));
      };
    }
    observer.log = [this](const ScriptLogLine& line) { show_line(line); };
    observer.is_stdout_tty = console_.is_out_terminal;
    observer.is_stderr_tty = console_.is_err_terminal;
    observer.no_color = has_no_color(command_, prepared_);
    observer.finished = [this](const RunProgress& progress) { progress_.finish(progress); };
    if (command_.quiet || (world_->is_repeatable() && !console_.is_out_terminal)) return observer;
    observer.progress_interval = progress_.interval();
    observer.progress = [this](const RunProgress& progress) { progress_.update(progress); };
    return observer;
  }

  std::vector<lab::Error> finish_outputs() {
    console_file_.close();
    outputs_.finish([this](const std::string& message) { warn(message); });
    for (const std::string& warning : outputs_.take_warnings()) warn(warning);
    std::vector<lab::Error> errors = outputs_.take_errors();
    if (!requests_) return errors;
    const auto finished = requests_->finish();
    if (!finished) errors.push_back(finished.error());
    return errors;
  }

  // As in k6: one that can't be written stops no other, and the exit code is the run's.
  void write_script_files(const ScriptUsers::Files& files) {
    std::ostream* const error = console_.standard_error;
    for (const auto& [place, content] : files) {
      if (place == "stdout" || place == "stderr") {
        std::ostream& error_out = error != nullptr ? *error : console_.err;
        (place == "stdout" ? console_.out : error_out) << content << std::flush;
        continue;
      }
      const auto written = write_file({place, content}, report_out_);
      if (written) continue;
      tell(console_.err, "error: handleSummary()", written.error().to_string());
    }
  }

  // The last of the files: whoever waits for it finds the others.
  lab::Result<void> write_run_file(RunResult& result, ExitCode exit_code) {
    if (!result.record || !prepared_.part) return {};
    const RunEnd end{.exit_code = static_cast<std::uint64_t>(exit_code),
                     .is_whole = result.record->is_whole,
                     .errors = result.errors};
    return store_run_file(command_.mergeable, run_file_text(make_run_file(
                                                  *std::move(prepared_.part), result.summary.facts,
                                                  end, *std::move(result.record))));
  }

  ExitCode report(RunResult result) {
    // Before the reports, which say it too.
    for (const lab::Error& error : finish_outputs()) {
      result.fail(ExitCode::failure, error.to_string());
    }
    ExitCode exit_code = result.exit_code;
    for (const OutputTotals& output : outputs_.totals()) {
      result.summary.outputs.push_back({output.name, output.taken, output.sent, output.dropped});
      if (output.dropped == 0 || !result.summary.self_doubt) continue;
      result.summary.self_doubt->findings.push_back(
          dropped_samples_finding(output.name, output.dropped, output.taken));
    }
    result.summary.facts = run_facts(prepared_, command_, *world_, clock_.wall_start);
    result.note_end();
    result.summary.is_stdout_tty = console_.is_out_terminal;
    result.summary.is_stderr_tty = console_.is_err_terminal;
    result.summary.no_color = has_no_color(command_, prepared_);
    if (result.script_files) {
      write_script_files(*result.script_files);
    } else if (!command_.no_summary) {
      console_.out << summary_text(result.summary,
                                   {.colors = has_colors_, .mode = command_.summary_mode})
                   << std::flush;
    }
    for (const lab::Error& error : write_report_files(result.summary, command_, report_out_)) {
      tell(console_.err, "error", error.to_string());
      if (exit_code == ExitCode::ok) exit_code = ExitCode::failure;
    }
    if (const auto written = write_run_file(result, exit_code); !written) {
      tell(console_.err, "error", written.error().to_string());
      if (exit_code == ExitCode::ok) exit_code = ExitCode::failure;
    }
    for (const std::string& error : result.errors) tell(console_.err, "error", error);
    // The last, since pages get some time to read it.
    if (dashboard_) dashboard_->finish(std::move(result.summary));
    // Nothing can repeat the instant of an interrupt.
    const bool is_to_repeat = exit_code != ExitCode::ok && exit_code != ExitCode::interrupted;
    if (world_->is_repeatable() && is_to_repeat) {
      console_.err << "the same again: " << prepared_.replay << "\n";
    }
    return exit_code;
  }

  const RunCommand& command_;
  const RunEnvironment& environment_;
  PreparedRun prepared_;
  std::unique_ptr<World> world_;
  Console console_;
  std::ostream& report_out_;
  bool has_colors_;
  ProgressWriter progress_;
  std::mutex show_mutex_;
  Outputs outputs_;
  std::optional<RequestLog> requests_;
  std::unique_ptr<Dashboard> dashboard_;
  // Written under the lock of messages.
  LogFile console_file_{[this](const std::string& text) {
    progress_.clear();
    tell(console_.err, "warning", text);
  }};
  RunClock clock_{};
};

std::unique_ptr<World> make_world(const RunCommand& command, const PreparedRun& prepared) {
  if (!command.simulate) return std::make_unique<RealWorld>();
  return std::make_unique<SimulatedWorld>(*command.simulate, command.seed, prepared.spec.seed,
                                          prepared.suite.network);
}

// When the scenarios start.
decltype(RunSpec::start) start_of(const RunCommand& command) {
  if (!command.start_together.empty()) {
    return StartMeeting(command.start_together, command.shard.value());
  }
  if (!command.start_at) return {};
  return [start = *command.start_at](lab::WallTime) {
    return lab::Result<std::optional<lab::WallTime>>(start);
  };
}

}  // namespace

ExitCode run_command(const RunCommand& command, const RunEnvironment& environment,
                     Console console) {
  auto prepared = prepare_run(command, environment, log_of_init_code(command, console));
  if (!prepared) return refuse_run(console, prepared.error());
  prepared->spec.start = start_of(command);
  prepared->spec.keeps_windows = true;
  auto world = make_world(command, *prepared);
  RunCommand as_it_is = command;
  if (prepared->suite.script) {
    // A script says itself what it leaves.
    if (as_it_is.summary_file.empty()) as_it_is.summary_file = "none";
    prepared->spec.hands_summary = !command.no_summary;
  }
  return RunSession(as_it_is, environment, *std::move(prepared), std::move(world), console).run();
}

ExitCode inspect_command(const RunCommand& command, const RunEnvironment& environment,
                         Console console) {
  if (command.json) {
    const auto text = suite_of(command);
    if (!text) return refuse(console, text.error());
    if (!text->is_script) {
      console.out << text->text;
      return ExitCode::ok;
    }
  }
  const auto prepared = prepare_run(command, environment, log_of_init_code(command, console));
  if (!prepared) return refuse_run(console, prepared.error());
  const Suite& suite = prepared->suite;
  if (command.json) {
    // As k6 inspect does.
    console.out << suite.options.consolidated->dump(2) << "\n";
    return ExitCode::ok;
  }
  const bool colors = console.is_out_terminal && !has_no_color(command, *prepared);
  console.out << format_run_plan(make_run_plan(*prepared, "not run", {}), colors);
  show_thresholds(console, "thresholds", suite.thresholds, suite.registry);
  for (const ScenarioFlow& of_suite : suite.scenarios) {
    if (of_suite.search_thresholds.empty()) continue;
    show_thresholds(console, "thresholds of each level of " + of_suite.scenario.name,
                    of_suite.search_thresholds, suite.registry);
  }
  console.out << "checks:\n";
  for (const CheckTree::Check& check : suite.registry.checks().checks()) {
    console.out << "  " << check.path.substr(2) << "\n";
  }
  for (const std::string& warning : prepared->warnings) tell(console.err, "warning", warning);
  return ExitCode::ok;
}

}  // namespace loader
