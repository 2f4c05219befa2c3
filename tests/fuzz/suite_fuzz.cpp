// A suite file: read, and what `loader run` asks of it before it starts.
#include <algorithm>
#include <string>
#include <variant>

#include "loader/scenarios/execution_plan.h"
#include "loader/suite/possible_samples.h"
#include "loader/suite/suite.h"
#include "tests/fuzz/fuzz.h"

namespace loader {
namespace {

const SuiteSettings& settings() {
  static const SuiteSettings settings{.environment = make_environment({}, {}).value(), .flags = {}};
  return settings;
}

// The plan of ramping-vus has a step for every VU that begins or ends: by the million they are not
// an input's work.
bool is_planned_soon(const ScenarioFlow& scenario) {
  constexpr std::uint64_t kVusMax = 1000;
  const auto* const ramping = std::get_if<RampingVus>(&scenario.scenario.model);
  return ramping == nullptr || (ramping->start_vus <= kVusMax &&
                                std::ranges::all_of(ramping->stages, [](const Stage& stage) {
                                  return stage.target <= kVusMax;
                                }));
}

void check(const Suite& suite) {
  assert(!suite.name.empty() && !suite.scenarios.empty());
  const auto share =
      ExecutionShare::of(suite.options.execution_segment, suite.options.execution_segment_sequence);
  if (!share || !std::ranges::all_of(suite.scenarios, is_planned_soon)) return;
  const ExecutionPlan plan = plan_execution(suite.options.scenarios, *share);
  assert(plan.vus_planned <= plan.vus_max && plan.duration_max >= lab::Duration::zero());
  static const Url base = parse_url("http://gateway:8080").value();
  (void)impossible_thresholds(suite.thresholds, suite.registry, possible_samples(suite, base));
}

}  // namespace
}  // namespace loader

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loader;
  const SuiteText text{
      .text = std::string(lab::fuzz::text_of(data, size)), .file = "suite.json", .folder = {}};
  const auto suite = read_suite(text, settings());
  if (suite) {
    check(*suite);
  } else {
    lab::fuzz::check_refusal(suite.error(), text.file);
  }
  return 0;
}
