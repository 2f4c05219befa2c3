#include "loader/prove/mutant.h"

#include <gtest/gtest.h>

#include <set>

#include "shared/base/json.h"

namespace loader {
namespace {

using lab::Json;

SuiteHabits habits() {
  SuiteHabits habits;
  habits.models = {"gpt-4", "claude"};
  habits.vus_max = 50;
  habits.duration = std::chrono::minutes(5);
  return habits;
}

SoundWorld sound(const char* gateway) {
  return {lab::OwnedJson(Json::parse(gateway)), "gateway.json", lab::OwnedJson::object()};
}

MutantFamily family(const char* gateway, const char* network = "null") {
  MutantFamily family;
  family.name = "test";
  family.gateway = lab::OwnedJson(Json::parse(gateway));
  family.network = lab::OwnedJson(Json::parse(network));
  return family;
}

Json broken(const char* gateway, const char* patch, double size,
            MutantWindow window = MutantWindow::whole) {
  return *make_mutant(sound(gateway), family(patch), window, size, habits()).value().gateway;
}

TEST(Mutant, FillsInItsSize) {
  EXPECT_EQ(broken("{}", R"({"a": "<size>", "b": "<size>s", "c": ["<fraction>"]})", 20),
            Json::parse(R"({"a": 20, "b": "20s", "c": [0.2]})"));
  EXPECT_EQ(broken("{}", R"({"a": "<size>", "b": "<size>s"})", 0.25),
            Json::parse(R"({"a": 0.25, "b": "0.25s"})"));
  EXPECT_EQ(broken("{}", R"({"a": "<middle>s", "m": "<model>", "s": "<share>"})", 60),
            Json::parse(R"({"a": "120s", "m": "claude", "s": 30})"));
}

TEST(Mutant, AddsToListsAndKeepsTheRest) {
  EXPECT_EQ(broken(R"({"seed": 7, "faults": [1], "health": {"a": 1, "b": 2}})",
                   R"({"faults": [2], "health": {"b": 3}})", 1),
            Json::parse(R"({"seed": 7, "faults": [1, 2], "health": {"a": 1, "b": 3}})"));
}

TEST(Mutant, MultipliesWhatTheGatewayHas) {
  EXPECT_EQ(broken(R"({"latency": {"itl": {"lognormal": {"p50": "20ms", "p99": "60ms"}}}})",
                   R"({"latency": {"itl": {"times": "<size>"}}})", 10)["latency"]["itl"],
            Json::parse(R"({"lognormal": {"p50": "200ms", "p99": "600ms"}})"));
  // What the file leaves out is the healthy gateway's.
  EXPECT_EQ(broken("{}", R"({"latency": {"itl": {"times": 2}}})", 1)["latency"]["itl"],
            Json::parse(R"({"lognormal": {"p50": "36ms", "p99": "120ms"}})"));
  EXPECT_EQ(
      broken(R"({"t": {"mixture": [{"weight": 3, "of": {"pareto": {"min": 10, "alpha": 2}}}]}})",
             R"({"t": {"times": 2}})", 1)["t"],
      Json::parse(R"({"mixture": [{"weight": 3, "of": {"pareto": {"min": 20.0, "alpha": 2}}}]})"));
}

TEST(Mutant, OfAWindowIsAStretchOfTheTimeline) {
  const Json gateway =
      broken(R"({"seed": 7, "faults": [1]})", R"({"faults": [2]})", 1, MutantWindow::middle_minute);
  EXPECT_EQ(gateway["faults"], Json::parse("[1]"));
  EXPECT_EQ(gateway["timeline"],
            Json::parse(
                R"([{"name": "mutant", "at": "2m0s", "for": "60s", "set": {"faults": [1, 2]}}])"));
  EXPECT_EQ(broken("{}", R"({"faults": [2]})", 1, MutantWindow::last_third)["timeline"][0]["at"],
            "3m20s");
}

TEST(Mutant, OfANetworkChangesTheNetwork) {
  const auto world =
      make_mutant(sound("{}"), family("null", R"({"connect_failures": "<fraction>"})"),
                  MutantWindow::whole, 5, habits());
  ASSERT_TRUE(world);
  EXPECT_EQ(*world->gateway, Json::object());
  const auto network = network_model(*world, "network");
  ASSERT_TRUE(network);
  EXPECT_DOUBLE_EQ(network->connect_failure_probability, 0.05);
}

TEST(Mutant, SaysWhatIsWrongWithAPatch) {
  const auto nothing_there = make_mutant(sound("{}"), family(R"({"none": {"times": 2}})"),
                                         MutantWindow::whole, 1, habits());
  ASSERT_FALSE(nothing_there);
  EXPECT_NE(nothing_there.error().to_string().find("family test"), std::string::npos);
  EXPECT_FALSE(make_mutant(sound("{}"), family(R"({"latency": {"itl": {"times": "x"}}})"),
                           MutantWindow::whole, 1, habits()));
}

TEST(MutantFamilies, BuiltInOnesAreReadAndNamedOnce) {
  std::set<std::string> names;
  for (const MutantFamily& each : builtin_mutant_families()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_FALSE(each.breaks.empty()) << each.name;
    EXPECT_TRUE(each.breaks.ends_with(".")) << each.name;
  }
  EXPECT_GE(names.size(), 35U);
}

TEST(MutantFamilies, SizesAreRoundedToWhatPeopleRead) {
  MutantFamily family;
  family.range = {0.1, 100};
  family.scale = SizeScale::logarithmic;
  family.unit = "%";
  EXPECT_DOUBLE_EQ(family.size_at(0), 0.1);
  EXPECT_DOUBLE_EQ(family.size_at(1), 100);
  EXPECT_NEAR(family.size_at(0.5), 3.162, 1e-9);
  EXPECT_NEAR(family.position_of(family.size_at(0.5)), 0.5, 1e-4);
  EXPECT_EQ(family.size_text(3.16227), "3.162%");
  EXPECT_EQ(family.size_text(100000), "100000%");
  // Half of the way between the sizes, not between the positions.
  EXPECT_NEAR(family.size_at(family.position_between(0, 1, 0.5)), 50.05, 0.01);
}

TEST(MutantFamilies, OwnOnesReplaceTheirNamesakes) {
  const auto own = read_mutant_families(
      R"({"families": [{"name": "status-500", "breaks": "Mine.", "gateway": {}},
                       {"name": "mine", "breaks": "Mine.", "gateway": {}}]})",
      "own.json");
  ASSERT_TRUE(own) << own.error().to_string();
  const std::vector<MutantFamily> all = with_own_families(*own);
  EXPECT_EQ(all.size(), builtin_mutant_families().size() + 1);
  EXPECT_EQ(all.back().name, "mine");
  const auto same = std::find_if(
      all.begin(), all.end(), [](const MutantFamily& each) { return each.name == "status-500"; });
  EXPECT_EQ(same->breaks, "Mine.");
}

TEST(MutantFamilies, ProblemsAreToldWithTheirPlace) {
  const struct {
    const char* text;
    const char* says;
  } kCases[] = {
      {R"({"families": [{"name": "a", "breaks": "b", "range": [1], "reference": 1}]})",
       "two different numbers"},
      {R"({"families": [{"name": "a", "breaks": "b", "range": [0, 5], "scale": "log", "reference": 1}]})",
       "above 0"},
      {R"({"families": [{"name": "a", "breaks": "b", "range": [1, 5], "reference": 9}]})",
       "within range"},
      {R"({"families": [{"name": "a", "breaks": "b", "rnage": [1, 5]}]})", "range"},
      {R"({"families": [{"name": "a", "breaks": "b"}, {"name": "a", "breaks": "b"}]})", "taken"},
      {R"({"families": [{"name": "../a", "breaks": "b"}]})", "letters, digits"},
      {R"({"families": [{"name": "a", "breaks": "b", "gateway": {"a": "<size>"}}]})",
       "takes a range"},
      {R"({"families": [{"name": "a", "breaks": "b", "range": [1, 5], "reference": 2}]})",
       "<size>"},
      {R"({})", "families"},
  };
  for (const auto& each : kCases) {
    const auto read = read_mutant_families(each.text, "own.json");
    ASSERT_FALSE(read) << each.text;
    EXPECT_NE(read.error().to_string().find(each.says), std::string::npos)
        << read.error().to_string();
  }
}

}  // namespace
}  // namespace loader
