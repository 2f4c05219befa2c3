#include "loader/scenarios/shard.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace loader {
namespace {

using Variables = std::map<std::string, std::string>;

lab::Result<Shard> parsed(const char* text, const Variables& variables = {}) {
  return parse_shard(text, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Shard, IsOneOfSoMany) {
  EXPECT_EQ(parsed("1/1").value(), (Shard{1, 1}));
  EXPECT_EQ(parsed("2/5").value(), (Shard{2, 5}));
}

TEST(Shard, KubernetesAndSlurmNumberTheProcesses) {
  // A Job counts from 0, and does not say how many there are.
  EXPECT_EQ(parsed("auto/4", {{"JOB_COMPLETION_INDEX", "0"}}).value(), (Shard{1, 4}));
  EXPECT_EQ(parsed("auto/4", {{"JOB_COMPLETION_INDEX", "3"}}).value(), (Shard{4, 4}));
  // An array begins where it was told to, in steps.
  const Variables array{{"SLURM_ARRAY_TASK_ID", "14"},
                        {"SLURM_ARRAY_TASK_MIN", "10"},
                        {"SLURM_ARRAY_TASK_STEP", "2"},
                        {"SLURM_ARRAY_TASK_COUNT", "3"}};
  EXPECT_EQ(parsed("auto", array).value(), (Shard{3, 3}));
  EXPECT_EQ(parsed("auto/5", array).value(), (Shard{3, 5}));
}

TEST(Shard, WhatIsNoneIsRefusedWithAReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "is no part"},         {"2", "is no part"},         {"2/", "is no part"},
      {"/5", "is no part"},       {"a/b", "is no part"},       {"-1/5", "is no part"},
      {"1.5/5", "is no part"},    {"0/5", "of 5 there are 1"}, {"6/5", "and this is 6"},
      {"1/0", "1 to 10000"},      {"1/10001", "1 to 10000"},   {"auto", "there is none"},
      {"auto/5", "there is none"}};
  for (const auto& [text, why] : cases) {
    const auto shard = parsed(text);
    ASSERT_FALSE(shard) << text;
    EXPECT_NE(shard.error().what.find(why), std::string::npos) << shard.error().what;
  }
  EXPECT_NE(parsed("auto", {{"JOB_COMPLETION_INDEX", "0"}}).error().what.find("of how many"),
            std::string::npos);
  EXPECT_FALSE(parsed("auto/4", {{"JOB_COMPLETION_INDEX", "4"}}));
  EXPECT_FALSE(parsed("auto/4", {{"JOB_COMPLETION_INDEX", "x"}}));
}

TEST(Shard, SegmentsAreWrittenAndReadAlike) {
  for (const std::uint64_t count : {1u, 2u, 3u, 6u, 12u, 100u}) {
    const std::vector<ExecutionSegment> segments = equal_segments(count);
    ASSERT_EQ(segments.size(), count);
    EXPECT_EQ(parse_execution_segment_sequence(to_string(segments)).value(), segments);
    for (const ExecutionSegment& segment : segments) {
      EXPECT_EQ(parse_execution_segment(to_string(segment)).value(), segment);
      EXPECT_TRUE(ExecutionShare::of(segment, segments));
    }
  }
  EXPECT_EQ(to_string(equal_segments(4)), "0,1/4,1/2,3/4,1");
  EXPECT_EQ(to_string(equal_segments(4)[1]), "1/4:1/2");
}

}  // namespace
}  // namespace loader
