#include "loader/command/run_identity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "loader/command/program_facts.h"
#include "loader/command/replay.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/world/simulation.h"
#include "shared/base/json.h"
#include "shared/base/named_file.h"

namespace loader {
namespace {

// What a suite's text makes of the variables that it names. A script's are facts of their own.
std::string text_with_variables(const SuiteText& text, const RunEnvironment& environment) {
  std::string all = text.text;
  if (text.is_script) return all;
  for (const std::string& name : variables_of(text.text)) {
    const auto found = environment.set_by_user.find(name);
    if (found != environment.set_by_user.end()) all.append("\n" + name + "=" + found->second);
  }
  return all;
}

// Those that differ between parts, or are compared by what came of them.
bool is_compared(std::string_view option) {
  constexpr std::array<std::string_view, 8> kOthers{
      "executionSegment", "executionSegmentSequence", "tags",   "scenarios",
      "thresholds",       "summaryTrendStats",        "stages", "summaryTimeUnit"};
  return std::ranges::find(kOthers, option) == kOthers.end();
}

std::string digest_of_gateway(const RunSpec& spec, const RunCommand& command) {
  if (!command.simulate) return digest_of(spec.base_url.authority() + spec.base_url.target);
  // One that can't be read is refused before the run.
  const auto gateway = find_gateway(*command.simulate);
  std::string all = gateway ? gateway->text : *command.simulate;
  if (!command.network.empty()) {
    const auto network = lab::find_named_file("networks", command.network, "network");
    all.append("\n").append(network ? network->text : command.network);
  }
  return "simulated: " + digest_of(all);
}

Facts facts_of(const Suite& suite, const RunSpec& spec, const RunCommand& command,
               const RunEnvironment& environment, const SuiteText& text) {
  Facts facts;
  facts["the text of the suite, or its variables"] =
      digest_of(text_with_variables(text, environment));
  for (const Scenario& scenario : suite.options.scenarios) {
    facts["scenario " + scenario.name] =
        describe(scenario, {}) + ", from " + lab::format_duration(scenario.start_time);
  }
  for (const auto& [option, value] : suite.options.consolidated->items()) {
    if (is_compared(option)) facts["the option " + option] = digest_of(value.dump());
  }
  facts["the seed"] = std::to_string(spec.seed);
  facts["the gateway"] = digest_of_gateway(spec, command);
  if (suite.script) {
    add_script_facts(facts, *suite.script, command, environment);
  } else {
    add_prompt_facts(facts, suite);
  }
  facts["--no-llm-metrics"] = spec.meters_scripts ? "off" : "on";
  return facts;
}

std::vector<std::string> limits_of_simulated(const RunCommand& command) {
  if (!command.simulate) return {};
  const auto gateway = find_gateway(*command.simulate);
  if (!gateway) return {};
  auto limits = shared_limits(*gateway);
  return limits ? *std::move(limits) : std::vector<std::string>();
}

std::vector<DeclaredMetric> declared_by(const MetricRegistry& registry, MetricNames names) {
  std::vector<DeclaredMetric> declared;
  const std::size_t of_all = MetricRegistry(names).metrics().size();
  for (const MetricInfo& metric : registry.metrics().subspan(of_all)) {
    declared.push_back({.name = metric.name, .type = metric.type, .kind = metric.kind});
  }
  return declared;
}

std::vector<ThresholdsRecord> thresholds_of(const Suite& suite) {
  std::vector<ThresholdsRecord> records;
  for (const MetricThresholds& metric : suite.thresholds) {
    ThresholdsRecord& record =
        records.emplace_back(ThresholdsRecord{.metric = suite.registry.info(metric.metric).name});
    for (const Threshold& threshold : metric.thresholds) {
      record.thresholds.push_back(threshold.expression.source);
    }
  }
  return records;
}

}  // namespace

RunPartIdentity run_identity(const Suite& suite, const RunSpec& spec, const RunCommand& command,
                             const RunEnvironment& environment, const SuiteText& text) {
  const Options& options = suite.options;
  const std::vector<ExecutionSegment> sequence = options.execution_segment_sequence.empty()
                                                     ? sequence_around(options.execution_segment)
                                                     : options.execution_segment_sequence;
  const MetricNames names = suite.script ? MetricNames::script : MetricNames::suite;
  RunIdentity run{.loader = LAB_VERSION,
                  .suite = suite.name,
                  .names = names,
                  .facts = facts_of(suite, spec, command, environment, text),
                  .shared_limits = limits_of_simulated(command),
                  .sequence = to_string(sequence),
                  .vus_planned = plan_execution(options.scenarios, {}).vus_planned,
                  .declared = declared_by(suite.registry, names),
                  .thresholds = thresholds_of(suite),
                  .no_data = spec.no_data,
                  .trend_stats = options.summary_trend_stats,
                  .time_unit = options.summary_time_unit};
  return {.run = std::move(run),
          .segment = to_string(options.execution_segment),
          .tags = {options.tags.begin(), options.tags.end()}};
}

}  // namespace loader
