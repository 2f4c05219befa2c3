// Whole runs of suites against simulated gateways: what passes, what turns red, how a run ends.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <string>
#include <vector>

#include "loader/run_preparation.h"
#include "loader/simulate.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_text.h"
#include "shared/sim/sim_runtime.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

RunCommand command(std::string suite, std::uint64_t seed = 1) {
  RunCommand command;
  command.suite = std::move(suite);
  command.simulate = "";
  command.seed = seed;
  return command;
}

PreparedRun prepare(const RunCommand& command) {
  return prepare_run(command, make_environment({}, {}).value()).value();
}

PreparedRun prepare_text(const std::string& text, const RunCommand& flags = command("text")) {
  Suite suite =
      read_suite({text, "text.json", std::nullopt}, {make_environment({}, {}).value(), {}}).value();
  RunConfig config;
  config.base_url = parse_url("http://localhost:8080").value();
  config.api_key = "test-api-key";
  config.seed = flags.seed.value_or(1);
  return {std::move(suite), std::move(config), {}};
}

/// A whole simulated run, and proof that nothing is left afterwards.
RunResult simulated(const PreparedRun& prepared, GatewayText gateway = find_gateway("").value()) {
  Simulation simulation(prepared.config.seed);
  gateway.seed = prepared.config.seed;
  auto result = simulation.run(prepared, gateway, {});
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  const lab::SimRuntime::Pending pending = simulation.runtime().pending();
  EXPECT_EQ(pending.events, 0u) << simulation.runtime().describe();
  EXPECT_EQ(pending.connections, 0u) << simulation.runtime().describe();
  return *std::move(result);
}

GatewayText gateway(std::string text) { return {std::move(text), "gateway.json", {}}; }

std::vector<std::string> crossed(const RunResult& result) {
  return result.thresholds.crossed_metrics();
}

const SummaryMetric& metric(const RunResult& result, std::string_view name) {
  for (const SummaryMetric& each : result.summary.metrics) {
    if (each.name == name) return each;
  }
  ADD_FAILURE() << "no metric " << name;
  static const SummaryMetric kNone{};
  return kNone;
}

// What a world that can't go on leaves: a verdict, a sentence that says where it stood, a summary.
RunResult given_up(const std::string& flow, lab::SimRuntime::Options options) {
  const PreparedRun prepared = prepare_text(
      R"({"name": "stuck", "options": {"scenarios": {"s": {"executor": "per-vu-iterations",
          "iterations": 1000000, "maxDuration": "10h"}}}, "flows": {"default": )" +
      flow + "}}");
  Simulation simulation(std::move(options));
  return simulation.run(prepared, find_gateway("instant").value(), {}).value();
}

double count(const RunResult& result, std::string_view name) {
  return std::get<CounterValues>(metric(result, name).values).count;
}

TEST(SimulatedRun, SmokePassesAgainstAHealthyGateway) {
  const RunResult result = simulated(prepare(command("smoke")));
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  EXPECT_TRUE(result.errors.empty());
  EXPECT_TRUE(result.summary.errors.empty());
  EXPECT_GE(result.summary.duration, 30s);
  EXPECT_LT(result.summary.duration, 35s);
  // Three requests an iteration, an iteration every two seconds or so.
  EXPECT_EQ(count(result, "http_reqs"), 3 * count(result, "iterations"));
  EXPECT_GT(count(result, "iterations"), 10);
}

TEST(SimulatedRun, SameSeedSameBytesAnotherSeedOthers) {
  const auto bytes = [](std::uint64_t seed) {
    const RunResult result = simulated(prepare(command("smoke", seed)));
    return summary_text(result.summary, {}) + summary_json(result.summary);
  };
  const std::string once = bytes(7);
  EXPECT_EQ(once, bytes(7));
  EXPECT_NE(once, bytes(8));
}

TEST(SimulatedRun, AnInterruptEndsItAtTheNextSecondWithASummary) {
  const PreparedRun prepared = prepare(command("smoke"));
  Simulation simulation(1);
  int asked = 0;
  RunObserver observer;
  observer.is_interrupted = [&asked] { return ++asked > 3; };
  std::uint64_t interrupted = 0;
  observer.finished = [&](const RunProgress& last) { interrupted = last.interrupted; };
  const auto result =
      simulation.run(prepared, find_gateway("").value(), std::move(observer)).value();
  EXPECT_EQ(result.exit_code, ExitCode::interrupted);
  // Asked once before the scenarios start.
  EXPECT_EQ(result.summary.duration, 3s);
  EXPECT_EQ(interrupted, 1u);
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

class SimulatedSuite : public testing::TestWithParam<const char*> {};

TEST_P(SimulatedSuite, PassesInFullAgainstAHealthyGateway) {
  const PreparedRun prepared = prepare(command(GetParam()));
  EXPECT_TRUE(prepared.warnings.empty());
  const RunResult result = simulated(prepared);
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  EXPECT_EQ(crossed(result), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, SimulatedSuite,
                         testing::Values("baseline", "stress", "soak", "streaming"));

constexpr const char* kChatSuite = R"({
  "name": "chat",
  "options": {
    "scenarios": {"chat": {"executor": "constant-vus", "vus": 5, "duration": "2m"}},
    "thresholds": {"http_req_failed": ["rate<0.05"], "http_req_duration": ["p(95)<15000"],
                   "llm_success_rate": ["rate>0.95"], "checks": ["rate>0.99"]}
  },
  "flows": {"default": [
    {"chat": {"prompt": "Hello"}, "timeout": "60s", "checks": {"status is 200": {"status": 200}}},
    {"sleep": "1s"}
  ]}
})";

constexpr const char* kStreamSuite = R"({
  "name": "stream",
  "options": {
    "scenarios": {"stream": {"executor": "constant-vus", "vus": 5, "duration": "2m"}},
    "thresholds": {"http_req_failed": ["rate<0.05"], "llm_time_to_first_token": ["p(95)<5000"],
                   "llm_streaming_success": ["rate>0.95"], "http_req_duration": ["p(95)<60000"]}
  },
  "flows": {"default": [{"chat": {"prompt": "Hello", "stream": true}}, {"sleep": "1s"}]}
})";

TEST(BrokenGateway, ErrorsTurnTheRatesRedAndNotTheDurations) {
  const RunResult result = simulated(prepare_text(kChatSuite), gateway(R"({
    "faults": [{"name": "errors", "match": {"percent": 20}, "fault": {"kind": "status", "status": 503}}]})"));
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  EXPECT_EQ(crossed(result),
            (std::vector<std::string>{"checks", "http_req_failed", "llm_success_rate"}));
  ASSERT_EQ(result.summary.errors.size(), 1u);
  EXPECT_EQ(result.summary.errors[0].text, "status 503");
}

TEST(BrokenGateway, AnswersThatSayNothingAreFailures) {
  const GatewayText silent =
      gateway(R"({"faults": [{"name": "empty", "fault": {"kind": "empty_content"}}]})");
  for (const char* const suite : {"baseline", "stress", "soak"}) {
    SCOPED_TRACE(suite);
    const RunResult result = simulated(prepare(command(suite)), silent);
    EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_success_rate"});
    EXPECT_EQ(count(result, "llm_requests_error"), count(result, "http_reqs"));
  }
  const RunResult smoke = simulated(prepare(command("smoke")), silent);
  EXPECT_EQ(crossed(smoke), std::vector<std::string>{"checks"});
}

TEST(BrokenGateway, SlownessTurnsOnlyTheDurationRed) {
  const RunResult result = simulated(prepare_text(kChatSuite),
                                     gateway(R"({"latency": {"ttft": "16s", "itl": "10ms"}})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"http_req_duration"});
}

TEST(BrokenGateway, AStreamWithAnErrorInItIsAFailureWithStatus200) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "in band", "match": {"percent": 30},
                "fault": {"kind": "stream_error_event", "after_tokens": 5}}]})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_streaming_success"});
  EXPECT_GT(count(result, "llm_stream_in_band_errors"), 0);
}

TEST(BrokenGateway, AStreamWithoutItsEndIsAFailure) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "cut", "match": {"percent": 30},
                "fault": {"kind": "truncate_no_done", "after_tokens": 5}}]})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_streaming_success"});
}

TEST(BrokenGateway, HeadersThatComeEarlyAreNotTheFirstToken) {
  // k6's time to first byte would be green here.
  const RunResult result = simulated(prepare_text(kStreamSuite),
                                     gateway(R"({"latency": {"ttft": "8s", "itl": "10ms"}})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_time_to_first_token"});
}

TEST(BrokenGateway, NoFirstTokenAtAllIsNoDataAndNotGreen) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "down", "match": {"percent": 100}, "fault": {"kind": "status", "status": 500}}]})"));
  EXPECT_EQ(crossed(result), (std::vector<std::string>{"http_req_failed", "llm_streaming_success",
                                                       "llm_time_to_first_token"}));
}

/// A run with nobody to talk to, or with something happening to it on the way.
struct LonelyRun {
  lab::SimRuntime runtime;
  PreparedRun prepared;
  Run run;

  explicit LonelyRun(const std::string& suite)
      : prepared(prepare_text(suite)), run(runtime, prepared.suite, prepared.config, {}) {}

  asio::awaitable<void> act_at(lab::Duration at, std::function<void()> action) {
    co_await runtime.sleep_until(lab::TimePoint{} + at);
    action();
  }

  RunResult& execute(lab::Duration at = {}, std::function<void()> action = {}) {
    if (action) {
      auto acting = act_at(at, std::move(action));
      asio::co_spawn(runtime.executor(), std::move(acting), [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
      });
    }
    const auto done = runtime.run_until_complete(run.execute());
    EXPECT_TRUE(done.has_value()) << done.error().to_string();
    return run.result();
  }
  [[nodiscard]] lab::Duration elapsed() const { return runtime.now() - lab::TimePoint{}; }
};

TEST(Run, WithoutAGatewayEveryRequestIsRefusedAndTheThresholdsDecide) {
  LonelyRun lonely(kChatSuite);
  const RunResult& result = lonely.execute();
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  ASSERT_EQ(result.summary.errors.size(), 1u);
  EXPECT_NE(result.summary.errors[0].text.find("connection refused"), std::string::npos);
  EXPECT_EQ(static_cast<double>(result.summary.errors[0].count), count(result, "http_reqs"));
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0],
            "thresholds on metrics 'checks, http_req_failed, llm_success_rate' have been crossed");
}

constexpr const char* kSleepSuite = R"({
  "name": "sleep",
  "options": {
    "scenarios": {"sleep": {"executor": "constant-vus", "vus": 3, "duration": "1h", "gracefulStop": "10s"}},
    "thresholds": {"iterations": [{"threshold": "count<100", "abortOnFail": true, "delayAbortEval": "20s"}]}
  },
  "flows": {"default": [{"sleep": "500ms"}]}
})";

TEST(Run, AThresholdWithAbortOnFailEndsTheRun) {
  LonelyRun lonely(kSleepSuite);
  const RunResult& result = lonely.execute();
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  // 100 iterations are reached before 20s; the evaluation after them is the one at 22s.
  EXPECT_EQ(lonely.elapsed(), 22s);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_NE(result.errors[0].find("stopping test prematurely"), std::string::npos);
}

TEST(Run, AnInterruptCutsIterationsAndHasItsExitCode) {
  LonelyRun lonely(kSleepSuite);
  const RunResult& result = lonely.execute(5200ms, [&] { lonely.run.interrupt(); });
  EXPECT_EQ(result.exit_code, ExitCode::interrupted);
  EXPECT_EQ(lonely.elapsed(), 5200ms);
  // 3 VUs, 10 whole iterations each; what was cut does not count.
  EXPECT_EQ(count(result, "iterations"), 30);
}

TEST(Run, SetupThatHangsEndsTheRunBeforeItStarts) {
  LonelyRun lonely(R"({
    "options": {"vus": 1, "duration": "10s", "setupTimeout": "3s"},
    "setup": [{"sleep": "1h"}],
    "flows": {"default": [{"sleep": "1s"}]}
  })");
  const RunResult& result = lonely.execute();
  EXPECT_EQ(result.exit_code, ExitCode::setup_timeout);
  EXPECT_EQ(lonely.elapsed(), 3s);
  EXPECT_EQ(result.errors, std::vector<std::string>{"setup took longer than 3s"});
}

TEST(Run, SetupAndTeardownRunOnceAroundTheScenarios) {
  LonelyRun lonely(R"({
    "options": {"vus": 1, "duration": "10s"},
    "setup": [{"sleep": "2s"}],
    "teardown": [{"sleep": "3s"}],
    "flows": {"default": [{"sleep": "1s"}]}
  })");
  const RunResult& result = lonely.execute();
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  EXPECT_EQ(lonely.elapsed(), 15s);
  EXPECT_EQ(count(result, "iterations"), 10);
}

TEST(Run, AnInterruptDuringSetupSkipsTheScenarios) {
  LonelyRun lonely(R"({
    "options": {"vus": 1, "duration": "10s"},
    "setup": [{"sleep": "1h"}],
    "flows": {"default": [{"sleep": "1s"}]}
  })");
  const RunResult& result = lonely.execute(4s, [&] { lonely.run.interrupt(); });
  EXPECT_EQ(result.exit_code, ExitCode::interrupted);
  EXPECT_EQ(lonely.elapsed(), 4s);
}

TEST(Run, VusAreSampledEverySecond) {
  LonelyRun lonely(R"({
    "options": {"scenarios": {"ramp": {"executor": "ramping-vus", "startVUs": 0,
      "stages": [{"duration": "10s", "target": 10}, {"duration": "10s", "target": 0}]}}},
    "flows": {"default": [{"sleep": "100ms"}]}
  })");
  const RunResult& result = lonely.execute();
  const auto& vus = std::get<GaugeValues>(metric(result, "vus").values);
  EXPECT_EQ(vus.max, 10);
  EXPECT_LE(vus.value, 1);
  EXPECT_EQ(std::get<GaugeValues>(metric(result, "vus_max").values).value, 10);
}

TEST(Run, OpenModelsSayWhatTheyCouldNotStart) {
  LonelyRun lonely(R"({
    "options": {"scenarios": {"open": {"executor": "constant-arrival-rate", "rate": 10, "duration": "10s",
      "preAllocatedVUs": 2}},
      "thresholds": {"dropped_iterations": ["count<1"], "iteration_start_delay": ["max<1"]}},
    "flows": {"default": [{"sleep": "1s"}]}
  })");
  const RunResult& result = lonely.execute();
  EXPECT_EQ(count(result, "iterations") + count(result, "dropped_iterations"), 100);
  EXPECT_EQ(crossed(result), std::vector<std::string>{"dropped_iterations"});
}

TEST(Run, TheCertainPartOfADriftCanBeGated) {
  constexpr const char* kDriftSuite = R"({
    "name": "drift",
    "options": {
      "scenarios": {"drift": {"executor": "constant-vus", "vus": 5, "duration": "1h"}},
      "thresholds": {"llm_latency_drift_low": ["value<5"]}
    },
    "flows": {"default": [{"chat": {"prompt": "Hello"}}, {"sleep": "2s"}]}
  })";
  const RunResult steady = simulated(prepare_text(kDriftSuite));
  EXPECT_EQ(crossed(steady), std::vector<std::string>{});
  const RunResult growing = simulated(prepare_text(kDriftSuite), gateway(R"({
    "latency": {"drift": [{"linear": {"percent_per_hour": 60}}]}})"));
  EXPECT_EQ(crossed(growing), std::vector<std::string>{"llm_latency_drift_low"});
  const auto value = [&growing](std::string_view name) {
    return std::get<GaugeValues>(metric(growing, name).values).value;
  };
  EXPECT_LT(value("llm_latency_drift_low"), value("llm_latency_drift"));
  EXPECT_LT(value("llm_latency_drift"), value("llm_latency_drift_high"));
}

TEST(Run, ThePhaseIsATagForThresholds) {
  LonelyRun lonely(R"({
    "options": {"scenarios": {"ramp": {"executor": "ramping-vus", "startVUs": 2,
      "stages": [{"duration": "10s", "target": 2}, {"duration": "0s", "target": 4}, {"duration": "5s", "target": 4}]}},
      "thresholds": {"iterations{phase:hold-2}": ["count==20"], "iterations{phase:hold-4}": ["count==20"]}},
    "flows": {"default": [{"sleep": "1s"}]}
  })");
  EXPECT_EQ(lonely.execute().exit_code, ExitCode::ok);
}

TEST(Run, AStepIsOfThePhaseThatItBeginsIn) {
  // One iteration of ten requests a second apart: nobody is there, but that is quickly said.
  LonelyRun lonely(R"({
    "options": {"scenarios": {"ramp": {"executor": "ramping-vus", "startVUs": 1, "gracefulStop": "1m",
      "stages": [{"duration": "2500ms", "target": 1}, {"duration": "0s", "target": 2}, {"duration": "3s", "target": 1}]}},
      "thresholds": {"http_reqs{phase:hold-1}": ["count==3"], "http_reqs{phase:ramp-down-1}": ["count==6"],
                     "http_reqs{phase:graceful-stop}": ["count>=4"], "iterations{phase:hold-1}": ["count==1"]}},
    "flows": {"default": [{"group": {"name": "g", "steps": [
      {"repeat": {"times": 10, "steps": [{"http": {"path": "/"}}, {"sleep": "1s"}]}}]}}]}
  })");
  const RunResult& result = lonely.execute();
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
}

TEST(LoaderRun, AnInstantThatNeverEndsIsAFlowsFault) {
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

TEST(LoaderRun, AWorldThatMeetsABoundHasASummaryToo) {
  const RunResult result = given_up(R"([{"sleep": "1m"}])", {.time_max = 1h});
  EXPECT_EQ(result.exit_code, ExitCode::failure);
  ASSERT_FALSE(result.errors.empty());
  EXPECT_NE(result.errors[0].find("virtual time limit passed"), std::string::npos);
  EXPECT_EQ(count(result, "iterations"), 60);
}

TEST(LoaderRun, OutputsAddNoEvent) {
  const PreparedRun prepared = prepare(command("smoke"));
  Outputs outputs;
  RunObserver observer;
  observer.outputs = &outputs;
  Simulation watched(1);
  Simulation alone(1);
  ASSERT_TRUE(watched.run(prepared, find_gateway("").value(), observer));
  ASSERT_TRUE(alone.run(prepared, find_gateway("").value(), {}));
  EXPECT_EQ(watched.runtime().events_run(), alone.runtime().events_run());
  EXPECT_EQ(watched.runtime().event_hash(), alone.runtime().event_hash());
}

}  // namespace
}  // namespace loader
