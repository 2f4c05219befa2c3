#include <gtest/gtest.h>

#include "loader/prove/prover.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

TEST(TrialEffort, IsAsMuchAsTheBudgetBuys) {
  ProofPlan plan;
  plan.budget = 10s;
  EXPECT_EQ(effort_for(0.001, 30, plan).seeds, 40u);
  EXPECT_EQ(effort_for(10, 30, plan).seeds, 3u);
  plan.budget = 1h;
  EXPECT_GT(effort_for(1, 30, plan).seeds, 3u);
}

TEST(TrialEffort, ABudgetThatCannotBeKeptIsTold) {
  ProofPlan plan;
  const TrialEffort least = effort_for(1, 30, plan);
  ASSERT_EQ(least.seeds, 3u);
  EXPECT_EQ(budget_problem(1, 30, plan, least), "");
  plan.budget = 1h;
  EXPECT_EQ(budget_problem(1, 30, plan, least), "");
  plan.budget = 1s;
  EXPECT_EQ(
      budget_problem(1, 30, plan, least),
      "--budget 1s can't be kept: with 3 seeds, the least there are, it takes about 3m3s on two "
      "cores");
  plan.seeds = 5;
  EXPECT_TRUE(budget_problem(1, 30, plan, effort_for(1, 30, plan))
                  .starts_with("--budget 1s can't be kept: with 5 seeds it takes about "));
}

}  // namespace
}  // namespace loader
