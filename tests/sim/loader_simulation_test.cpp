// Runs in a simulated world: the built-in suites, the same bytes each time, and how such a world
// ends.
#include <gtest/gtest.h>

#include "loader/summary/summary_json.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_text.h"
#include "shared/sim/sim_runtime.h"
#include "tests/sim/simulated_runs.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

TEST(SimulatedRun, SmokePassesAgainstAHealthyGateway) {
  const RunResult result = simulated(prepare(simulate_command("smoke")));
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  EXPECT_TRUE(result.errors.empty());
  EXPECT_TRUE(result.summary.errors.empty());
  EXPECT_GE(result.summary.duration, 30s);
  EXPECT_LT(result.summary.duration, 35s);
  // Three requests an iteration, an iteration every two seconds or so.
  EXPECT_EQ(count(result, "http_reqs"), 3 * count(result, "iterations"));
  EXPECT_GT(count(result, "iterations"), 10);
}

TEST(SimulatedRun, IsNotAskedWhetherItWasLate) {
  const RunResult result = simulated(prepare(simulate_command("smoke")));
  EXPECT_FALSE(result.summary.self_doubt);
  EXPECT_EQ(summary_json(result.summary).find("self_doubt"), std::string::npos);
}

TEST(SimulatedRun, SameSeedSameBytesAnotherSeedOthers) {
  const auto bytes = [](std::uint64_t seed) {
    const RunResult result = simulated(prepare(simulate_command("smoke", seed)));
    return summary_text(result.summary, {}) + summary_json(result.summary);
  };
  const std::string once = bytes(7);
  EXPECT_EQ(once, bytes(7));
  EXPECT_NE(once, bytes(8));
}

TEST(SimulatedRun, AnInterruptEndsItWithASummary) {
  const PreparedRun prepared = prepare(simulate_command("stress"));
  Simulation simulation(1);
  int asked = 0;
  RunObserver observer;
  observer.is_interrupted = [&asked] { return ++asked > 3; };
  std::uint64_t interrupted = 0;
  observer.finished = [&](const RunProgress& last) { interrupted = last.interrupted; };
  const auto result =
      simulation.run(prepared.suite, prepared.spec, find_gateway("").value(), std::move(observer))
          .value();
  EXPECT_EQ(result.exit_code, ExitCode::interrupted);
  EXPECT_LT(result.summary.duration, 5min);
  EXPECT_GE(interrupted, 1u);
  EXPECT_EQ(simulation.runtime().pending().events, 0u);
}

std::string aborting_suite(const std::string& setup, const std::string& steps) {
  return R"({"name": "abort", "options": {"vus": 3, "duration": "10s"}, "setup": [)" + setup +
         R"(], "teardown": [{"http": {"path": "/health"}, "name": "teardown",
            "checks": {"teardown ran": {"status": 200}}}],
            "flows": {"default": [)" +
         steps + "]}}";
}

TEST(SimulatedRun, AnAbortStepEndsItWithACodeOfItsOwnAndTeardown) {
  const RunResult result = simulated(prepare_text(
      aborting_suite(R"({"sleep": "1s"})", R"({"sleep": "2s"}, {"abort": "enough"})")));
  EXPECT_EQ(result.exit_code, ExitCode::aborted_by_suite);
  EXPECT_EQ(result.errors, std::vector<std::string>{"a flow aborted the run: enough"});
  EXPECT_GE(result.summary.duration, 3s);
  EXPECT_LT(result.summary.duration, 4s);
  EXPECT_EQ(std::get<RateValues>(metric(result, "checks").values).passes, 1u);
}

TEST(SimulatedRun, AnAbortStepInSetupLeavesTheScenariosOut) {
  const RunResult result =
      simulated(prepare_text(aborting_suite(R"({"abort": "not ready"})", R"({"sleep": "2s"})")));
  EXPECT_EQ(result.exit_code, ExitCode::aborted_by_suite);
  EXPECT_EQ(result.errors, std::vector<std::string>{"setup aborted the run: not ready"});
  EXPECT_LT(result.summary.duration, 1s);
  EXPECT_EQ(std::get<RateValues>(metric(result, "checks").values).passes, 1u);
}

TEST(SimulatedRun, AnAbortStepMayBeTheFirst) {
  for (const char* const executor :
       {R"("constant-vus", "vus": 3, "duration": "10s")",
        R"("constant-arrival-rate", "rate": 5, "duration": "10s", "preAllocatedVUs": 3)"}) {
    const RunResult result = simulated(
        prepare_text(R"({"name": "abort", "options": {"scenarios": {"s": {"executor": )" +
                     std::string(executor) + R"(}}}, "flows": {"default": [{"abort": "no"}]}})"));
    EXPECT_EQ(result.exit_code, ExitCode::aborted_by_suite);
    EXPECT_EQ(result.errors, std::vector<std::string>{"a flow aborted the run: no"});
    EXPECT_LT(result.summary.duration, 1s);
  }
}

class SimulatedSuite : public testing::TestWithParam<const char*> {};

TEST_P(SimulatedSuite, PassesInFullAgainstAHealthyGateway) {
  const PreparedRun prepared = prepare(simulate_command(GetParam()));
  EXPECT_TRUE(prepared.warnings.empty());
  const RunResult result = simulated(prepared);
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  EXPECT_EQ(crossed(result), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, SimulatedSuite,
                         testing::Values("baseline", "stress", "soak", "streaming"));

// What a world that can't go on leaves: a verdict, a sentence that says where it stood, a summary.
RunResult given_up(const std::string& flow, lab::SimRuntime::Options options) {
  const PreparedRun prepared = prepare_text(
      R"({"name": "stuck", "options": {"scenarios": {"s": {"executor": "per-vu-iterations",
          "iterations": 1000000, "maxDuration": "10h"}}}, "flows": {"default": )" +
      flow + "}}");
  Simulation simulation(std::move(options));
  return simulation.run(prepared.suite, prepared.spec, find_gateway("instant").value(), {}).value();
}

TEST(SimulatedRun, AnInstantThatNeverEndsIsAFlowsFault) {
  lab::NetworkModel immediate;
  immediate.latency = lab::Distribution();
  const RunResult result = given_up(R"([{"http": {"path": "/health"}}])",
                                    {.network = immediate, .steps_per_instant_max = 50'000});
  EXPECT_EQ(result.exit_code, ExitCode::flow_failed);
  ASSERT_FALSE(result.errors.empty());
  EXPECT_NE(result.errors[0].find("too many steps without time moving (a flow that never waits?)"),
            std::string::npos)
      << result.errors[0];
  EXPECT_GT(count(result, "http_reqs"), 100);
  EXPECT_TRUE(result.summary.simulation);
}

TEST(SimulatedRun, AWorldThatMeetsABoundHasASummaryToo) {
  const RunResult result = given_up(R"([{"sleep": "1m"}])", {.time_max = 1h});
  EXPECT_EQ(result.exit_code, ExitCode::failure);
  ASSERT_FALSE(result.errors.empty());
  EXPECT_NE(result.errors[0].find("virtual time limit passed"), std::string::npos);
  EXPECT_EQ(count(result, "iterations"), 60);
}

TEST(SimulatedRun, OutputsAddNoEvent) {
  const PreparedRun prepared = prepare(simulate_command("smoke"));
  Outputs outputs;
  RunObserver observer;
  observer.outputs = &outputs;
  Simulation watched(1);
  Simulation alone(1);
  ASSERT_TRUE(watched.run(prepared.suite, prepared.spec, find_gateway("").value(), observer));
  ASSERT_TRUE(alone.run(prepared.suite, prepared.spec, find_gateway("").value(), {}));
  EXPECT_EQ(watched.runtime().events_run(), alone.runtime().events_run());
  EXPECT_EQ(watched.runtime().event_hash(), alone.runtime().event_hash());
}

// Iterations that each segment of a sequence runs of one scenario.
std::vector<double> iterations_by_segment(const std::string& executor, const std::string& sequence,
                                          const std::vector<std::string>& segments) {
  std::vector<double> counts;
  for (const std::string& segment : segments) {
    PreparedRun prepared = prepare_text(R"({"name": "part", "options": {"scenarios": {"s": {)" +
                                        executor + R"(}}, "executionSegment": ")" + segment +
                                        R"(", "executionSegmentSequence": ")" + sequence +
                                        R"("}, "flows": {"default": [{"sleep": "10ms"}]}})");
    const Options& options = prepared.suite.options;
    prepared.spec.share =
        ExecutionShare::of(options.execution_segment, options.execution_segment_sequence).value();
    const RunResult result = simulated(prepared);
    const SummaryMetric* const iterations = find_metric(result.summary.metrics, "iterations");
    const auto* const values =
        iterations != nullptr ? std::get_if<CounterValues>(&iterations->values) : nullptr;
    counts.push_back(values != nullptr ? values->count : 0);
  }
  return counts;
}

TEST(SimulatedRun, SegmentsHaveAsMuchOfTheLoadAsOfTheVus) {
  const std::string halves = "0,1/2,1";
  const std::string thirds = "0,1/3,2/3,1";
  const std::vector<std::string> of_thirds{"0:1/3", "1/3:2/3", "2/3:1"};
  using Counts = std::vector<double>;
  EXPECT_EQ(iterations_by_segment(R"("executor": "shared-iterations", "vus": 1, "iterations": 10)",
                                  halves, {"0:1/2", "1/2:1"}),
            (Counts{10, 0}));
  EXPECT_EQ(iterations_by_segment(
                R"("executor": "constant-arrival-rate", "rate": 12, "duration": "2s",
                   "preAllocatedVUs": 2)",
                thirds, of_thirds),
            (Counts{13, 12, 0}));
  EXPECT_EQ(iterations_by_segment(R"("executor": "shared-iterations", "vus": 5, "iterations": 23)",
                                  thirds, of_thirds),
            (Counts{9, 9, 5}));
  EXPECT_EQ(iterations_by_segment(R"("executor": "per-vu-iterations", "vus": 5, "iterations": 3)",
                                  thirds, of_thirds),
            (Counts{6, 6, 3}));
  EXPECT_EQ(iterations_by_segment(
                R"("executor": "ramping-arrival-rate", "startRate": 10, "preAllocatedVUs": 1,
                   "stages": [{"duration": "2s", "target": 10}])",
                halves, {"0:1/2", "1/2:1"}),
            (Counts{20, 0}));
}

TEST(SimulatedRun, VusOfAnOpenModelCountWhileTheyRunAnIteration) {
  const RunResult result = simulated(prepare_text(R"({"name": "active", "options": {
      "scenarios": {"s": {"executor": "constant-arrival-rate", "rate": 10, "duration": "10s",
                          "preAllocatedVUs": 50}},
      "thresholds": {"vus": ["value<20"], "vus_max": ["value==50"]}},
      "flows": {"default": [{"sleep": "950ms"}]}})"));
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  // Ten a second, each of nearly a second; one may begin just as they are counted.
  const auto& vus = std::get<GaugeValues>(metric(result, "vus").values);
  EXPECT_LE(vus.max, 10);
  EXPECT_GE(vus.min, 9);
}

TEST(SimulatedRun, SetupAndTeardownAreGroupsOfTheirOwn) {
  const std::string step = R"([{"http": {"path": "/health"}, "checks": {"is up": {"status": 200}}},
      {"group": {"name": "more", "steps": [{"http": {"path": "/health"}}]}}])";
  const RunResult result = simulated(prepare_text(
      R"({"name": "groups", "options": {"iterations": 2, "thresholds": {
          "checks{group:::setup}": ["rate==1"], "checks{group:::teardown}": ["rate==1"],
          "http_reqs{group:::setup::more}": ["count==1"],
          "group_duration{group:::teardown::more}": ["avg>0"],
          "data_sent{group:::setup}": ["count>0"]}},
          "setup": )" +
      step + R"(, "teardown": )" + step + R"(, "flows": {"default": )" + step + "}}"));
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  std::vector<std::string> paths;
  for (const SummaryGroup& group : result.summary.root.groups) paths.push_back(group.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"::setup", "::more", "::teardown"}));
  EXPECT_NE(summary_text(result.summary, {})
                .find("    ✓ is up\n\n"
                      "    █ setup\n\n"
                      "      ✓ is up\n\n"
                      "    █ teardown\n\n"
                      "      ✓ is up\n\n"),
            std::string::npos)
      << summary_text(result.summary, {});
}

}  // namespace
}  // namespace loader
