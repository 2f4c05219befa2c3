#include "loader/merge/merge.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shard_examples.h"

namespace loader {
namespace {

using std::chrono::seconds;

RunResult merged(std::vector<ShardFile> shards, std::vector<std::string> findings = {}) {
  return merge_shards(std::move(shards), std::move(findings), {}).value();
}

const SummaryMetric& metric(const RunResult& run, std::string_view name) {
  return *std::ranges::find(run.summary.metrics, name, &SummaryMetric::name);
}

TEST(Merge, AddsUpAndJudgesOnce) {
  const RunResult run = merged(example_shards());
  EXPECT_EQ(run.summary.facts.suite, "example");
  EXPECT_FALSE(run.summary.self_doubt);
  EXPECT_EQ(std::get<CounterValues>(metric(run, "http_reqs").values).count, 12);
  EXPECT_EQ(std::get<RateValues>(metric(run, "http_req_failed").values).fails, 9u);
  EXPECT_EQ(std::get<GaugeValues>(metric(run, "vus").values).max, 3);
  EXPECT_EQ(run.summary.root.groups[0].checks[0].passes, 3u);
  const ErrorTally& error = run.summary.errors.at(0);
  EXPECT_EQ(error.count, 3u);
  EXPECT_EQ(error.request_id, "load-test-1");
  EXPECT_EQ(error.first, std::chrono::seconds(1));
  EXPECT_EQ(error.last, std::chrono::seconds(4));
  // Of the two thresholds on the duration the second is crossed: its maximum is 40.
  EXPECT_EQ(run.exit_code, ExitCode::thresholds_crossed);
  EXPECT_EQ(run.errors, std::vector<std::string>{
                            "thresholds on metrics 'http_req_duration' have been crossed"});
  EXPECT_EQ(run.summary.notes, std::vector<std::string>{"merged from 3 parts"});
}

TEST(Merge, TakesFromTheFirstStartToTheLastEnd) {
  std::vector<ShardFile> shards = example_shards();
  EXPECT_EQ(merged(shards).summary.duration, seconds(11));
  EXPECT_EQ(merged(shards).summary.facts.started, "2026-01-31T11:59:59Z");
  // Its scenarios began half a second later, after a setup of three seconds.
  shards[1].file.scenarios_started = "2026-01-31T12:00:00.5Z";
  shards[1].file.setup = seconds(3);
  shards[1].file.duration = seconds(13);
  EXPECT_EQ(merged(shards).summary.duration, seconds(3) + std::chrono::milliseconds(10'500));
}

// What each part saw of itself: all that came waited so long.
std::vector<ShardFile> late_shards(double milliseconds) {
  std::vector<ShardFile> shards = example_shards();
  for (ShardFile& shard : shards) {
    Strain strain{.watched = seconds(10)};
    for (int i = 0; i < 100; ++i) strain.reads.add(milliseconds);
    shard.file.strain = record_of(strain);
  }
  return shards;
}

TEST(Merge, AVerdictThatHangsOnTheLatenessOfAllPartsIsNone) {
  // The maximum is 40, and must be below 35.
  const RunResult run = merged(late_shards(12));
  EXPECT_EQ(run.exit_code, ExitCode::bottleneck);
  ASSERT_TRUE(run.summary.self_doubt);
  EXPECT_EQ(run.summary.self_doubt->figures.reads.samples, 300U);
  EXPECT_EQ(run.summary.self_doubt->verdicts.size(), 1U);
  EXPECT_EQ(merged(late_shards(2)).exit_code, ExitCode::thresholds_crossed);
}

TEST(Merge, NothingIsJudgedThatIsNotToBe) {
  MergeSettings settings{.evaluates_thresholds = false, .trend_stats = {"max"}};
  const auto run = merge_shards(example_shards(), {}, settings);
  EXPECT_EQ(run->exit_code, ExitCode::ok);
  EXPECT_EQ(run->summary.trend_stats, std::vector<std::string>{"max"});
}

TEST(Merge, WhatIsWrongWithThePartsMakesTheVerdictIncomplete) {
  std::vector<ShardFile> shards = example_shards();
  shards.pop_back();
  const RunResult run = merged(shards, {"shard-3.json: is broken or cut short: line 1"});
  EXPECT_EQ(run.exit_code, ExitCode::incomplete);
  EXPECT_EQ(run.errors, (std::vector<std::string>{
                            "incomplete: shard-3.json: is broken or cut short: line 1",
                            "incomplete: segment 2/3:1, shard 3 of 3, is missing",
                            "thresholds on metrics 'http_req_duration' have been crossed"}));
  // What there is is shown.
  EXPECT_EQ(std::get<CounterValues>(metric(run, "http_reqs").values).count, 8);
  EXPECT_EQ(run.summary.notes.size(), 3u);
}

TEST(Merge, AScriptsOwnVerdictOnAPartIsOneOnTheWhole) {
  std::vector<ShardFile> shards = example_shards();
  shards[1].file.end = {.exit_code = 110, .errors = {"test marked as failed: no budget"}};
  const RunResult run = merged(shards);
  EXPECT_EQ(run.exit_code, ExitCode::marked_failed);
  EXPECT_EQ(run.errors.front(), "shard-2.json (segment 1/3:2/3): test marked as failed: no budget");
}

TEST(Merge, OfNothingIsRefused) {
  EXPECT_FALSE(merge_shards({}, {}, {}));
  EXPECT_FALSE(is_complete({}));
  EXPECT_FALSE(is_complete({example_shard(1)}));
  EXPECT_TRUE(is_complete(example_shards()));
}

TEST(Merge, ARunOverBeforeItsFirstSecondHasHadItsVirtualUsers) {
  std::vector<ShardFile> shards = example_shards();
  for (ShardFile& shard : shards) {
    shard.file.ticks.clear();
    shard.file.most = {.active_vus = 2, .vus = 0};
  }
  EXPECT_EQ(std::get<GaugeValues>(metric(merged(shards), "vus").values).value, 6);
  EXPECT_EQ(std::get<GaugeValues>(metric(merged(shards), "vus_max").values).value, 2);
}

TEST(Merge, DriftIsThatOfAllParts) {
  std::vector<ShardFile> shards = example_shards(2);
  for (ShardFile& shard : shards) {
    shard.file.duration = std::chrono::minutes(16);
    shard.file.ticks = {{960, {.active_vus = 1, .vus = 1}}};
    shard.file.drift = {.counts = {1, 1, 1}, .sums = {100, 200, 300}};
  }
  shards[1].file.drift.sums = {300, 400, 500};
  const RunResult run = merged(shards);
  const auto& hourly = std::get<TrendValues>(metric(run, "llm_hourly_latency").values);
  EXPECT_EQ(hourly.stat("min"), 200);
  EXPECT_EQ(hourly.stat("max"), 400);
  // 200 ms in the middle of the first five minutes, 100 more every five: 150 at the start.
  const auto& drift = std::get<GaugeValues>(metric(run, "llm_latency_drift").values);
  EXPECT_NEAR(drift.value, 1200 / 1.5, 1e-6);
}

}  // namespace
}  // namespace loader
