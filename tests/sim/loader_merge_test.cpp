// n processes on n segments, merged, equal one process: for every executor, in virtual time. Each
// shard has a gateway of its own, so the gateway is one without anything that users share.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "loader/merge/merge.h"
#include "loader/scenarios/shard.h"
#include "loader/summary/summary_json.h"
#include "shared/base/json.h"
#include "tests/sim/simulated_runs.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

std::string suite_of(const std::string& scenarios,
                     const std::string& sleep = R"(["500ms", "3s"])") {
  return R"({"name": "sharded", "options": {"scenarios": {)" + scenarios + R"(},
    "thresholds": {"http_req_duration": ["p(95)<60000"], "http_reqs{scenario:a}": ["count>1"],
                   "checks{check:status is 200}": ["rate>0.9"], "iterations": ["rate>0.01"]}},
    "setup": [{"http": {"path": "/health"}, "checks": {"healthy": {"status": 200}}}],
    "teardown": [{"http": {"path": "/health"}}],
    "flows": {"default": [
      {"group": {"name": "talk", "steps": [
        {"chat": {"prompt": "Hello", "stream": true}, "checks": {"status is 200": {"status": 200}}},
        {"chat": {"prompt": "Go on"}}]}},
      {"sleep": {"uniform": )" +
         sleep + "}}]}}";
}

/// A run of a suite that is a file; of a shard, unless it is of 0.
class Sharded {
 public:
  explicit Sharded(const std::string& suite) : suite_(folder_.write("suite.json", suite)) {}

  [[nodiscard]] RunResult run(const Shard& shard, RunFile& file) const {
    RunCommand command = simulate_command(suite_);
    command.mergeable = "unused.json";
    command.segment_sequence = equal_segments(shard.of);
    command.segment = command.segment_sequence[shard.number - 1];
    PreparedRun prepared = prepare(command);
    RunResult result = simulated(prepared);
    file = make_run_file(*prepared.part, {.gateway = "healthy", .execution = "simulated"},
                         {.exit_code = static_cast<std::uint64_t>(result.exit_code),
                          .is_whole = result.record->is_whole,
                          .errors = result.errors},
                         *result.record);
    return result;
  }

  /// Of so many shards, each of which is written and read.
  [[nodiscard]] RunResult merged(std::uint64_t of) const {
    std::vector<ShardFile> shards;
    for (std::uint64_t number = 1; number <= of; ++number) {
      const std::string name = "shard " + std::to_string(number);
      RunFile file;
      (void)run({number, of}, file);
      shards.push_back({name, read_run_file(run_file_text(file), name).value()});
    }
    return merge_shards(std::move(shards), {}, {}).value();
  }

 private:
  lab::TemporaryFolder folder_;
  std::string suite_;
};

// Sums are added up in another order, so their last bits may differ; nothing else may.
bool is_same_number(const lab::Json& a, const lab::Json& b) {
  if (a == b) return true;
  if (!a.is_number_float() || !b.is_number_float()) return false;
  return std::abs(a.get<double>() - b.get<double>()) <= 1e-12 * std::abs(a.get<double>());
}

void expect_same(const RunResult& whole, const RunResult& merged) {
  EXPECT_EQ(whole.exit_code, ExitCode::ok) << ::testing::PrintToString(whole.errors);
  EXPECT_EQ(merged.exit_code, whole.exit_code) << ::testing::PrintToString(merged.errors);
  EXPECT_EQ(merged.summary.duration, whole.summary.duration);
  const lab::Json a = lab::Json::parse(summary_json(whole.summary)).flatten();
  const lab::Json b = lab::Json::parse(summary_json(merged.summary)).flatten();
  for (const auto& [key, value] : a.items()) {
    if (key.starts_with("/simulation/")) continue;
    ASSERT_TRUE(b.contains(key)) << key;
    EXPECT_TRUE(is_same_number(value, b[key])) << key << ": " << value << ", merged " << b[key];
  }
  ASSERT_EQ(merged.summary.parts.size(), whole.summary.parts.size());
  for (std::size_t i = 0; i < whole.summary.parts.size(); ++i) {
    EXPECT_EQ(merged.summary.parts[i].name, whole.summary.parts[i].name);
    EXPECT_EQ(merged.summary.parts[i].duration, whole.summary.parts[i].duration);
    EXPECT_EQ(merged.summary.parts[i].metrics.size(), whole.summary.parts[i].metrics.size());
  }
}

void expect_shards_equal(const std::string& suite, std::initializer_list<std::uint64_t> counts) {
  const Sharded sharded(suite);
  RunFile ignored;
  const RunResult whole = sharded.run({1, 1}, ignored);
  EXPECT_GT(count(whole, "iterations"), 10);
  for (const std::uint64_t of : counts) {
    SCOPED_TRACE(std::to_string(of) + " shards");
    expect_same(whole, sharded.merged(of));
  }
}

class EveryExecutor : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EveryExecutor, InShardsMakesTheSameRun) {
  expect_shards_equal(suite_of(R"("a": {"executor": )" + std::string(GetParam().second) + "}"),
                      {2, 3});
}

INSTANTIATE_TEST_SUITE_P(
    Merge, EveryExecutor,
    testing::Values(
        std::pair{"PerVuIterations", R"("per-vu-iterations", "vus": 5, "iterations": 4)"},
        std::pair{"ConstantVus", R"("constant-vus", "vus": 5, "duration": "20s")"},
        std::pair{"RampingVus", R"("ramping-vus", "startVUs": 1, "stages": [
                      {"duration": "10s", "target": 6}, {"duration": "5s", "target": 1},
                      {"duration": "5s", "target": 3}])"},
        std::pair{"ConstantArrivalRate", R"("constant-arrival-rate", "rate": 3, "duration": "10s",
                      "preAllocatedVUs": 30)"},
        std::pair{"RampingArrivalRate", R"("ramping-arrival-rate", "startRate": 1, "stages": [
                      {"duration": "5s", "target": 5}, {"duration": "5s", "target": 0}],
                      "preAllocatedVUs": 30)"},
        std::pair{"PoissonArrivalRate", R"("poisson-arrival-rate", "rate": 3, "duration": "10s",
                      "preAllocatedVUs": 30)"}),
    [](const auto& each) { return each.param.first; });

TEST(Merge, ScenariosSideBySideAreTheSameRun) {
  // Of the second, two of three shards have no part; and the numbers of the virtual users are
  // others in each shard than in the whole.
  expect_shards_equal(suite_of(R"(
      "a": {"executor": "constant-vus", "vus": 4, "duration": "15s", "gracefulStop": "1s"},
      "b": {"executor": "per-vu-iterations", "vus": 1, "iterations": 3, "startTime": "5s"},
      "c": {"executor": "ramping-vus", "startVUs": 2, "startTime": "3s",
            "stages": [{"duration": "8s", "target": 5}, {"duration": "8s", "target": 0}]})"),
                      {1, 3, 5});
}

TEST(Merge, ASoakTestsDriftIsTheWholes) {
  expect_shards_equal(suite_of(R"("a": {"executor": "constant-vus", "vus": 3, "duration": "16m"})",
                               R"(["20s", "90s"])"),
                      {2});
}

// As in k6 each instance has its share of the iterations beforehand; in the whole run the faster of
// the virtual users take more. So they are as many, but not the same ones.
TEST(Merge, SharedIterationsAreAsMany) {
  const Sharded sharded(
      suite_of(R"("a": {"executor": "shared-iterations", "vus": 6, "iterations": 20})"));
  RunFile ignored;
  const RunResult whole = sharded.run({1, 1}, ignored);
  const RunResult merged = sharded.merged(3);
  EXPECT_EQ(merged.exit_code, ExitCode::ok) << ::testing::PrintToString(merged.errors);
  for (const char* const name : {"iterations", "http_reqs", "llm_requests_success"}) {
    EXPECT_EQ(count(merged, name), count(whole, name)) << name;
  }
  EXPECT_EQ(count(merged, "iterations"), 20);
  // One health check of setup and one of teardown, whatever the shards are.
  EXPECT_EQ(count(merged, "http_reqs"), 42);
}

TEST(Merge, OfFewerShardsIsIncompleteAndNamesTheMissing) {
  const Sharded sharded(
      suite_of(R"("a": {"executor": "constant-vus", "vus": 4, "duration": "10s"})"));
  RunFile first;
  (void)sharded.run({1, 2}, first);
  const RunResult half = merge_shards({{"first.json", first}}, {}, {}).value();
  EXPECT_EQ(half.exit_code, ExitCode::incomplete);
  EXPECT_EQ(half.errors,
            std::vector<std::string>{"incomplete: segment 1/2:1, shard 2 of 2, is missing"});
}

TEST(Merge, AnotherSuitesShardIsNotOfTheRun) {
  const char* const kChats = R"("a": {"executor": "constant-vus", "vus": 4, "duration": "10s"})";
  const Sharded one(suite_of(kChats));
  const Sharded other(
      suite_of(R"("a": {"executor": "constant-vus", "vus": 5, "duration": "10s"})"));
  RunFile first;
  RunFile second;
  (void)one.run({1, 2}, first);
  (void)other.run({2, 2}, second);
  const std::vector<std::string> differ = differences(first.run, second.run);
  EXPECT_EQ(differ,
            (std::vector<std::string>{"scenario a", "the text of the suite, or its variables",
                                      "the virtual users"}));
}

}  // namespace
}  // namespace loader
