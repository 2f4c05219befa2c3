// How a run begins, ends and counts, with nobody to talk to or against a simulated gateway.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <string>
#include <vector>

#include "loader/summary/summary_text.h"
#include "shared/sim/sim_runtime.h"
#include "tests/sim/simulated_runs.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A run with nobody to talk to, or with something happening to it on the way.
struct LonelyRun {
  lab::SimRuntime runtime;
  PreparedRun prepared;
  Run run;

  explicit LonelyRun(const std::string& suite)
      : prepared(prepare_text(suite)), run(runtime, prepared.suite, prepared.spec, {}) {}

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

// A request of which no byte has been answered is cut as any other.
TEST(Run, RequestsThatASilentGatewayHoldsAreCut) {
  for (const std::string step : {R"({"chat": {"prompt": "Hi"}, "timeout": "10m"})",
                                 R"({"chat": {"prompt": "Hi", "stream": true}, "timeout": "10m"})",
                                 R"({"http": {"path": "/v1/models"}, "timeout": "10m"})"}) {
    const RunResult result =
        simulated(prepare_text(R"({"name": "held", "options": {"scenarios": {"held": {
          "executor": "constant-vus", "vus": 2, "duration": "1s", "gracefulStop": "1s"}}},
          "flows": {"default": [)" +
                               step + "]}}"),
                  gateway(R"({"latency": {"ttft": "5m", "itl": "1s", "other": "5m"}})"));
    EXPECT_EQ(result.summary.duration, 2s) << step;
    for (const SummaryMetric& each : result.summary.metrics) {
      EXPECT_NE(each.name, "iterations") << step;
    }
  }
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

}  // namespace
}  // namespace loader
