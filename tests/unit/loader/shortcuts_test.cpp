#include <gtest/gtest.h>

#include "loader/suite/options.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::vector<Scenario> one(LoadModel model) {
  Scenario scenario;
  scenario.name = "suite";
  scenario.exec = "chat";
  scenario.graceful_stop = minutes(2);
  scenario.model = std::move(model);
  return {scenario};
}

TEST(Shortcuts, DurationShortensAScenarioAndKeepsTheRest) {
  const auto scenarios =
      apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.duration = seconds(10)}).value();
  ASSERT_EQ(scenarios.size(), 1u);
  EXPECT_EQ(scenarios[0].name, "suite");
  EXPECT_EQ(scenarios[0].exec, "chat");
  EXPECT_EQ(scenarios[0].graceful_stop, minutes(2));
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).vus, 10u);
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).duration, seconds(10));
}

TEST(Shortcuts, DurationShortensStagesInProportion) {
  const auto scenarios =
      apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}, {minutes(3), 20}}, seconds(9)}),
                      {.duration = seconds(10)})
          .value();
  const auto& ramping = std::get<RampingVus>(scenarios[0].model);
  EXPECT_EQ(ramping.stages, (std::vector<Stage>{{seconds(4), 20}, {seconds(6), 20}}));
  EXPECT_EQ(ramping.graceful_ramp_down, seconds(9));
  const auto arrivals = apply_shortcuts(one(ConstantArrivalRate{5, seconds(1), minutes(5), {1, 1}}),
                                        {.duration = seconds(10)});
  EXPECT_EQ(std::get<ConstantArrivalRate>(arrivals.value()[0].model).duration, seconds(10));
}

TEST(Shortcuts, VusAndDurationAreConstantVusWhateverTheFileSays) {
  const auto scenarios = apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}}, seconds(9)}),
                                         {.vus = 3, .duration = seconds(10)})
                             .value();
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).vus, 3u);
}

TEST(Shortcuts, IterationsAreSharedAmongTheSuitesVus) {
  const auto few = apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.iterations = 3}).value();
  EXPECT_EQ(std::get<SharedIterations>(few[0].model).vus, 3u);
  EXPECT_EQ(std::get<SharedIterations>(few[0].model).iterations, 3u);
  const auto limited = apply_shortcuts(one(ConstantVus{10, minutes(5)}),
                                       {.vus = 2, .duration = seconds(5), .iterations = 30})
                           .value();
  EXPECT_EQ(std::get<SharedIterations>(limited[0].model).max_duration, seconds(5));
}

TEST(Shortcuts, StagesReplaceTheProfile) {
  const auto scenarios =
      apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.stages = {{seconds(5), 4}}}).value();
  EXPECT_EQ(std::get<RampingVus>(scenarios[0].model).start_vus, 1u);
  EXPECT_EQ(std::get<RampingVus>(scenarios[0].model).stages.size(), 1u);
}

TEST(Shortcuts, SayWhatDoesNotGo) {
  EXPECT_NE(apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}}, seconds(9)}), {.vus = 3})
                .error()
                .what.find("add -d, -i or -s"),
            std::string::npos);
  EXPECT_TRUE(
      apply_shortcuts(one(ConstantVus{1, minutes(5)}), {.duration = seconds(0)}).has_error());
  EXPECT_TRUE(
      apply_shortcuts(one(ConstantVus{1, minutes(5)}), {.vus = 5, .iterations = 3}).has_error());
  EXPECT_TRUE(apply_shortcuts(one(ConstantVus{1, minutes(5)}),
                              {.duration = seconds(5), .stages = {{seconds(5), 4}}})
                  .has_error());
  EXPECT_NE(apply_shortcuts(one(SaturationSearch{}), {.duration = seconds(5)})
                .error()
                .what.find("change its stepDuration"),
            std::string::npos);
  std::vector<Scenario> two = one(ConstantVus{1, minutes(5)});
  two.push_back(two[0]);
  EXPECT_TRUE(apply_shortcuts(two, {.duration = seconds(5)}).has_value());
  two[1].exec = "other";
  EXPECT_TRUE(apply_shortcuts(two, {.duration = seconds(5)}).has_error());
}

TEST(Shortcuts, ParsesStages) {
  EXPECT_EQ(parse_stages("10s:5,1m:0").value(),
            (std::vector<Stage>{{seconds(10), 5}, {minutes(1), 0}}));
  for (const std::string_view text : {"", "10s", "10s:", "x:5", "-1s:5", "10s:-5", "10s:5,"}) {
    EXPECT_TRUE(parse_stages(text).has_error()) << text;
  }
}

}  // namespace
}  // namespace loader
