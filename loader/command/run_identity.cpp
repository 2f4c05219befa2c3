#include "loader/command/run_identity.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "loader/command/replay.h"
#include "loader/scenarios/execution_plan.h"
#include "loader/script/crypto.h"
#include "shared/base/json.h"

namespace loader {
namespace {

// Long enough that no two are alike by chance.
constexpr std::size_t kDigestBytes = 16;

std::string digest_of(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  const auto bytes = digest("sha256", text);
  for (const char c : bytes.value().substr(0, kDigestBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    hex += {kHex[byte >> 4], kHex[byte & 15]};
  }
  return hex;
}

// What a suite's text makes of the variables that it names. A script sees all that there are, and
// some tell the parts apart; so its variables are its own affair.
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

std::map<std::string, std::string> facts_of(const Suite& suite, const RunSpec& spec,
                                            const RunCommand& command,
                                            const RunEnvironment& environment,
                                            const SuiteText& text) {
  std::map<std::string, std::string> facts;
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
  facts["the gateway"] = command.simulate
                             ? "simulated: " + *command.simulate + ", network " + command.network
                             : digest_of(spec.base_url.authority() + spec.base_url.target);
  facts["--no-llm-metrics"] = spec.meters_scripts ? "off" : "on";
  return facts;
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
