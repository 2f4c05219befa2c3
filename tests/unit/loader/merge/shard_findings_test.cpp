#include "loader/merge/shard_findings.h"

#include <gtest/gtest.h>

#include "shard_examples.h"

namespace loader {
namespace {

using std::chrono::seconds;
using Texts = std::vector<std::string>;

TEST(ShardFindings, OfAWholeRunAreNone) {
  const std::vector<ShardFile> shards = example_shards();
  const ShardChoice choice = choose_shards(shards);
  EXPECT_EQ(choice.taken, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(choice.findings.empty());
  EXPECT_TRUE(missing_shards(shards).empty());
  EXPECT_TRUE(skewed_shards(shards, seconds(1)).empty());
  EXPECT_TRUE(broken_shards(shards).empty());
  EXPECT_TRUE(slow_shards(shards).empty());
}

TEST(ShardFindings, AMissingSegmentIsNamed) {
  EXPECT_EQ(missing_shards({example_shard(1), example_shard(3)}),
            Texts{"segment 1/3:2/3, shard 2 of 3, is missing"});
  EXPECT_EQ(missing_shards({example_shard(2)}), (Texts{"segment 0:1/3, shard 1 of 3, is missing",
                                                       "segment 2/3:1, shard 3 of 3, is missing"}));
}

TEST(ShardFindings, TheSameSegmentTwiceCountsOnce) {
  std::vector<ShardFile> shards = example_shards();
  shards.push_back(example_shard(2));
  shards.back().name = "again.json";
  const ShardChoice choice = choose_shards(shards);
  EXPECT_EQ(choice.taken, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(choice.findings, Texts{"again.json (segment 1/3:2/3) has the same segment as "
                                   "shard-2.json and is left out"});
}

TEST(ShardFindings, APartOfAnotherRunIsLeftOutAndTheMajorityStays) {
  std::vector<ShardFile> shards = example_shards();
  shards[0].file.run.facts["the seed"] = "7";
  shards[0].file.run.thresholds.clear();
  const ShardChoice choice = choose_shards(shards);
  EXPECT_EQ(choice.taken, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(choice.findings,
            Texts{"shard-1.json (segment 0:1/3) is of another run than shard-2.json and is left "
                  "out; what differs: the seed, the thresholds"});
}

TEST(ShardFindings, PartsThatHadLimitsForThemselvesAreNotOneRun) {
  std::vector<ShardFile> shards = example_shards();
  EXPECT_TRUE(separate_gateways(shards).empty());
  for (ShardFile& shard : shards) shard.file.run.shared_limits = {"overload", "rate_limits"};
  const Texts findings = separate_gateways(shards);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings.front().starts_with(
      "each part had a simulated gateway of its own, with all of its limits (overload, "
      "rate_limits)"))
      << findings.front();
  // A part that is the whole had the whole.
  std::vector<ShardFile> whole{example_shard(1, 1)};
  whole.front().file.run.shared_limits = {"overload"};
  EXPECT_TRUE(separate_gateways(whole).empty());
}

TEST(ShardFindings, APartThatStartedLateIsNamed) {
  std::vector<ShardFile> shards = example_shards();
  shards[2].file.scenarios_started = "2026-01-31T12:00:02.5Z";
  EXPECT_EQ(skewed_shards(shards, seconds(1)),
            Texts{"shard-3.json (segment 2/3:1) started 2.5s later than the others; --max-skew "
                  "allows 1s"});
  EXPECT_TRUE(skewed_shards(shards, seconds(3)).empty());
  // It is the one that is unlike the others, also if it was first.
  shards[2].file.scenarios_started = "2026-01-30T12:00:00Z";
  EXPECT_EQ(skewed_shards(shards, seconds(1)),
            Texts{"shard-3.json (segment 2/3:1) started 24h0m0s earlier than the others; "
                  "--max-skew allows 1s"});
  shards[2].file.scenarios_started.clear();
  EXPECT_EQ(skewed_shards(shards, seconds(1)),
            Texts{"shard-3.json (segment 2/3:1) never began its scenarios"});
}

TEST(ShardFindings, APartThatDidNotEndIsNamedWithItsReason) {
  std::vector<ShardFile> shards = example_shards();
  shards[0].file.end = {.exit_code = 105, .is_whole = false, .errors = {"the run was interrupted"}};
  shards[1].file.end = {.exit_code = 101, .errors = {"teardown took longer than 1m0s"}};
  EXPECT_EQ(broken_shards(shards),
            (Texts{"shard-1.json (segment 0:1/3) ended early, with exit code 105: the run was "
                   "interrupted",
                   "shard-2.json (segment 1/3:2/3) ended with exit code 101: teardown took longer "
                   "than 1m0s"}));
  // Thresholds over a part, and a script's own verdict, do not keep the whole from being judged.
  shards[0].file.end = {.exit_code = 99, .errors = {"thresholds were crossed"}};
  shards[1].file.end = {.exit_code = 110};
  shards[2].file.end = {.exit_code = 121, .errors = {"verdicts hang on it"}};
  EXPECT_TRUE(broken_shards(shards).empty());
  // But one that was aborted by them has not made its load.
  shards[0].file.end.is_whole = false;
  EXPECT_EQ(broken_shards(shards).size(), 1u);
}

struct Drops {
  const char* what;
  std::vector<std::uint64_t> dropped;  ///< Of 1000 iterations each, by part.
  std::size_t findings;
};

TEST(ShardFindings, APartThatDropsWhatOthersDoNotWasTheBottleneck) {
  const Drops cases[] = {{"none", {0, 0, 0}, 0},
                         {"one in a thousand, of all that is little", {1, 0, 0}, 0},
                         {"a tenth, the others none", {100, 0, 0}, 1},
                         {"all alike: it is the gateway", {100, 100, 100}, 0},
                         {"a few times as many", {300, 100, 100}, 0},
                         {"many times as many", {300, 2, 2}, 1}};
  for (const Drops& each : cases) {
    std::vector<ShardFile> shards = example_shards();
    for (std::size_t i = 0; i < shards.size(); ++i) {
      shards[i].file.scenarios[0].counts = {.started = 1000 - each.dropped[i],
                                            .dropped = each.dropped[i]};
    }
    EXPECT_EQ(slow_shards(shards).size(), each.findings) << each.what;
  }
  std::vector<ShardFile> shards = example_shards();
  shards[1].file.scenarios[0].counts.dropped = 100;
  EXPECT_EQ(slow_shards(shards),
            Texts{"shard-2.json (segment 1/3:2/3) was itself the bottleneck: of scenario s it "
                  "dropped 50 % of the iterations for want of virtual users, the others 0 %"});
  // Alone, nobody knows.
  EXPECT_TRUE(slow_shards({shards[1]}).empty());
}

TEST(ShardFindings, APartThatReadsLateWasTheBottleneck) {
  std::vector<ShardFile> shards = example_shards();
  for (ShardFile& shard : shards) {
    shard.file.strain.watched = seconds(10);
    shard.file.strain.reads = {.sum = 2, .min = 2, .max = 2, .values = {2}};
  }
  EXPECT_TRUE(slow_shards(shards).empty());
  shards[2].file.strain.reads = {.sum = 60, .min = 60, .max = 60, .values = {60}};
  EXPECT_EQ(slow_shards(shards),
            Texts{"shard-3.json (segment 2/3:1) was itself the bottleneck: what came waited 60 ms "
                  "until it was read (p(95)), the others 2 ms"});
  // Of less than a second, shares of time say little.
  shards[2].file.strain.watched = std::chrono::milliseconds(900);
  EXPECT_TRUE(slow_shards(shards).empty());
}

TEST(ShardFindings, APartThatStartsIterationsLateWasTheBottleneck) {
  std::vector<ShardFile> shards = example_shards();
  for (ShardFile& shard : shards) {
    shard.file.measured.metrics.push_back({.name = "iteration_start_delay",
                                           .type = MetricType::trend,
                                           .trend = {.sum = 2, .min = 2, .max = 2, .values = {2}}});
  }
  EXPECT_TRUE(slow_shards(shards).empty());
  shards[0].file.measured.metrics.back().trend = {
      .sum = 400, .min = 400, .max = 400, .values = {400}};
  EXPECT_EQ(slow_shards(shards),
            Texts{"shard-1.json (segment 0:1/3) was itself the bottleneck: it started iterations "
                  "400 ms late (p(95)), the others 2 ms"});
}

}  // namespace
}  // namespace loader
