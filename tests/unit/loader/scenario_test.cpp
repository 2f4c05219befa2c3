#include "loader/scenarios/scenario.h"

#include <gtest/gtest.h>

#include "loader/scenarios/scenario_reader.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct ReadScenarios {
  lab::JsonProblems problems{"suite.json"};
  std::vector<Scenario> scenarios;

  explicit ReadScenarios(std::string_view text) {
    const lab::Json json = lab::parse_json(text, "suite.json").value();
    scenarios = read_scenarios(lab::JsonValue(json, "options.scenarios", problems));
  }
};

std::string problems_of(std::string_view text) { return ReadScenarios(text).problems.to_string(); }

TEST(ScenarioReader, FillsInK6sDefaults) {
  const ReadScenarios read(R"({
    "shared": {"executor": "shared-iterations"},
    "each": {"executor": "per-vu-iterations"},
    "constant": {"executor": "constant-vus", "duration": "5m"},
    "ramping": {"executor": "ramping-vus", "stages": [{"duration": "0s", "target": 3}]},
    "arrivals": {"executor": "constant-arrival-rate", "rate": 50, "duration": 1500, "preAllocatedVUs": 10},
    "ramping_arrivals": {"executor": "ramping-arrival-rate", "stages": [{"duration": "1m", "target": 5}],
                         "preAllocatedVUs": 2, "maxVUs": 4},
    "random": {"executor": "poisson-arrival-rate", "rate": 5, "duration": "1m", "preAllocatedVUs": 2}
  })");
  EXPECT_EQ(read.problems.to_string(), "");
  ASSERT_EQ(read.scenarios.size(), 7u);
  EXPECT_EQ(read.scenarios[0].graceful_stop, seconds(30));
  EXPECT_EQ(read.scenarios[0].start_time, seconds(0));
  EXPECT_FALSE(read.scenarios[0].exec.has_value());
  const auto& shared = std::get<SharedIterations>(read.scenarios[0].model);
  EXPECT_EQ(shared.vus, 1u);
  EXPECT_EQ(shared.iterations, 1u);
  EXPECT_EQ(shared.max_duration, minutes(10));
  EXPECT_EQ(std::get<PerVuIterations>(read.scenarios[1].model).max_duration, minutes(10));
  EXPECT_EQ(std::get<ConstantVus>(read.scenarios[2].model).vus, 1u);
  const auto& ramping = std::get<RampingVus>(read.scenarios[3].model);
  EXPECT_EQ(ramping.start_vus, 1u);
  EXPECT_EQ(ramping.graceful_ramp_down, seconds(30));
  const auto& arrivals = std::get<ConstantArrivalRate>(read.scenarios[4].model);
  EXPECT_EQ(arrivals.time_unit, seconds(1));
  EXPECT_EQ(arrivals.vus.max, 10u);
  // A bare number is milliseconds.
  EXPECT_EQ(arrivals.duration, std::chrono::milliseconds(1500));
  const auto& ramping_arrivals = std::get<RampingArrivalRate>(read.scenarios[5].model);
  EXPECT_EQ(ramping_arrivals.start_rate, 0u);
  EXPECT_EQ(ramping_arrivals.vus.max, 4u);
  EXPECT_EQ(std::get<PoissonArrivalRate>(read.scenarios[6].model).rate, 5u);
}

TEST(ScenarioReader, ReadsCommonKeys) {
  const ReadScenarios read(
      R"({"s": {"executor": "constant-vus", "duration": "5m", "vus": 2, "exec": "chat",
    "startTime": "10s", "gracefulStop": "0s", "tags": {"a": "b"}, "env": {"MODEL": "x"}}})");
  EXPECT_EQ(read.problems.to_string(), "");
  EXPECT_EQ(read.scenarios[0].exec, "chat");
  EXPECT_EQ(read.scenarios[0].start_time, seconds(10));
  EXPECT_EQ(read.scenarios[0].graceful_stop, seconds(0));
  EXPECT_EQ(read.scenarios[0].tags.at("a"), "b");
  EXPECT_EQ(read.scenarios[0].env.at("MODEL"), "x");
}

TEST(ScenarioReader, NamesWhatIsWrongWhereAndWhatIsAllowed) {
  EXPECT_NE(problems_of(R"({"s": {"executor": "constant-vus", "duration": "5m", "vsu": 2}})")
                .find("suite.json: options.scenarios.s: unknown key \"vsu\""),
            std::string::npos);
  EXPECT_NE(
      problems_of(R"({"s": {"executor": "constant-vu", "duration": "5m"}})").find("constant-vus"),
      std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "constant-vus"}})")
                .find("options.scenarios.s: missing required key \"duration\""),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "constant-vus", "duration": "100ms"}})")
                .find("the duration must be at least 1s, but is 100ms"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "shared-iterations", "vus": 5, "iterations": 3}})")
                .find("the number of iterations (3) must not be less than the number of VUs (5)"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "ramping-vus", "stages": []}})")
                .find("options.scenarios.s.stages"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "constant-arrival-rate", "rate": 5, "duration": "1m",
                                  "preAllocatedVUs": 5, "maxVUs": 3}})")
                .find("maxVUs must not be less than preAllocatedVUs"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"a b": {"executor": "shared-iterations"}})").find("letters, digits"),
            std::string::npos);
  EXPECT_NE(problems_of("{}").find("at least one scenario"), std::string::npos);
}

constexpr const char* kSearch = R"({"s": {"executor": "saturation-search", "startRate": 10,
    "maxRate": 100, "stepDuration": "30s", "preAllocatedVUs": 5, "thresholds": {})";

TEST(ScenarioReader, ReadsASaturationSearch) {
  const ReadScenarios plain(std::string(kSearch) + "}}");
  EXPECT_EQ(plain.problems.to_string(), "");
  const auto& search = std::get<SaturationSearch>(plain.scenarios[0].model);
  EXPECT_EQ(search.start_rate, 10u);
  EXPECT_EQ(search.max_rate, 100u);
  EXPECT_EQ(search.step_duration, seconds(30));
  EXPECT_EQ(search.growth, 1.5);
  EXPECT_EQ(search.step, 0u);
  EXPECT_EQ(search.precision, 0.05);
  const ReadScenarios stepped(std::string(kSearch) +
                              R"(, "step": 5, "precision": 0.1, "timeUnit": "1m", "maxVUs": 9}})");
  EXPECT_EQ(stepped.problems.to_string(), "");
  EXPECT_EQ(std::get<SaturationSearch>(stepped.scenarios[0].model).step, 5u);
  EXPECT_EQ(std::get<SaturationSearch>(stepped.scenarios[0].model).time_unit, minutes(1));
  EXPECT_EQ(std::get<SaturationSearch>(stepped.scenarios[0].model).vus.max, 9u);
}

TEST(ScenarioReader, SaysWhatIsWrongWithASaturationSearch) {
  const auto with = [](const char* more) {
    return problems_of(std::string(kSearch) + more + "}}");
  };
  EXPECT_NE(
      with(R"(, "step": 5, "growth": 2)").find("options.scenarios.s.step: can't go with growth"),
      std::string::npos);
  EXPECT_NE(with(R"(, "growth": 1)").find("the growth must be from 1.01 to 100"),
            std::string::npos);
  EXPECT_NE(with(R"(, "precision": 0)").find("the precision must be from 0.001 to 0.5"),
            std::string::npos);
  EXPECT_NE(with(R"(, "gracefulStop": "0s")").find("the gracefulStop must be more than 0"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "saturation-search", "startRate": 10, "maxRate": 5,
                                  "stepDuration": "30s", "preAllocatedVUs": 5, "thresholds": {}}})")
                .find("the maxRate must not be less than the startRate"),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "saturation-search", "startRate": 10, "maxRate": 50,
                                  "stepDuration": "30s", "preAllocatedVUs": 5}})")
                .find("missing required key \"thresholds\""),
            std::string::npos);
  EXPECT_NE(problems_of(R"({"s": {"executor": "saturation-search", "startRate": 1, "step": 1,
                                  "maxRate": 5000, "stepDuration": "30s", "preAllocatedVUs": 5,
                                  "thresholds": {}}})")
                .find("more than 1000 levels"),
            std::string::npos);
}

TEST(Scenario, DescribesItselfAsK6Does) {
  Scenario scenario{"s", ConstantVus{10, minutes(5)}, {}, seconds(30), {}, {}, {}};
  EXPECT_EQ(describe(scenario, {}), "10 looping VUs for 5m0s (gracefulStop: 30s)");
  scenario.exec = "chat";
  scenario.start_time = seconds(5);
  EXPECT_EQ(describe(scenario, ExecutionShare().split(0, 2)),
            "5 looping VUs for 5m0s (exec: chat, startTime: 5s, gracefulStop: 30s)");
  scenario = {"s", RampingVus{0, std::vector<Stage>(9, Stage{minutes(1), 150}), seconds(30)},
              {},  minutes(2),
              {},  {},
              {}};
  EXPECT_EQ(
      describe(scenario, {}),
      "Up to 150 looping VUs for 9m0s over 9 stages (gracefulRampDown: 30s, gracefulStop: 2m0s)");
  scenario = {
      "s", ConstantArrivalRate{50, seconds(1), minutes(1), {10, 20}}, {}, seconds(30), {}, {}, {}};
  EXPECT_EQ(describe(scenario, {}),
            "50.00 iterations/s for 1m0s (maxVUs: 10-20, gracefulStop: 30s)");
  scenario = {"s", SharedIterations{2, 10, minutes(10)}, {}, seconds(30), {}, {}, {}};
  EXPECT_EQ(describe(scenario, {}),
            "10 iterations shared among 2 VUs (maxDuration: 10m0s, gracefulStop: 30s)");
  scenario = {"s", PerVuIterations{2, 10, minutes(10)}, {}, seconds(0), {}, {}, {}};
  EXPECT_EQ(describe(scenario, {}), "10 iterations for each of 2 VUs (maxDuration: 10m0s)");
  scenario = {"s",
              SaturationSearch{.start_rate = 60,
                               .max_rate = 60,
                               .time_unit = minutes(1),
                               .step_duration = seconds(30),
                               .vus = {2, 10}},
              {},
              seconds(30),
              {},
              {},
              {}};
  EXPECT_EQ(describe(scenario, {}),
            "1.00 iterations/s up to 1.00 iterations/s in search of saturation, at most 1 levels "
            "of 30s (maxVUs: 2-10, gracefulStop: 30s)");
}

TEST(Scenario, NamesThePhaseOfEachStage) {
  const LoadModel model =
      RampingVus{0, {{minutes(2), 20}, {minutes(3), 20}, {minutes(1), 0}}, seconds(30)};
  EXPECT_EQ(phase_name(model, seconds(0)), "ramp-up-20");
  EXPECT_EQ(phase_name(model, seconds(120)), "hold-20");
  EXPECT_EQ(phase_name(model, seconds(300)), "ramp-down-0");
  EXPECT_EQ(phase_name(model, seconds(360)), "graceful-stop");
  EXPECT_EQ(phase_names(model),
            (std::vector<std::string>{"ramp-up-20", "hold-20", "ramp-down-0", "graceful-stop"}));
  EXPECT_EQ(phase_ends(model), (std::vector<lab::Duration>{minutes(2), minutes(5), minutes(6)}));
  EXPECT_EQ(phase_ends(ConstantVus{1, minutes(1)}), std::vector<lab::Duration>{});
  EXPECT_EQ(phase_name(ConstantVus{1, minutes(1)}, seconds(1)), "");
  EXPECT_TRUE(phase_names(ConstantVus{1, minutes(1)}).empty());
}

}  // namespace
}  // namespace loader
