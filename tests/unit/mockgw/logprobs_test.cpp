#include "mockgw/chat/logprobs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace mockgw {
namespace {

LogprobsPlan plan_of(std::size_t top, bool is_greedy = false) {
  return {.top = top, .is_greedy = is_greedy, .rng = lab::Rng(5)};
}

double probability_of(const std::vector<std::pair<std::string, double>>& candidates) {
  double sum = 0;
  for (const auto& [token, logprob] : candidates) sum += std::exp(logprob);
  return sum;
}

TEST(Logprobs, CandidatesDifferFallAndSumToLessThanOne) {
  for (std::size_t i = 0; i < 500; ++i) {
    const lab::TokenLogprob result = token_logprob(plan_of(20), 0, i, " dolor");
    EXPECT_EQ(result.token, " dolor");
    EXPECT_LT(result.logprob, 0);
    ASSERT_EQ(result.top.size(), 20u);
    std::set<std::string> tokens;
    for (const auto& candidate : result.top) tokens.insert(candidate.first);
    EXPECT_EQ(tokens.size(), 20u);
    EXPECT_TRUE(std::is_sorted(result.top.begin(), result.top.end(),
                               [](const auto& a, const auto& b) { return a.second > b.second; }));
    EXPECT_LT(probability_of(result.top), 1);
  }
}

TEST(Logprobs, TheTokenIsAmongTheCandidatesIfItIsLikelyEnough) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    const lab::TokenLogprob result = token_logprob(plan_of(2), 0, i, "Hi");
    const auto found = std::find_if(result.top.begin(), result.top.end(),
                                    [](const auto& candidate) { return candidate.first == "Hi"; });
    first += found == result.top.begin() ? 1 : 0;
    if (found == result.top.end()) {
      EXPECT_LT(result.logprob, result.top.back().second);
    } else {
      EXPECT_EQ(found->second, result.logprob);
    }
  }
  // Sampled from the distribution that is shown: mostly the likeliest, not always.
  EXPECT_GT(first, 300u);
  EXPECT_LT(first, 450u);
}

TEST(Logprobs, TemperatureZeroAlwaysSaysTheLikeliest) {
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(token_logprob(plan_of(3, true), 0, i, "Hi").top[0].first, "Hi");
  }
}

TEST(Logprobs, AreTheSameForTheSamePlaceOnly) {
  const auto logprob = [](std::size_t choice, std::size_t token) {
    return token_logprob(plan_of(0), choice, token, "Hi").logprob;
  };
  EXPECT_EQ(logprob(1, 2), logprob(1, 2));
  EXPECT_NE(logprob(1, 2), logprob(2, 1));
  EXPECT_TRUE(token_logprob(plan_of(0), 0, 0, "Hi").top.empty());
}

}  // namespace
}  // namespace mockgw
