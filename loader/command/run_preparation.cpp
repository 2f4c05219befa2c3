#include "loader/command/run_preparation.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "loader/command/command_variables.h"
#include "loader/command/option_layers.h"
#include "loader/command/replay.h"
#include "loader/command/run_identity.h"
#include "loader/command/script_discovery.h"
#include "loader/http/header_rules.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/scenarios/scenario_share.h"
#include "loader/suite/k6_options.h"
#include "loader/suite/possible_samples.h"
#include "loader/thresholds/threshold_audit.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"
#include "shared/base/text_file.h"

namespace loader {
namespace {

// Where the gateway is in a simulation; the name is one that every SimRuntime knows.
constexpr std::string_view kSimulatedUrl = "http://localhost:8080";

void apply_flags(Options& options, const RunCommand& command) {
  if (!command.summary_trend_stats.empty()) {
    options.summary_trend_stats = command.summary_trend_stats;
  }
  // As in k6 they replace the suite's.
  if (!command.tags.empty()) {
    options.tags = command.tags;
    lab::Json all = *options.consolidated;
    all["tags"] = lab::Json::object();
    for (const auto& [name, value] : command.tags) all["tags"][name] = value;
    options.consolidated = std::move(all);
  }
  if (command.segment) options.execution_segment = *command.segment;
  if (!command.segment_sequence.empty()) {
    options.execution_segment_sequence = command.segment_sequence;
  }
}

// A variable that looks like k6's and is none would be missed.
void warn_of_variables(PreparedRun& prepared, const RunEnvironment& environment) {
  for (const auto& [name, value] : environment.set_by_user) {
    if (!name.starts_with("K6_") || is_of_other_parts(name)) continue;
    const auto known = k6_options();
    const bool is_known = std::any_of(known.begin(), known.end(), [&name](const K6Option& option) {
      return option.variable == name;
    });
    if (!is_known) prepared.warnings.push_back(name + " is no variable of k6, and has no effect");
  }
}

// As in k6 a tag that samples have of themselves stands over the user's.
void warn_of_tags(PreparedRun& prepared, const RunCommand& command) {
  const Options& options = prepared.suite.options;
  const std::string source =
      command.tags.empty() ? "options.tags" : source_of("tag", command.taken_from_environment);
  for (const auto& [name, value] : options.tags) {
    if (!SystemTags::is_set(name) || !options.system_tags.has(name)) continue;
    prepared.warnings.push_back(source + ": samples have a tag \"" + name +
                                "\" of their own, which stands over this one; systemTags can "
                                "leave it out");
  }
}

// What is for scripts alone; the options' reader has told of those that are options. k6's flags may
// stand in a command line for both, loader's own may not.
lab::Result<void> check_flags_of_scripts(PreparedRun& prepared, const RunCommand& command) {
  if (prepared.suite.script) return {};
  const auto warn = [&prepared](const std::string& source, std::string_view flag) {
    const auto option = std::ranges::find(k6_options(), flag, &K6Option::flag);
    prepared.warnings.push_back(source + " " + std::string(option->says));
  };
  if (command.console_output) warn(command.console_output->source, "console-output");
  if (command.is_verbose) warn("--verbose", "verbose");
  if (!command.no_llm_metrics) return {};
  return lab::Error{"--no-llm-metrics",
                    "is for scripts; of a suite, a step that is chat is measured as such, and one "
                    "that is http is not"};
}

lab::Result<Url> gateway_url(const RunCommand& command, const RunEnvironment& environment) {
  if (command.simulate) return parse_url(kSimulatedUrl);
  const std::string text = command.url.value_or(environment.gateway_url());
  const std::string where = command.url ? "--url" : "GATEWAY_URL";
  auto url = parse_url(text);
  if (!url) {
    return lab::Error{where, "\"" + text +
                                 "\" is not a URL of a gateway; write http:// or https://, " +
                                 "a host, and if need be a port and a path: http://localhost:8080"};
  }
  // Paths are added to it, so a query could only get lost.
  if (text.find_first_of("?#") != std::string::npos) {
    return lab::Error{where, "\"" + text + "\" has a query or a fragment; steps have their own"};
  }
  return url;
}

lab::Result<void> check_in_head(const std::string& value, const std::string& where) {
  if (auto problem = header_value_problem(value)) return lab::Error{where, *std::move(problem)};
  return {};
}

// What --network names, over the suite's own.
lab::Result<void> apply_network_file(lab::NetworkModel& network, const std::string& file) {
  if (file.empty()) return {};
  const auto named = lab::find_named_file("networks", file, "network");
  if (!named) return named.error();
  const auto json = lab::parse_json(named->text, named->file);
  if (!json) return json.error();
  lab::JsonProblems problems(named->file);
  network = lab::read_network_model(lab::JsonValue(*json, "", problems));
  if (!problems.empty()) return lab::Error{{}, problems.to_string()};
  return {};
}

bool is_below_v1(const std::string& path) {
  return path == "/v1" || path.starts_with("/v1/") || path.starts_with("/v1?");
}

bool has_paths_below_v1(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    if (const auto* const chat = std::get_if<ChatStep>(&step.action))
      return is_below_v1(chat->path);
    if (const auto* const http = std::get_if<HttpStep>(&step.action))
      return is_below_v1(http->path);
    if (const auto* const group = std::get_if<GroupStep>(&step.action)) {
      return has_paths_below_v1(group->steps);
    }
    if (const auto* const repeat = std::get_if<RepeatStep>(&step.action)) {
      return has_paths_below_v1(repeat->steps);
    }
    const auto* const pick = std::get_if<PickStep>(&step.action);
    return pick != nullptr && std::any_of(pick->branches.begin(), pick->branches.end(),
                                          [](const PickStep::Branch& branch) {
                                            return has_paths_below_v1(branch.steps);
                                          });
  });
}

// SDKs take a base URL with the /v1 that a suite's paths have already.
void drop_second_v1(Url& url, const Suite& suite) {
  std::string base = url.target;
  while (base.ends_with('/')) base.pop_back();
  if (!base.ends_with("/v1")) return;
  const bool is_said_twice =
      std::any_of(suite.scenarios.begin(), suite.scenarios.end(),
                  [](const ScenarioFlow& each) { return has_paths_below_v1(each.flow.steps); }) ||
      (suite.setup && has_paths_below_v1(suite.setup->steps)) ||
      (suite.teardown && has_paths_below_v1(suite.teardown->steps));
  if (is_said_twice) url.target = base.substr(0, base.size() - 2);
}

std::string replay_of(const RunCommand& command, const RunEnvironment& environment,
                      const std::string& suite_text) {
  const auto lookup = [&environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.set_by_user.find(name);
    if (found == environment.set_by_user.end()) return std::nullopt;
    return found->second;
  };
  return replay_command({.arguments = command.arguments,
                         .assignments = command.assignments,
                         .taken_from_environment = command.taken_from_environment,
                         .suite_text = suite_text},
                        lookup);
}

// A search decides by what it has measured itself, so there can be only one of it.
lab::Result<void> check_searches(const Options& options, const ExecutionShare& share,
                                 unsigned threads) {
  for (const Scenario& scenario : options.scenarios) {
    if (!std::holds_alternative<SaturationSearch>(scenario.model)) continue;
    const std::string alone =
        "scenario " + scenario.name + " is a saturation-search, whose levels are judged as one; ";
    if (threads > 1) return lab::Error{"--threads", alone + "use --threads 1"};
    if (share.fraction() < 1) {
      return lab::Error{"options.executionSegment, --execution-segment",
                        alone + "run it without segments"};
    }
  }
  return {};
}

// What is compared between parts is read before the run reads it.
lab::Result<void> check_read_twice(const std::string& flag, const std::string& file) {
  std::error_code ignored;
  if (file.empty() || !std::filesystem::exists(file, ignored) ||
      std::filesystem::is_regular_file(file, ignored) ||
      std::filesystem::is_directory(file, ignored)) {
    return {};
  }
  return lab::Error{"--mergeable", file + " of " + flag + " is no regular file, and is read twice"};
}

// A search decides by what it measures; where it went is no part of what can be added up.
lab::Result<void> check_mergeable(const Options& options, const RunCommand& command) {
  if (command.mergeable.empty()) return {};
  if (const auto good = check_read_twice("--simulate", command.simulate.value_or("")); !good) {
    return good;
  }
  if (const auto good = check_read_twice("--network", command.network); !good) return good;
  for (const Scenario& scenario : options.scenarios) {
    if (!std::holds_alternative<SaturationSearch>(scenario.model)) continue;
    return lab::Error{"--mergeable", "scenario " + scenario.name +
                                         " is a saturation-search, which is one process's affair: "
                                         "there is nothing to merge"};
  }
  return {};
}

bool is_of_scenario(const MetricInfo& metric, const std::string& name) {
  return std::find(metric.tags.begin(), metric.tags.end(),
                   std::pair<std::string, std::string>("scenario", name)) != metric.tags.end();
}

// As in k6: what a segment has no part of is left out, and with it what is asked of it alone.
void leave_out_idle(PreparedRun& prepared) {
  Suite& suite = prepared.suite;
  const ExecutionShare& share = prepared.spec.share;
  for (const Scenario& scenario : suite.options.scenarios) {
    if (scenario_share(scenario.model, share)) continue;
    prepared.warnings.push_back("this execution segment has no part of scenario " + scenario.name);
    std::erase_if(suite.thresholds, [&](const MetricThresholds& thresholds) {
      return is_of_scenario(suite.registry.info(thresholds.metric), scenario.name);
    });
  }
  std::erase_if(suite.scenarios, [&](const ScenarioFlow& of_suite) {
    return !scenario_share(of_suite.scenario.model, share);
  });
  std::erase_if(suite.options.scenarios,
                [&](const Scenario& scenario) { return !scenario_share(scenario.model, share); });
  // Where nothing is measured nothing can be judged; the other segments do that.
  if (suite.scenarios.empty()) suite.thresholds.clear();
}

// A script's virtual users have a heap each, and a process may have so many maps of memory.
lab::Result<void> check_vus(const PreparedRun& prepared) {
  if (!prepared.suite.script) return {};
  const std::uint64_t wanted =
      plan_execution(prepared.suite.options.scenarios, prepared.spec.share).vus_max;
  const std::uint64_t most = script_vus_max();
  if (wanted <= most) return {};
  return lab::Error{{},
                    "the script wants " + std::to_string(wanted) +
                        " virtual users; this machine "
                        "carries " +
                        std::to_string(most) +
                        " of a script, by vm.max_map_count (each has "
                        "a JavaScript heap of its own); raise it, run fewer, or split the load by "
                        "--execution-segment among machines"};
}

lab::Result<void> check_trend_stats(const Options& options) {
  for (const std::string& stat : options.summary_trend_stats) {
    const auto known = check_trend_stat(stat);
    if (!known) return lab::Error{"options.summaryTrendStats", known.error().what};
  }
  return {};
}

// What its file says, and the flags over it. A script says it by being run.
boost::system::result<Suite, RefusedRun> suite_to_run(
    const SuiteText& text, const RunCommand& command, const RunEnvironment& environment,
    const std::function<void(const ScriptLogLine&)>& log) {
  auto layers = option_layers(command);
  if (!layers) return layers.error();
  std::shared_ptr<const Script> script;
  if (text.is_script) {
    auto discovered = discover_script(text, command, environment, log);
    if (!discovered) return discovered.error();
    script = *std::move(discovered);
    layers->is_of_script = true;
  }
  // Those of a shard are judged in any case, by loader merge.
  const bool are_judged = !command.no_thresholds || !command.mergeable.empty();
  auto suite =
      read_suite(text, {environment, command.shortcuts, *std::move(layers), script, are_judged});
  if (!suite) return suite.error();
  apply_flags(suite->options, command);
  if (const auto network = apply_network_file(suite->network, command.network); !network) {
    return network.error();
  }
  if (const auto stats = check_trend_stats(suite->options); !stats) return stats.error();
  return *std::move(suite);
}

RunSpec spec_of(const RunCommand& command) {
  RunSpec spec;
  spec.seed = command.seed.value_or(spec.seed);
  spec.is_seeded = command.seed.has_value();
  spec.evaluates_thresholds = !command.no_thresholds;
  spec.records = !command.mergeable.empty();
  // Whoever merges may want to see the parts, too.
  spec.breaks_down = spec.records || command.summary_mode == SummaryMode::full;
  spec.threads = command.threads;
  spec.reaches_gateway_only = command.simulate.has_value();
  spec.meters_scripts = !command.no_llm_metrics;
  return spec;
}

}  // namespace

boost::system::result<PreparedRun, RefusedRun> prepare_run(
    const RunCommand& command, const RunEnvironment& environment,
    const std::function<void(const ScriptLogLine&)>& log) {
  const auto text = suite_of(command);
  if (!text) return text.error();
  // Before the suite, whose steps may name it.
  if (const auto key = check_in_head(environment.api_key(), "API_KEY"); !key) return key.error();
  auto suite = suite_to_run(*text, command, environment, log);
  if (!suite) return suite.error();
  const auto share = ExecutionShare::of(suite->options.execution_segment,
                                        suite->options.execution_segment_sequence);
  if (!share) return share.error();
  if (const auto alone = check_searches(suite->options, *share, command.threads); !alone) {
    return alone.error();
  }
  if (const auto mergeable = check_mergeable(suite->options, command); !mergeable) {
    return mergeable.error();
  }
  if (const auto agent = check_in_head(suite->options.client.user_agent.value_or(""),
                                       source_of_option("userAgent", command));
      !agent) {
    return agent.error();
  }
  auto url = gateway_url(command, environment);
  if (!url) return url.error();

  drop_second_v1(*url, *suite);
  // A simulation is the same wherever it runs.
  if (!command.simulate) suite->options.client.proxies = command.proxies;

  RunSpec spec = spec_of(command);
  // k6 lets a rate pass that nothing was added to: many scripts add to it what fails alone.
  spec.no_data = command.no_data.value_or(suite->script ? NoDataPolicy::pass : NoDataPolicy::fail);
  spec.base_url = *std::move(url);
  spec.api_key = environment.api_key();
  spec.share = *share;
  PreparedRun prepared{.suite = *std::move(suite),
                       .spec = std::move(spec),
                       .warnings = command.warnings,
                       .replay = replay_of(command, environment, text->text)};
  if (prepared.spec.records) {
    prepared.part = run_identity(prepared.suite, prepared.spec, command, environment, *text);
    // All parts set up; what one of them measures of that is what one process would have.
    prepared.spec.measures_setup = prepared.suite.options.execution_segment.from.num == 0;
  }
  const std::vector<std::string>& said = prepared.suite.options.warnings;
  prepared.warnings.insert(prepared.warnings.end(), said.begin(), said.end());
  if (const auto of_scripts = check_flags_of_scripts(prepared, command); !of_scripts) {
    return of_scripts.error();
  }
  warn_of_tags(prepared, command);
  warn_of_variables(prepared, environment);
  leave_out_idle(prepared);
  if (const auto few = check_vus(prepared); !few) return few.error();
  if (prepared.suite.script) {
    expect_script_vus(
        plan_execution(prepared.suite.options.scenarios, prepared.spec.share).vus_planned);
  }
  // What a script measures, nobody knows before it runs.
  if (prepared.suite.script) return prepared;
  for (std::string& warning :
       impossible_thresholds(prepared.suite.thresholds, prepared.suite.registry,
                             possible_samples(prepared.suite, prepared.spec.base_url))) {
    prepared.warnings.push_back(std::move(warning));
  }
  return prepared;
}

RunPlan make_run_plan(const PreparedRun& prepared, std::string execution,
                      std::vector<std::string> outputs) {
  const ExecutionShare& share = prepared.spec.share;
  const ExecutionPlan needs = plan_execution(prepared.suite.options.scenarios, share);
  RunPlan plan;
  plan.execution = std::move(execution);
  plan.suite = prepared.suite.source;
  plan.outputs = std::move(outputs);
  plan.segment_share = share.fraction();
  plan.vus_max = needs.vus_max;
  plan.duration_max = needs.duration_max;
  for (const Scenario& scenario : prepared.suite.options.scenarios) {
    plan.scenarios.push_back({scenario.name, describe(scenario, share)});
  }
  return plan;
}

}  // namespace loader
