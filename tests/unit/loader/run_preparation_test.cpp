#include "loader/run_preparation.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using std::chrono::seconds;

PreparedRun prepare(const RunCommand& command) {
  return prepare_run(command, make_environment({}, {}).value()).value();
}

RunCommand smoke() {
  RunCommand command;
  command.suite = "smoke";
  return command;
}

TEST(RunPreparation, WhatTheCommandSaysWinsOverTheSuite) {
  RunCommand command = smoke();
  command.options = {.user_agent = "me",
                     .summary_time_unit = "ms",
                     .no_connection_reuse = true,
                     .no_vu_connection_reuse = true,
                     .min_iteration_duration = seconds(2),
                     .setup_timeout = seconds(3),
                     .teardown_timeout = seconds(4)};
  const PreparedRun prepared = prepare(command);
  const Options& options = prepared.suite.options;
  EXPECT_EQ(options.user_agent, "me");
  EXPECT_EQ(options.summary_time_unit, "ms");
  EXPECT_TRUE(options.no_connection_reuse);
  EXPECT_TRUE(options.no_vu_connection_reuse);
  EXPECT_EQ(options.min_iteration_duration, seconds(2));
  EXPECT_EQ(options.setup_timeout, seconds(3));
  EXPECT_EQ(options.teardown_timeout, seconds(4));
}

TEST(RunPreparation, TagsOfTheCommandReplaceTheSuites) {
  RunCommand command = smoke();
  // A suite with a tag of its own.
  command.suite = "custom-example";
  EXPECT_EQ(prepare(command).suite.options.tags, (TagMap{{"team", "search"}}));
  command.tags = {{"a", "b"}};
  EXPECT_EQ(prepare(command).suite.options.tags, (TagMap{{"a", "b"}}));
}

TEST(RunPreparation, ASegmentLeavesOutWhatItHasNoPartOf) {
  // The built-in suite has one virtual user, which is the first half's.
  RunCommand command = smoke();
  command.segment = parse_execution_segment("1/2:1").value();
  const PreparedRun prepared = prepare(command);
  EXPECT_TRUE(prepared.suite.options.scenarios.empty());
  EXPECT_TRUE(prepared.suite.scenarios.empty());
  EXPECT_TRUE(prepared.suite.thresholds.empty());
  EXPECT_EQ(prepared.warnings,
            (std::vector<std::string>{"this execution segment has no part of scenario smoke"}));
  command.segment = parse_execution_segment("0:1/2").value();
  EXPECT_EQ(prepare(command).suite.scenarios.size(), 1u);
  EXPECT_TRUE(prepare(command).warnings.empty());
}

}  // namespace
}  // namespace loader
