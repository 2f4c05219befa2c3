#include "loader/run/planned_loads.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using std::chrono::seconds;

Scenario scenario(std::string name, LoadModel model, lab::Duration start_time = {}) {
  return {std::move(name), std::move(model), start_time, seconds(30), {}, {}, {}};
}

TEST(PlannedLoads, AreThoseOfScenariosAndPhasesWhoseEndIsKnown) {
  const RampingArrivalRate steps{
      .start_rate = 5,
      .stages = {{seconds(20), 5}, {seconds(0), 20}, {seconds(40), 20}, {seconds(10), 0}},
      .vus = {}};
  const std::vector<Scenario> scenarios{
      scenario("steps", steps, seconds(7)),
      scenario("steady", ConstantVus{.vus = 2, .duration = seconds(30)}, seconds(70)),
      scenario("counted", SharedIterations{.iterations = 10}),
      scenario("search", SaturationSearch{.step_duration = seconds(10), .vus = {}})};
  const std::vector<PlannedLoad> all = planned_loads(scenarios, std::chrono::minutes(2));
  EXPECT_EQ(all, (std::vector<PlannedLoad>{{"steps", "hold-5", {seconds(7), seconds(27)}},
                                           {"steps", "hold-20", {seconds(27), seconds(67)}},
                                           {"steps", "ramp-down-0", {seconds(67), seconds(77)}},
                                           {"steady", "", {seconds(70), seconds(100)}}}));
  // Of a run that was cut there is what it has come to.
  EXPECT_EQ(planned_loads(scenarios, seconds(30)),
            (std::vector<PlannedLoad>{{"steps", "hold-5", {seconds(7), seconds(27)}},
                                      {"steps", "hold-20", {seconds(27), seconds(30)}}}));
}

}  // namespace
}  // namespace loader
