#include "loader/run/run_progress.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Scenario scenario(std::string name, LoadModel model, lab::Duration start_time = {}) {
  return {std::move(name), std::move(model), start_time, seconds(30), {}, {}, {}};
}

TEST(PartReport, AddsUpThreadsAndIsAsFarAsTheSlowest) {
  const PartReport a{.vus = 3,
                     .active_vus = 2,
                     .scenarios = {{ScenarioState::done, {.completed = 5, .dropped = 1}, 3, 4},
                                   {ScenarioState::waiting, {}, 0}}};
  const PartReport b{
      .vus = 2,
      .active_vus = 1,
      .has_failed = true,
      .scenarios = {{ScenarioState::stopping, {.completed = 2, .interrupted = 1}, 2, 2},
                    {ScenarioState::done, {}, 0}}};
  const PartReport sum = sum_of(a, b);
  EXPECT_EQ(sum.vus, 5u);
  EXPECT_EQ(sum.active_vus, 3u);
  EXPECT_TRUE(sum.has_failed);
  EXPECT_EQ(sum.scenarios[0].state, ScenarioState::stopping);
  EXPECT_EQ(sum.scenarios[0].counts.completed, 7u);
  EXPECT_EQ(sum.scenarios[0].counts.interrupted, 1u);
  EXPECT_EQ(sum.scenarios[0].counts.dropped, 1u);
  EXPECT_EQ(sum.scenarios[0].vus, 5u);
  EXPECT_EQ(sum.scenarios[0].vus_most, 6u);
  EXPECT_EQ(sum.scenarios[1].state, ScenarioState::waiting);
}

TEST(RunProgress, TimesAreOfEachScenario) {
  const std::vector<Scenario> scenarios{
      scenario("first", ConstantVus{10, minutes(1)}),
      scenario("second", ConstantVus{10, minutes(1)}, seconds(30))};
  const PartReport report{
      .vus = 20,
      .active_vus = 20,
      .scenarios = {{ScenarioState::running, {.completed = 40}, 10},
                    {ScenarioState::running, {.completed = 2, .interrupted = 1}, 10}}};
  const RunProgress progress =
      make_progress(scenarios, report,
                    {.vus_planned = 20, .vus_max = 20, .duration_max = seconds(120)}, seconds(45));
  EXPECT_EQ(progress.elapsed, seconds(45));
  EXPECT_EQ(progress.vus, 20u);
  EXPECT_EQ(progress.complete, 42u);
  EXPECT_EQ(progress.interrupted, 1u);
  EXPECT_DOUBLE_EQ(progress.scenarios[0].fraction, 0.75);
  EXPECT_DOUBLE_EQ(progress.scenarios[1].fraction, 0.25);
  EXPECT_EQ(progress.scenarios[0].columns[0], "10 VUs");
}

TEST(RunProgress, AScenarioThatIsOverKeepsTheVusThatItTook) {
  const PartReport report{.vus = 0, .scenarios = {{ScenarioState::done, {.completed = 40}, 0, 10}}};
  const RunProgress progress = make_progress({scenario("s", ConstantVus{10, minutes(1)})}, report,
                                             {.vus_planned = 10}, seconds(61));
  EXPECT_EQ(progress.scenarios[0].columns, (std::vector<std::string>{"10 VUs", "1m0s"}));
}

TEST(RunProgress, IterationsAreTheMeasureWhereTheyAreTheEnd) {
  const PartReport report{
      .vus = 2, .scenarios = {{ScenarioState::running, {.completed = 3, .dropped = 4}, 2}}};
  const RunProgress progress = make_progress({scenario("s", SharedIterations{2, 12, minutes(10)})},
                                             report, {.vus_planned = 2}, seconds(1));
  EXPECT_DOUBLE_EQ(progress.scenarios[0].fraction, 0.25);
  EXPECT_EQ(progress.scenarios[0].columns[2], "3/12 iters");
  EXPECT_EQ(progress.scenarios[0].columns[3], "4 dropped");
}

}  // namespace
}  // namespace loader
