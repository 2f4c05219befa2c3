// The saturation search over virtual time: its levels, and whether it finds the knee of a gateway
// that has one in closed form.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "loader/command/run_preparation.h"
#include "loader/scenarios/scenario_runner.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_text.h"
#include "loader/world/simulation.h"
#include "shared/base/json.h"
#include "shared/sim/sim_runtime.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A search whose iterations only sleep, and whose judge knows the knee.
struct Searching {
  lab::SimRuntime runtime;
  VuPool pool;
  Scenario scenario;
  std::uint64_t knee;
  std::vector<std::string> phases;  ///< Of the iterations, one after the other, without repeats.
  std::vector<LevelEnd> levels;
  lab::Duration ended_at{};

  Searching(SaturationSearch model, std::uint64_t good_up_to)
      : scenario{"s", model, {}, 5s, {}, {}, {}}, knee(good_up_to) {}

  asio::awaitable<IterationEnd> iterate(IterationInfo info, lab::Duration duration) {
    if (phases.empty() || phases.back() != info.phase) phases.push_back(info.phase);
    const lab::ErrorCode ec = co_await runtime.sleep_for(duration);
    co_return ec ? IterationEnd::interrupted : IterationEnd::completed;
  }

  void run(lab::Duration iteration) {
    ScenarioHooks hooks;
    hooks.run_iteration = [this, iteration](IterationInfo info) {
      return iterate(info, iteration);
    };
    hooks.level_begins = [](const std::string&) {};
    hooks.judge_level = [this](const LevelEnd& level) {
      levels.push_back(level);
      return level.rate <= knee;
    };
    ScenarioRunner runner(runtime, pool, scenario, {}, std::move(hooks));
    ASSERT_TRUE(runtime.run_until_complete(runner.run(lab::TimePoint{})).has_value());
    ended_at = runtime.now() - lab::TimePoint{};
    EXPECT_EQ(runner.state(), ScenarioState::done);
    EXPECT_EQ(pool.in_use(), 0u);
  }
};

constexpr SaturationSearch kTenToForty{.start_rate = 10,
                                       .max_rate = 40,
                                       .step_duration = 10s,
                                       .growth = 2,
                                       .precision = 0.25,
                                       .vus = {1, 100}};

TEST(SaturationSearch, ALevelBeginsWhenTheLastOneIsOver) {
  Searching search(kTenToForty, 25);
  search.run(2s);
  EXPECT_EQ(search.phases,
            (std::vector<std::string>{"level-10", "level-20", "level-40", "level-30", "level-25"}));
  ASSERT_EQ(search.levels.size(), 5u);
  EXPECT_EQ(search.levels[0].counts.completed, 100u);
  // VUs come into being as they are needed, so nothing is dropped.
  EXPECT_EQ(search.levels[2].counts.completed, 400u);
  EXPECT_EQ(search.levels[2].counts.dropped, 0u);
  // The last arrival of the first level is at 9.9s.
  EXPECT_EQ(search.levels[0].duration, 11900ms);
}

TEST(SaturationSearch, RunningOutOfVusAndOfTimeIsCountedForTheLevel) {
  SaturationSearch model = kTenToForty;
  model.vus = {1, 10};
  Searching search(model, 10);
  // Ten VUs are busy for 16 s each: ten arrivals start, 90 are dropped, and all ten are cut at 15s.
  search.run(16s);
  EXPECT_EQ(search.levels[0].counts.started, 10u);
  EXPECT_EQ(search.levels[0].counts.dropped, 90u);
  EXPECT_EQ(search.levels[0].counts.interrupted, 10u);
  EXPECT_EQ(search.levels[0].duration, 15s);
}

PreparedRun prepare_text(const std::string& text) {
  Suite suite =
      read_suite({text, "text.json", std::nullopt}, {make_environment({}, {}).value(), {}}).value();
  RunSpec config;
  config.base_url = parse_url("http://localhost:8080").value();
  config.api_key = "test-api-key";
  return {std::move(suite), std::move(config), {}};
}

RunResult simulated(const PreparedRun& prepared, const std::string& gateway) {
  Simulation simulation(prepared.spec.seed);
  auto result = simulation.run(prepared.suite, prepared.spec,
                               {gateway, "gateway.json", prepared.spec.seed}, {});
  EXPECT_TRUE(result.has_value()) << result.error().to_string();
  EXPECT_EQ(simulation.runtime().pending().events, 0u) << simulation.runtime().describe();
  return *std::move(result);
}

// Rates are per minute, so that they are fine enough.
std::string search_suite(const std::string& search_thresholds, const std::string& search_more,
                         const std::string& thresholds = "{}") {
  return R"({"name": "search", "options": {"scenarios": {"search": {
    "executor": "saturation-search", "startRate": 200, "maxRate": 3000, "timeUnit": "1m",
    "stepDuration": "60s", "precision": 0.02, "preAllocatedVUs": 5, "thresholds": )" +
         search_thresholds + search_more + R"(}}, "thresholds": )" + thresholds +
         R"(}, "flows": {"default": [{"chat": {"prompt": "Hello"}}]}})";
}

// Answers of 20 tokens, decoded at 100 tokens a second each and 200 together: up to two at a time
// take 0.2 s, so 10 a second (600 a minute) is the most that does not queue up.
constexpr const char* kBatch = R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
  "tokens": {"output": 20},
  "overload": {"server_model": {"batch": {"slots": 8, "token_rate": 200, "max_rate_per_request": 100}}}})";
constexpr double kBatchKnee = 600;

TEST(SaturationSearch, FindsTheKneeOfABatchServerWithinThePrecision) {
  const PreparedRun prepared = prepare_text(
      search_suite(R"({"http_req_duration": ["p(95)<300"], "http_req_failed": ["rate<0.01"]})",
                   R"(, "maxVUs": 500)", R"({"http_req_failed": ["rate<0.01"]})"));
  const RunResult result = simulated(prepared, kBatch);
  EXPECT_EQ(result.exit_code, ExitCode::ok) << summary_text(result.summary, {});
  ASSERT_EQ(result.summary.searches.size(), 1u);
  const SearchSummary& search = result.summary.searches[0];
  EXPECT_TRUE(search.is_over);
  ASSERT_TRUE(search.last_good() && search.first_bad());
  const auto good = static_cast<double>(*search.last_good());
  const auto bad = static_cast<double>(*search.first_bad());
  EXPECT_LE(good, kBatchKnee * 1.005);
  EXPECT_GE(good, kBatchKnee * 0.98);
  EXPECT_LE(bad - good, 0.02 * good);
  EXPECT_NE(summary_text(result.summary, {}).find("is the last good level"), std::string::npos);
  const auto written = nlohmann::json::parse(summary_json(result.summary));
  EXPECT_EQ(written["saturation"]["search"]["lastGoodRate"], *search.last_good());
  EXPECT_EQ(written["saturation"]["search"]["levels"].size(), search.levels.size());
}

TEST(SaturationSearch, RefusalsAreASaturationToo) {
  // One slot of 0.5 s and no queue: beyond 2 a second (120 a minute) somebody is refused.
  const PreparedRun prepared = prepare_text(R"({"options": {"scenarios": {"search": {
      "executor": "saturation-search", "startRate": 60, "maxRate": 1000, "timeUnit": "1m",
      "stepDuration": "60s", "preAllocatedVUs": 5, "maxVUs": 50,
      "thresholds": {"http_req_failed": ["rate<0.01"]}}}},
    "flows": {"default": [{"chat": {"prompt": "Hello"}}]}})");
  const RunResult result = simulated(prepared, R"({
    "latency": {"ttft": "500ms", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 0}})");
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  const SearchSummary& search = result.summary.searches.at(0);
  EXPECT_LE(search.last_good().value(), 120u);
  EXPECT_GE(search.last_good().value(), 114u);
}

TEST(SaturationSearch, RunningOutOfVirtualUsersEndsALevelAndSaysSo) {
  // Each answer takes a second, so five VUs are enough for 300 a minute; the gateway could do more.
  const PreparedRun prepared =
      prepare_text(search_suite(R"({"http_req_failed": ["rate<0.01"]})", R"(, "maxVUs": 5)"));
  const RunResult result = simulated(prepared, R"({
    "latency": {"ttft": "1s", "itl": "0s", "other": "0s"}})");
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  EXPECT_LE(result.summary.searches.at(0).last_good().value(), 300u);
  EXPECT_NE(summary_text(result.summary, {}).find("dropped, no virtual user was free"),
            std::string::npos);
}

TEST(SaturationSearch, WithoutAGoodLevelTheRunFails) {
  const PreparedRun prepared =
      prepare_text(search_suite(R"({"http_req_duration": ["p(95)<100"]})", ""));
  const RunResult result = simulated(prepared, kBatch);
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0],
            "saturation search 'search': no good level: 3.33 iterations/s, its first, is too much");
}

TEST(SaturationSearch, ThresholdsMayBeOfOneLevel) {
  const PreparedRun prepared =
      prepare_text(search_suite(R"({"http_req_duration": ["p(95)<300"]})", R"(, "maxVUs": 500)",
                                R"({"http_reqs{phase:level-200}": ["count==200"],
                       "http_req_duration{phase:level-200}": ["max<210"]})"));
  EXPECT_EQ(simulated(prepared, kBatch).exit_code, ExitCode::ok);
}

TEST(SaturationSearch, ThreadsAndSegmentsAreRefused) {
  const lab::TemporaryFolder folder;
  RunCommand command;
  command.suite = folder.write("search.json", search_suite(R"({"http_reqs": ["count>0"]})", ""));
  command.threads = 2;
  const RunEnvironment environment = make_environment({}, {}).value();
  EXPECT_EQ(prepare_run(command, environment).error().to_string(),
            "--threads: scenario search is a saturation-search, whose levels are judged as one; "
            "use --threads 1");
  command.threads = 1;
  command.segment = parse_execution_segment("1/2").value();
  EXPECT_NE(prepare_run(command, environment).error().what.find("run it without segments"),
            std::string::npos);
  command.segment.reset();
  EXPECT_TRUE(prepare_run(command, environment).has_value());
}

}  // namespace
}  // namespace loader
