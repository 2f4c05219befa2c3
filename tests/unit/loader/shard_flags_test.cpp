// The flags of a run in parts: --shard, --mergeable, --start-at, --start-together.
#include <gtest/gtest.h>

#include "loader/command/command_line.h"
#include "loader/command/run_preparation.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

lab::Result<RunCommand> flags_of(const std::vector<std::string>& arguments) {
  return parse_run_command(arguments, [](const std::string& name) -> std::optional<std::string> {
    return name == "JOB_COMPLETION_INDEX" ? std::optional<std::string>("1") : std::nullopt;
  });
}

std::string refusal_of(const std::vector<std::string>& arguments) {
  const auto command = flags_of(arguments);
  return command ? "" : command.error().to_string();
}

TEST(ShardFlags, AShardIsASegmentOfAsManyEqualOnes) {
  const RunCommand command =
      flags_of({"smoke", "--shard", "2/3", "--mergeable", "runs/{shard}.json.gz"}).value();
  EXPECT_EQ(to_string(command.segment.value()), "1/3:2/3");
  EXPECT_EQ(to_string(command.segment_sequence), "0,1/3,2/3,1");
  EXPECT_EQ(command.mergeable, "runs/2.json.gz");
  EXPECT_EQ(flags_of({"smoke", "--shard", "2/3", "--mergeable", "{shard}/a-{shard}-{shard}.json"})
                ->mergeable,
            "2/a-2-2.json");
  EXPECT_EQ(flags_of({"smoke", "--shard", "auto/4"})->shard.value(), (Shard{2, 4}));
}

TEST(ShardFlags, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_EQ(refusal_of({"smoke", "--mergeable", "{shard}.json"}),
            "--mergeable: {shard} is the number of --shard, which is not given");
  EXPECT_EQ(refusal_of({"smoke", "--shard", "1/2", "--execution-segment", "0:1/2"}),
            "--shard: says what --execution-segment and its sequence say; give one");
  EXPECT_EQ(refusal_of({"smoke", "--start-together", "f"}),
            "--start-together: needs --shard, by which the others are known");
  EXPECT_EQ(refusal_of({"smoke", "--simulate", "--start-at", "2026-01-31T12:00:00Z"}),
            "--start-at: is for real runs: a simulation has a time of its own");
  EXPECT_EQ(refusal_of({"smoke", "--shard", "1/2", "--start-together", "f", "--start-at",
                        "2026-01-31T12:00:00Z"}),
            "--start-at: says when, and --start-together that it is agreed; give one");
  EXPECT_TRUE(
      refusal_of({"smoke", "--start-at", "noon"}).starts_with("--start-at: \"noon\" is no"));
  EXPECT_TRUE(
      refusal_of({"smoke", "--shard", "3/2"}).starts_with("--shard: \"3/2\" is out of range"));
}

PreparedRun prepared_part(const std::vector<std::string>& arguments) {
  return prepare_run(flags_of(arguments).value(), make_environment({}, {}).value()).value();
}

TEST(ShardFlags, ARunFileNeedsEverythingAndMeasuresSetupOnce) {
  const PreparedRun first = prepared_part({"smoke", "--shard", "1/2", "--mergeable", "f"});
  EXPECT_TRUE(first.spec.records);
  EXPECT_TRUE(first.spec.breaks_down);
  EXPECT_TRUE(first.spec.measures_setup);
  EXPECT_EQ(first.part->segment, "0:1/2");
  EXPECT_EQ(first.part->run.suite, "smoke");
  const PreparedRun second = prepared_part({"smoke", "--shard", "2/2", "--mergeable", "f"});
  EXPECT_FALSE(second.spec.measures_setup);
  EXPECT_TRUE(differences(first.part->run, second.part->run).empty());
  // Without a run file nobody else measures it.
  EXPECT_TRUE(prepared_part({"smoke", "--shard", "2/2"}).spec.measures_setup);
  EXPECT_FALSE(prepared_part({"smoke", "--shard", "2/2"}).part);
}

TEST(ShardFlags, WhatDecidesAboutARunIsOfItsIdentity) {
  const RunIdentity run = prepared_part({"stress", "--mergeable", "f"}).part->run;
  const auto named = [&run](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"stress", "--mergeable", "f"});
    return differences(run, prepared_part(arguments).part->run);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(named({}), Names{});
  EXPECT_EQ(named({"--seed", "2"}), Names{"the seed"});
  EXPECT_EQ(named({"--rps", "5"}), Names{"the option rps"});
  EXPECT_EQ(named({"--url", "http://elsewhere"}), Names{"the gateway"});
  EXPECT_EQ(named({"--simulate=instant"}), Names{"the gateway"});
  EXPECT_EQ(named({"--simulate=overloaded"}),
            (Names{"the gateway", "the limits of the simulated gateway"}));
  EXPECT_EQ(named({"--no-data", "pass"}), Names{"--no-data"});
  EXPECT_EQ(named({"--summary-trend-stats", "max"}), Names{"what the summary shows"});
  // What tells the parts apart does not.
  EXPECT_EQ(named({"--tag", "shard=1"}), Names{});
  EXPECT_EQ(named({"--threads", "2"}), Names{});
}

TEST(ShardFlags, AGatewayThatCanBeReadOnceOnlyIsRefused) {
  const auto refused =
      prepare_run(flags_of({"smoke", "--mergeable", "f", "--simulate=/dev/null"}).value(),
                  make_environment({}, {}).value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().to_string(),
            "--mergeable: /dev/null of --simulate is no regular file, and is read twice");
}

TEST(ShardFlags, TheFilesThatASuiteReadsAreOfItsIdentity) {
  const lab::TemporaryFolder folder;
  const std::string suite = folder.write("suite.json", R"({"name": "s", "options": {"vus": 1},
      "flows": {"default": [{"group": {"name": "g", "steps": [
        {"chat": {"prompt": {"one_of": "prompts.json"}}}]}}]}})");
  const auto part = [&](const std::string& prompts, const std::string& gateway) {
    (void)folder.write("prompts.json", prompts);
    const std::string file = folder.write("gateway.json", gateway);
    return prepared_part({suite, "--mergeable", "f", "--simulate=" + file}).part->run;
  };
  using Names = std::vector<std::string>;
  const RunIdentity run = part(R"(["a", "b"])", "{}");
  EXPECT_EQ(differences(run, part(R"(["a", "b"])", "{}")), Names{});
  EXPECT_EQ(differences(run, part(R"(["a", "c"])", "{}")), Names{"the prompts"});
  EXPECT_EQ(differences(run, part(R"(["a", "b"])", R"({"seed": 2})")), Names{"the gateway"});
}

TEST(ShardFlags, ASearchLeavesNothingToMerge) {
  const lab::TemporaryFolder folder;
  const std::string suite = folder.write("search.json", R"({"name": "search", "options": {
      "scenarios": {"s": {"executor": "saturation-search", "startRate": 1, "maxRate": 9,
        "stepDuration": "1s", "preAllocatedVUs": 5, "thresholds": {"http_reqs": ["count>0"]}}}},
      "flows": {"default": [{"sleep": "1s"}]}})");
  const auto refused =
      prepare_run(flags_of({suite, "--mergeable", "f"}).value(), make_environment({}, {}).value());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("there is nothing to merge"), std::string::npos)
      << refused.error().to_string();
}

}  // namespace
}  // namespace loader
