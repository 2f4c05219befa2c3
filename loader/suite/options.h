// A suite's options, as k6 knows them; how the command line changes what is to be run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/system_tags.h"
#include "loader/http/client_options.h"
#include "loader/scenarios/execution_segment.h"
#include "loader/scenarios/scenario.h"
#include "shared/base/json_reader.h"
#include "shared/base/owned_json.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace loader {

/// k6's short ways to say what is to be run, in a file's options or as flags.
struct ExecutionShortcuts {
  std::optional<std::uint64_t> vus{};
  std::optional<lab::Duration> duration{};
  std::optional<std::uint64_t> iterations{};
  std::vector<Stage> stages{};

  [[nodiscard]] bool is_empty() const { return !vus && !duration && !iterations && stages.empty(); }
};

/// One option as a flag or a variable says it.
struct OptionSetting {
  std::string option;
  std::string source;  ///< "--rps", "K6_RPS": for messages.
  lab::OwnedJson value;
};

/// What is said of the options outside of the suite's file, from the strongest to the weakest: the
/// settings, in order; then the suite; then the file of --config.
struct OptionLayers {
  std::vector<OptionSetting> settings;
  std::string config_file;
  lab::OwnedJson config;      ///< Null: there is none.
  bool is_of_script = false;  ///< The suite is a script: what is about scripts has its effect.
};

struct Options {
  std::vector<Scenario> scenarios;                       ///< At least one; shortcuts are resolved.
  ExecutionShortcuts shortcuts;                          ///< As written.
  lab::OwnedJson scenarios_as_written;                   ///< Null where shortcuts are used.
  lab::OwnedJson thresholds = lab::OwnedJson::object();  ///< As written; see threshold_reader.h.
  std::vector<std::string> summary_trend_stats;          ///< Empty: k6's.
  std::string summary_time_unit;                         ///< "", "s", "ms" or "us".
  TagMap tags;                                           ///< On every sample.
  ExecutionSegment execution_segment;
  std::vector<ExecutionSegment>
      execution_segment_sequence;  ///< Empty: filled up around the segment.
  bool no_setup = false;
  bool no_teardown = false;
  lab::Duration setup_timeout = std::chrono::seconds(60);
  lab::Duration teardown_timeout = std::chrono::seconds(60);
  lab::Duration summary_timeout = std::chrono::seconds(120);  ///< Of a script's handleSummary().
  lab::Duration min_iteration_duration{};
  ClientOptions client;
  SystemTags system_tags;
  bool no_color = false;
  /// What came of all layers, as a script sees it: k6's options that are set, as they were written.
  lab::OwnedJson consolidated = lab::OwnedJson::object();
  std::vector<std::string> warnings;  ///< What is set without effect, unknown keys: for people.
};

void fields(lab::Fields& f, Options& c);
[[nodiscard]] lab::Json options_schema(lab::SchemaPrinter& printer);

/// Reads the options object as `k6 inspect` prints it; null members count as absent. What
/// k6_options.h has as refused is a problem, what it has as warned and unknown keys are warnings.
[[nodiscard]] Options read_options(const lab::JsonValue& value);
/// The same with what is said elsewhere; the problems of that go to `layer_problems`.
[[nodiscard]] Options read_options(const lab::JsonValue& value, const OptionLayers& layers,
                                   lab::JsonProblems& layer_problems);

/// Scenarios as a file's shortcuts describe them: one, named "default". More than one of iterations
/// (with duration as its limit), duration and stages is an Error. None at all: one iteration of one
/// VU.
[[nodiscard]] lab::Result<std::vector<Scenario>> scenarios_of(const ExecutionShortcuts& shortcuts);

/// What the flags -u, -d, -i and -s make of a suite's scenarios. As in k6 they replace what the
/// file says is to be run; but what they leave open is taken from the suite's single scenario: its
/// flow, tags and VUs. So `-d 10s` shortens a scenario to 10s: stages in proportion. The Error says
/// which flags don't go with the suite.
[[nodiscard]] lab::Result<std::vector<Scenario>> apply_shortcuts(std::vector<Scenario> scenarios,
                                                                 const ExecutionShortcuts& flags);

/// The same of a script's options, just as k6 does it: flags that say what is to be run leave
/// nothing of what the script says of that but its `vus`; -u alone replaces these. `consolidated`
/// follows.
[[nodiscard]] lab::Result<void> apply_shortcuts_to_script(Options& options,
                                                          const ExecutionShortcuts& flags);

/// Parses k6's --stage: "10s:5", or several separated by commas.
[[nodiscard]] lab::Result<std::vector<Stage>> parse_stages(std::string_view text);

}  // namespace loader
