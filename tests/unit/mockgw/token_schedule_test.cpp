#include "mockgw/chat/token_schedule.h"

#include <gtest/gtest.h>

#include "tests/unit/mockgw/constant_distribution.h"

namespace mockgw {
namespace {

using std::chrono::milliseconds;

LatencyConfig constant_latency() {
  LatencyConfig latency;
  latency.ttft = constant(0.1);
  latency.itl = constant(0.02);
  return latency;
}

TokenSchedule plan(const LatencyConfig& latency, const ScheduleRequest& request,
                   std::uint64_t seed = 1) {
  return plan_schedule(latency, request, lab::Rng(seed), {});
}

TEST(TokenSchedule, SpacesTokensByItlAfterTtft) {
  const TokenSchedule schedule = plan(constant_latency(), {.tokens = 4});
  const std::vector<lab::Duration> expected{milliseconds(100), milliseconds(120), milliseconds(140),
                                            milliseconds(160)};
  EXPECT_EQ(schedule.tokens, expected);
  EXPECT_EQ(schedule.head, milliseconds(100));
  EXPECT_EQ(schedule.end, milliseconds(160));
  EXPECT_EQ(schedule.first_token(), milliseconds(100));
}

TEST(TokenSchedule, TheHeadMayGoOutAtOnce) {
  const TokenSchedule schedule = plan(constant_latency(), {.tokens = 2, .head_at_once = true});
  EXPECT_EQ(schedule.head, lab::Duration::zero());
  EXPECT_EQ(schedule.tokens.front(), milliseconds(100));
}

TEST(TokenSchedule, PrefillCostsByPromptTokenAndLessWhenCached) {
  LatencyConfig latency = constant_latency();
  latency.prefill_per_token = milliseconds(2);
  latency.cached_prefill_per_token = milliseconds(1);
  EXPECT_EQ(plan(latency, {.prompt_tokens = 50, .tokens = 1}).end, milliseconds(200));
  EXPECT_EQ(plan(latency, {.prompt_tokens = 50, .cached_tokens = 40, .tokens = 1}).end,
            milliseconds(160));
}

TEST(TokenSchedule, DriftScalesEveryLatencyAndAFaultsDelayComesOnTop) {
  const TokenSchedule schedule =
      plan(constant_latency(), {.tokens = 2, .factor = 2, .delay = milliseconds(5)});
  EXPECT_EQ(schedule.tokens[0], milliseconds(205));
  EXPECT_EQ(schedule.tokens[1], milliseconds(245));
}

TEST(TokenSchedule, HoweverLongLatenciesAreTheirSumIsATimeThatCanBeAddedToAClocks) {
  LatencyConfig latency;
  latency.ttft = constant(1e300);
  latency.itl = constant(1e300);
  const TokenSchedule schedule = plan(latency, {.tokens = 100'000, .factor = 1e9});
  EXPECT_EQ(schedule.tokens.front(), lab::Distribution::kLongestSample);
  EXPECT_EQ(schedule.end, lab::Distribution::kLongestSample);
}

TEST(TokenSchedule, AnAnswerWithoutTokensTakesItsTtft) {
  const TokenSchedule schedule = plan(constant_latency(), {});
  EXPECT_TRUE(schedule.tokens.empty());
  EXPECT_EQ(schedule.end, milliseconds(100));
  EXPECT_EQ(schedule.first_token(), milliseconds(100));
}

TEST(TokenSchedule, InstantLatencyHasEverythingDueAtOnce) {
  const TokenSchedule schedule = plan(LatencyConfig::instant(), {.prompt_tokens = 9, .tokens = 3});
  EXPECT_EQ(schedule.tokens, std::vector<lab::Duration>(3));
  EXPECT_EQ(schedule.end, lab::Duration::zero());
}

TEST(TokenSchedule, IsTheSameForTheSameGeneratorAndNeverGoesBack) {
  const LatencyConfig latency = LatencyConfig::healthy();
  const TokenSchedule first = plan(latency, {.tokens = 200}, 5);
  EXPECT_EQ(first.tokens, plan(latency, {.tokens = 200}, 5).tokens);
  EXPECT_NE(first.tokens, plan(latency, {.tokens = 200}, 6).tokens);
  EXPECT_TRUE(std::is_sorted(first.tokens.begin(), first.tokens.end()));
}

TEST(TokenSchedule, FewerTokensOfTheSameGeneratorAreAPrefix) {
  const LatencyConfig latency = LatencyConfig::healthy();
  const TokenSchedule whole = plan(latency, {.tokens = 20});
  const TokenSchedule half = plan(latency, {.tokens = 10});
  EXPECT_TRUE(std::equal(half.tokens.begin(), half.tokens.end(), whole.tokens.begin()));
}

}  // namespace
}  // namespace mockgw
