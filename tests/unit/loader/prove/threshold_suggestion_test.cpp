#include "loader/prove/threshold_suggestion.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

ValueRanges ranges(std::initializer_list<MetricValues> runs) {
  ValueRanges all;
  for (const MetricValues& each : runs) all.add(each);
  return all;
}

std::vector<SuggestedThreshold> suggest(const ValueRanges& sound, const ValueRanges& held_out,
                                        const ValueRanges& mutant) {
  return suggest_thresholds(MetricRegistry(), sound, held_out, mutant);
}

TEST(SuggestThresholds, LieBetweenSoundAndBroken) {
  const auto all =
      suggest(ranges({{{"http_req_duration: p(95)", 900}}, {{"http_req_duration: p(95)", 1000}}}),
              ranges({{{"http_req_duration: p(95)", 1100}}}),
              ranges({{{"http_req_duration: p(95)", 9000}}, {{"http_req_duration: p(95)", 9900}}}));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].metric, "http_req_duration");
  EXPECT_EQ(all[0].expression, "p(95)<3100");
  EXPECT_EQ(all[0].control_runs, 3U);
  EXPECT_EQ(all[0].sound_high, 1100);
  EXPECT_EQ(all[0].mutant_low, 9000);
}

TEST(SuggestThresholds, LookBelowWhereBrokenIsLess) {
  const auto all =
      suggest(ranges({{{"llm_success_rate: rate", 1}}}), ranges({{{"llm_success_rate: rate", 1}}}),
              ranges({{{"llm_success_rate: rate", 0.9}}}));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].expression, "rate>0.95");
}

TEST(SuggestThresholds, AreNoHairTriggers) {
  // The held-out run has what the mutant has.
  EXPECT_TRUE(suggest(ranges({{{"checks: rate", 1}}}), ranges({{{"checks: rate", 0.9}}}),
                      ranges({{{"checks: rate", 0.9}}}))
                  .empty());
  // Sound runs differ by more than what lies between them and the broken ones.
  EXPECT_TRUE(
      suggest(ranges({{{"http_req_duration: max", 100}}, {{"http_req_duration: max", 500}}}),
              ranges({{{"http_req_duration: max", 200}}}),
              ranges({{{"http_req_duration: max", 600}}}))
          .empty());
  // A metric that not all of the broken runs have.
  EXPECT_TRUE(suggest(ranges({{{"http_req_duration: med", 100}}}),
                      ranges({{{"http_req_duration: med", 100}}}),
                      ranges({{{"http_req_duration: med", 600}}, {}}))
                  .empty());
}

TEST(SuggestThresholds, ACounterThatWasNeverAddedToIsZero) {
  const auto all =
      suggest(ranges({{}}), ranges({{}}), ranges({{{"llm_stream_missing_done: count", 40}}}));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].metric, "llm_stream_missing_done");
  EXPECT_EQ(all[0].expression, "count<20");
}

TEST(SuggestThresholds, PreferWhatPeopleKnow) {
  const auto all = suggest(ranges({{{"http_req_failed: rate", 0},
                                    {"http_req_receiving: avg", 1},
                                    {"iterations: rate", 9}}}),
                           ranges({{{"http_req_failed: rate", 0},
                                    {"http_req_receiving: avg", 1},
                                    {"iterations: rate", 9}}}),
                           ranges({{{"http_req_failed: rate", 0.5},
                                    {"http_req_receiving: avg", 50},
                                    {"iterations: rate", 1}}}));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].metric, "http_req_failed");
  EXPECT_EQ(all[1].metric, "http_req_receiving");
}

}  // namespace
}  // namespace loader
