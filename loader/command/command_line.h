// The loader's flags, k6's names where k6 has one, and the same from K6_… variables.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "loader/command/log_lines.h"
#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/shard.h"
#include "loader/suite/options.h"
#include "loader/suite/suite.h"
#include "loader/summary/summary_text.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"
#include "shared/base/time.h"

namespace loader {

/// `loader run SUITE …`, and `loader inspect SUITE …`, which shows what would be run.
struct RunCommand {
  std::string suite;
  std::optional<std::string> suite_text;  ///< Instead of the file's; "-" is standard input.
  ExecutionShortcuts shortcuts;
  std::vector<std::string> assignments;  ///< -e NAME=VALUE, in order.
  std::optional<std::string> url;
  /// Set for --simulate: the gateway file, or "" for the embedded healthy one.
  std::optional<std::string> simulate;
  std::string network;  ///< A file that describes the simulated network; empty: the suite's, or a
                        ///< quiet one.
  std::optional<std::uint64_t> seed;
  unsigned threads = 1;
  TagMap tags;                         ///< Instead of the suite's, as in k6.
  std::vector<OptionSetting> options;  ///< Over the suite's.
  ProxyRules proxies;
  std::string module_cache;  ///< Where modules from the network are kept; empty: nowhere.
  std::string config;        ///< A file of options below the suite's; empty: none.
  bool sees_system_environment = true;
  std::vector<std::string> warnings;
  std::optional<ExecutionSegment> segment;
  std::vector<ExecutionSegment> segment_sequence;
  std::optional<Shard> shard;  ///< As --shard says it; segment and sequence follow from it.
  std::string mergeable;       ///< The run file; empty: none.
  std::optional<lab::WallTime> start_at;
  std::string start_together;  ///< A folder; empty: the run waits for nobody.
  bool no_thresholds = false;
  std::optional<NoDataPolicy> no_data{};  ///< None: a script is judged as k6 judges it.
  bool no_summary = false;
  SummaryMode summary_mode = SummaryMode::compact;
  std::vector<std::string> summary_trend_stats;
  /// Of the summary after k6's handleSummary; empty: NAME-test-summary.json, "none": none.
  std::string summary_file;
  std::string summary_export;        ///< A file; empty: none. "-", as for all of these: the output.
  std::vector<std::string> outputs;  ///< "json=FILE", "csv=FILE".
  std::string samples;               ///< A file; empty: none.
  std::string junit;                 ///< A file; empty: none.
  std::string markdown;              ///< A file; empty: none.
  std::string html;                  ///< A file; empty: none.
  std::string dashboard;             ///< ADDRESS:PORT; empty: there is none.
  std::string log_output = "stderr";                 ///< Or "stdout", "none", "file=FILE".
  ScriptLogLevel log_level = ScriptLogLevel::debug;  ///< The least that goes there.
  LogFormat log_format = LogFormat::plain;
  /// The file of a script's console; none: its lines are among the messages.
  std::optional<lab::Setting> console_output;
  bool is_verbose = false;      ///< A script's console.debug() is shown.
  bool no_llm_metrics = false;  ///< A script's chat requests are not measured as such.
  bool quiet = false;
  bool no_color = false;
  bool json = false;  ///< inspect only: print the suite's file.
  /// As it was given, for the command that runs it again.
  std::vector<std::string> arguments;
  std::vector<lab::Setting> taken_from_environment;  ///< Flags that variables have set.
};

/// `arguments` are those after the command's name. Flags win over K6_… variables. The Error says
/// which flag is wrong and what it takes. `standard_input` is read where the suite is "-"; null:
/// there is none.
[[nodiscard]] lab::Result<RunCommand> parse_run_command(const std::vector<std::string>& arguments,
                                                        const lab::EnvironmentLookup& environment,
                                                        std::istream* standard_input = nullptr);

/// The same for `loader inspect`, which has no use for some of the flags.
[[nodiscard]] lab::Result<RunCommand> parse_inspect_command(
    const std::vector<std::string>& arguments, const lab::EnvironmentLookup& environment,
    std::istream* standard_input = nullptr);

/// The suite that a command is about.
[[nodiscard]] lab::Result<SuiteText> suite_of(const RunCommand& command);

/// The text of --help.
[[nodiscard]] std::string usage();

}  // namespace loader
