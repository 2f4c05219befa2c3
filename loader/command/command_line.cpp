#include "loader/command/command_line.h"

#include <algorithm>
#include <cstdint>
#include <istream>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

#include "loader/command/command_flags.h"
#include "loader/command/command_options.h"
#include "loader/command/command_variables.h"
#include "loader/command/dashboard_flags.h"
#include "loader/command/inspect_flags.h"
#include "loader/command/log_output.h"
#include "loader/command/report_flags.h"
#include "loader/command/script_fetcher.h"
#include "loader/suite/suite.h"
#include "shared/base/time.h"

namespace loader {
namespace {

constexpr std::uint64_t kNumberMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kThreadsMax = 256;
constexpr std::string_view kStandardInput = "-";
constexpr std::string_view kShardPlace = "{shard}";

/// Turns flags into a command; the first problem is kept.
class CommandReader {
 public:
  CommandReader(const CommandFlags& flags, const lab::EnvironmentLookup& environment)
      : flags_(flags), environment_(environment) {
    command_.taken_from_environment = flags.taken_from_environment();
  }

  lab::Result<RunCommand> read() {
    read_suite();
    read_shortcuts();
    read_segments();
    read_shard();
    read_options();
    read_world();
    read_start();
    read_reports();
    if (error_) return *std::move(error_);
    return std::move(command_);
  }

 private:
  void fail(lab::Error error) {
    if (!error_) error_ = std::move(error);
  }

  std::optional<std::uint64_t> number(const std::string& flag, std::uint64_t min,
                                      std::uint64_t max = kNumberMax) {
    const auto setting = flags_.find(flag);
    if (!setting) return std::nullopt;
    const auto number = setting->as_number(min, max);
    if (number) return *number;
    fail(number.error());
    return std::nullopt;
  }

  std::optional<lab::Duration> duration(const std::string& flag) {
    const auto setting = flags_.find(flag);
    if (!setting) return std::nullopt;
    // As in k6 a bare number is milliseconds in a variable, and an error in a flag.
    const auto duration = lab::parse_duration(setting->text);
    if (duration) return *duration;
    const auto with_unit = lab::parse_duration(setting->text + "ms");
    if (!setting->is_argument() && with_unit) {
      return *with_unit;
    }
    fail({setting->source, duration.error().what});
    return std::nullopt;
  }

  [[nodiscard]] std::string text(const std::string& flag) const {
    const auto setting = flags_.find(flag);
    return setting ? setting->text : std::string();
  }

  // Where a file goes; empty: nowhere.
  std::string place(const std::string& flag) {
    auto place = place_of(flags_.find(flag));
    if (place) return *std::move(place);
    fail(place.error());
    return {};
  }

  bool is_on(const std::string& flag) {
    const auto on = flags_.is_on(flag);
    if (on) return *on;
    fail(on.error());
    return false;
  }

  /// True for the second of two words; the first is the default.
  bool is_second(const std::string& flag, std::string_view first, std::string_view second) {
    const auto setting = flags_.find(flag);
    if (!setting || setting->text == first) return false;
    if (setting->text != second) {
      fail(setting->refuse("\"" + std::string(first) + "\" or \"" + std::string(second) + "\""));
    }
    return true;
  }

  void read_suite() {
    const std::vector<lab::Setting> suites = flags_.all("suite");
    if (suites.empty()) {
      std::string known;
      for (const std::string& name : builtin_suites()) known += (known.empty() ? "" : ", ") + name;
      return fail({{},
                   "which suite? Name a file with a suite or a k6 script, - for standard input, or "
                   "a built-in one: " +
                       known});
    }
    if (suites.size() > 1) return fail({{}, "unexpected argument \"" + suites[1].text + "\""});
    command_.suite = suites.front().text;
  }

  void read_shortcuts() {
    ExecutionShortcuts& shortcuts = command_.shortcuts;
    shortcuts.vus = number("vus", 0);
    shortcuts.iterations = number("iterations", 1);
    shortcuts.duration = duration("duration");
    for (const lab::Setting& setting : flags_.all("stage")) {
      const auto stages = parse_stages(setting.text);
      if (!stages) return fail({setting.source, stages.error().what});
      shortcuts.stages.insert(shortcuts.stages.end(), stages->begin(), stages->end());
    }
  }

  void read_segments() {
    if (const auto setting = flags_.find("execution-segment")) {
      const auto segment = parse_execution_segment(setting->text);
      if (!segment) return fail({setting->source, segment.error().to_string()});
      command_.segment = *segment;
    }
    if (const auto setting = flags_.find("execution-segment-sequence")) {
      auto sequence = parse_execution_segment_sequence(setting->text);
      if (!sequence) return fail({setting->source, sequence.error().to_string()});
      command_.segment_sequence = *std::move(sequence);
    }
  }

  void read_shard() {
    command_.mergeable = place("mergeable");
    const auto setting = flags_.find("shard");
    std::size_t place = command_.mergeable.find(kShardPlace);
    if (!setting) {
      if (place != std::string::npos) {
        fail({"--mergeable", "{shard} is the number of --shard, which is not given"});
      }
      return;
    }
    const auto shard = parse_shard(setting->text, environment_);
    if (!shard) return fail({setting->source, shard.error().what});
    if (flags_.find("execution-segment") || flags_.find("execution-segment-sequence")) {
      return fail({"--shard", "says what --execution-segment and its sequence say; give one"});
    }
    command_.shard = *shard;
    command_.segment_sequence = equal_segments(shard->of);
    command_.segment = command_.segment_sequence[shard->number - 1];
    const std::string number = std::to_string(shard->number);
    for (; place != std::string::npos; place = command_.mergeable.find(kShardPlace, place)) {
      command_.mergeable.replace(place, kShardPlace.size(), number);
    }
  }

  void read_start() {
    command_.start_together = text("start-together");
    if (const auto folder = flags_.find("start-together"); folder && folder->text.empty()) {
      fail(folder->refuse("the name of a folder"));
    }
    const auto setting = flags_.find("start-at");
    if (command_.simulate && (setting || !command_.start_together.empty())) {
      return fail({setting ? "--start-at" : "--start-together",
                   "is for real runs: a simulation has a time of its own"});
    }
    if (!command_.start_together.empty() && !command_.shard) {
      return fail({"--start-together", "needs --shard, by which the others are known"});
    }
    if (!setting) return;
    if (!command_.start_together.empty()) {
      return fail({"--start-at", "says when, and --start-together that it is agreed; give one"});
    }
    const auto start = lab::parse_rfc3339(setting->text);
    if (!start) return fail({setting->source, start.error().what});
    command_.start_at = *start;
  }

  void read_options() {
    command_.warnings = flags_.warnings();
    command_.config = text("config");
    command_.sees_system_environment =
        !flags_.find("include-system-env-vars") || is_on("include-system-env-vars");
    auto options = read_option_settings(flags_);
    if (!options) return fail(options.error());
    command_.options = *std::move(options);
  }

  void read_world() {
    for (const lab::Setting& setting : flags_.all("env"))
      command_.assignments.push_back(setting.text);
    if (const auto setting = flags_.find("url")) command_.url = setting->text;
    if (const auto setting = flags_.find("simulate")) command_.simulate = setting->text;
    if (command_.url && command_.simulate) {
      fail({"--url", "has no meaning with --simulate: the gateway is in this process"});
    }
    read_network();
    command_.seed = number("seed", 0);
    read_threads();
    if (auto tags = read_tags(flags_.all("tag"))) {
      command_.tags = *std::move(tags);
    } else {
      fail(tags.error());
    }
    command_.no_thresholds = is_on("no-thresholds");
    if (flags_.find("no-data")) {
      command_.no_data =
          is_second("no-data", "fail", "pass") ? NoDataPolicy::pass : NoDataPolicy::fail;
    }
  }

  void read_network() {
    const auto setting = flags_.find("network");
    if (!setting) return;
    command_.network = setting->text;
    if (command_.network.empty())
      fail(setting->refuse("the name of a file, or of a built-in network"));
    if (!command_.simulate) fail({"--network", "is for --simulate: a real network is as it is"});
  }

  void read_threads() {
    command_.threads = static_cast<unsigned>(number("threads", 1, kThreadsMax).value_or(1));
    if (command_.threads > 1 && command_.simulate) {
      fail({"--threads", "a simulation has one thread, or it would not be the same twice"});
    }
  }

  void read_reports() {
    read_output_list();
    command_.samples = place("samples");
    const FlagSource source{
        .find = [this](const std::string& flag) { return flags_.find(flag); },
        .is_on = [this](const std::string& flag) { return flags_.is_on(flag); }};
    const auto reports = read_report_flags(source, command_);
    if (!reports) fail(reports.error());
    const auto dashboard = read_dashboard(source, environment_, command_);
    if (!dashboard) fail(dashboard.error());
    command_.no_llm_metrics = is_on("no-llm-metrics");
    command_.is_verbose = is_on("verbose");
    read_log();
    command_.quiet = is_on("quiet");
    command_.json = is_on("json");
  }

  void read_output_list() {
    const CsvVariables csv{.file_name = text("csv-file-name"),
                           .save_interval = text("csv-save-interval"),
                           .time_format = text("csv-time-format")};
    command_.outputs = read_outputs(flags_.all("out"), csv);
    const bool has_csv = std::ranges::any_of(command_.outputs, [](const std::string& output) {
      return output == "csv" || output.starts_with("csv=");
    });
    if (!has_csv) return;
    if (const auto checked = check_csv_variables(csv); !checked) fail(checked.error());
  }

  void read_log() {
    command_.console_output = flags_.find("console-output");
    if (command_.console_output && command_.console_output->text.empty()) {
      fail(command_.console_output->refuse("the name of a file"));
    }
    if (const auto setting = flags_.find("log-format")) {
      const auto format = parse_log_format(setting->text);
      if (!format) return fail(setting->refuse("text, json or raw"));
      command_.log_format = *format;
    }
    const auto setting = flags_.find("log-output");
    if (!setting) return;
    const auto place = parse_log_output(*setting);
    if (!place) return fail(place.error());
    command_.log_output = place->where;
    command_.log_level = place->least;
  }

  const CommandFlags& flags_;
  const lab::EnvironmentLookup& environment_;
  RunCommand command_;
  std::optional<lab::Error> error_;
};

using CheckFlags = lab::Result<void> (*)(const CommandFlags&);

lab::Result<RunCommand> parse_command(const std::vector<std::string>& arguments,
                                      const lab::EnvironmentLookup& environment,
                                      std::istream* standard_input, CheckFlags check) {
  const auto flags = CommandFlags::parse(arguments, environment);
  if (!flags) return flags.error();
  if (const auto checked = check(*flags); !checked) return checked.error();
  if (const auto once = check_said_once(flags->given()); !once) return once.error();
  auto command = CommandReader(*flags, environment).read();
  if (!command) return command;
  auto proxies = ProxyRules::from(environment);
  if (!proxies) return proxies.error();
  command->proxies = *std::move(proxies);
  command->module_cache = module_cache_folder(environment);
  if (command->suite == kStandardInput && standard_input != nullptr) {
    command->suite_text.emplace(std::istreambuf_iterator<char>(*standard_input),
                                std::istreambuf_iterator<char>());
  }
  command->arguments = arguments;
  return command;
}

}  // namespace

lab::Result<RunCommand> parse_run_command(const std::vector<std::string>& arguments,
                                          const lab::EnvironmentLookup& environment,
                                          std::istream* standard_input) {
  return parse_command(arguments, environment, standard_input, check_flags_of_run);
}

lab::Result<RunCommand> parse_inspect_command(const std::vector<std::string>& arguments,
                                              const lab::EnvironmentLookup& environment,
                                              std::istream* standard_input) {
  return parse_command(arguments, environment, standard_input, check_flags_of_inspect);
}

lab::Result<SuiteText> suite_of(const RunCommand& command) {
  const bool is_input = command.suite == kStandardInput;
  if (command.suite_text) {
    return suite_text_of(*command.suite_text, is_input ? "stdin" : command.suite, ".");
  }
  if (is_input) return lab::Error{"-", "standard input has not been read"};
  return find_suite(command.suite);
}

std::string usage() {
  std::string suites;
  for (const std::string& name : builtin_suites()) suites += " " + name;
  for (const std::string& name : builtin_scripts()) suites += " " + name;
  return "Runs load suites and k6 scripts with thresholds against LLM gateways.\n"
         "\n"
         "  loader run SUITE [flags]               run a suite or a script; its exit code says "
         "whether it passed\n"
         "  loader inspect SUITE [flags] [--json]  show what would be run; the suite's file, or "
         "the script's options\n"
         "  loader report FILE [flags]             show a run that is over, and write its reports\n"
         "  loader compare A B [flags]             say what is worse in run B; see its --help\n"
         "  loader merge FILE... [flags]           put the parts of one run together; see its "
         "--help\n"
         "  loader prove SUITE [flags]             test its thresholds; see loader prove --help\n"
         "  loader experiment FILE... [flags]      run cases with expectations; see its --help\n"
         "  loader completion SHELL                print what completes arguments in a shell\n"
         "  loader --version | --help\n"
         "\n"
         "SUITE is a file, - for standard input, or one of the built-in suites:" +
         suites +
         ".\n"
         "A file NAME.js or NAME.ts is a k6 script, NAME.json a suite; of others, and of standard "
         "input, the text tells:\n"
         "a suite begins with {. TypeScript needs esbuild.\n"
         "The gateway is that of --url, else of GATEWAY_URL, else http://localhost:8080; API_KEY, "
         "MODEL, MAX_TOKENS and\n"
         "TEMPERATURE of the environment, or of -e, win over what the suite says.\n"
         "\n" +
         CommandFlags::help() +
         "\n"
         "Exit codes: 0 passed, 99 a threshold was crossed, 100 setup or 101 teardown took too "
         "long, 104 suite or flags\n"
         "are wrong, 105 interrupted, 107 a flow or a script could not be carried out, 108 aborted "
         "by the suite,\n"
         "110 a script has marked the run as failed, 120 of prove and experiment: not proven, 121 "
         "a verdict hangs on\n"
         "the loader's own lateness, 122 of compare: something is worse, 123 of merge: the verdict "
         "is incomplete; of run:\n"
         "not all shards came to --start-together, 255 anything else.\n";
}

}  // namespace loader
