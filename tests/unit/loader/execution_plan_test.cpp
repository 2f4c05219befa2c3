#include "loader/scenarios/execution_plan.h"

#include <gtest/gtest.h>

#include "loader/scenarios/scenario_share.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Scenario scenario(LoadModel model, lab::Duration start_time = {}) {
  return {"s", std::move(model), start_time, seconds(30), {}, {}, {}};
}

TEST(ExecutionPlan, GracefulStopCountsIntoTheDuration) {
  const ExecutionPlan plan = plan_execution({scenario(ConstantVus{10, minutes(5)})}, {});
  EXPECT_EQ(plan.vus_planned, 10u);
  EXPECT_EQ(plan.vus_max, 10u);
  EXPECT_EQ(plan.duration_max, seconds(330));
}

TEST(ExecutionPlan, ScenariosThatDoNotOverlapShareVus) {
  EXPECT_EQ(plan_execution({scenario(ConstantVus{10, minutes(1)}),
                            scenario(ConstantVus{7, minutes(1)}, seconds(90))},
                           {})
                .vus_planned,
            10u);
  EXPECT_EQ(plan_execution({scenario(ConstantVus{10, minutes(1)}),
                            scenario(ConstantVus{7, minutes(1)}, seconds(89))},
                           {})
                .vus_planned,
            17u);
}

TEST(ExecutionPlan, OpenModelsMayAddVus) {
  const ExecutionPlan plan =
      plan_execution({scenario(ConstantArrivalRate{5, seconds(1), minutes(1), {10, 20}}),
                      scenario(ConstantVus{5, minutes(1)})},
                     {});
  EXPECT_EQ(plan.vus_planned, 15u);
  EXPECT_EQ(plan.vus_max, 25u);
  EXPECT_EQ(plan.duration_max, seconds(90));
}

TEST(ExecutionPlan, ASearchMayTakeAllItsLevelsAndAGracefulStopAfterEach) {
  // Levels 10, 20, 40, and two more to halve the last gap to 5.
  const ExecutionPlan plan = plan_execution({scenario(SaturationSearch{.start_rate = 10,
                                                                       .max_rate = 40,
                                                                       .step_duration = minutes(1),
                                                                       .growth = 2,
                                                                       .precision = 0.25,
                                                                       .vus = {5, 50}})},
                                            {});
  EXPECT_EQ(plan.duration_max, 5 * (minutes(1) + seconds(30)));
  EXPECT_EQ(plan.vus_max, 50u);
}

TEST(ExecutionPlan, AnOpenModelWithoutVusAtItsStartLastsAsLongAsWithSome) {
  const ExecutionPlan plan =
      plan_execution({scenario(ConstantArrivalRate{5, seconds(1), minutes(1), {0, 2}}),
                      scenario(ConstantVus{3, minutes(1)}, minutes(2))},
                     {});
  // The 2 are gone before the 3 come.
  EXPECT_EQ(plan.vus_planned, 3u);
  EXPECT_EQ(plan.vus_max, 3u);
  EXPECT_EQ(plan_execution({scenario(ConstantArrivalRate{5, seconds(1), minutes(1), {0, 2}})}, {})
                .duration_max,
            seconds(90));
}

TEST(ExecutionPlan, AScenarioOfWhichASegmentHoldsNothingHasNoWork) {
  const auto half = [](const char* segment) {
    return ExecutionShare::of(parse_execution_segment(segment).value(), {}).value();
  };
  const auto has_work = [](const Scenario& each, const ExecutionShare& share) {
    return scenario_share(each.model, share).has_value();
  };
  const ExecutionShare second = half("1/2:1");
  EXPECT_TRUE(has_work(scenario(ConstantVus{1, minutes(1)}), half("0:1/2")));
  EXPECT_FALSE(has_work(scenario(ConstantVus{1, minutes(1)}), second));
  EXPECT_FALSE(has_work(scenario(SharedIterations{1, 8, minutes(1)}), second));
  EXPECT_FALSE(
      has_work(scenario(RampingVus{0, {{minutes(1), 1}, {minutes(1), 0}}, seconds(9)}), second));
  EXPECT_TRUE(has_work(scenario(ConstantArrivalRate{5, seconds(1), minutes(1), {0, 2}}), second));
}

TEST(ExecutionPlan, ASegmentNeedsItsPart) {
  EXPECT_EQ(plan_execution({scenario(ConstantVus{5, minutes(1)})}, ExecutionShare().split(0, 2))
                .vus_planned,
            3u);
}

}  // namespace
}  // namespace loader
