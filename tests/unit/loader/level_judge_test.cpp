#include "loader/run/level_judge.h"

#include <gtest/gtest.h>

#include <string>

#include "loader/suite/environment.h"

namespace loader {
namespace {

using B = BuiltinMetrics;
using std::chrono::seconds;

/// A judge with the threshold p(95)<500 on durations, and samples to give it.
class Judging : public testing::Test {
 protected:
  void sample(const char* scenario, const char* phase, double duration) {
    const TagSetId set = tags.intern({{"scenario", scenario}, {"phase", phase}});
    judge.observe({B::http_req_duration, set, duration, {}});
  }
  bool judged(ScenarioCounts counts) {
    return judge.judge({.rate = 10, .counts = counts, .duration = seconds(30)});
  }

  Suite suite = read_suite({R"({
    "options": {"scenarios": {"search": {
      "executor": "saturation-search", "startRate": 10, "maxRate": 100, "stepDuration": "30s",
      "preAllocatedVUs": 5, "thresholds": {"http_req_duration": ["p(95)<500"]}}}},
    "flows": {"f": [{"http": {"path": "/"}}]}
  })",
                            "suite.json", std::nullopt},
                           {make_environment({}, {}).value(), {}})
                    .value();
  TagTable tags;
  LevelJudge judge{suite.scenarios[0], suite.registry, tags};
};

TEST_F(Judging, ALevelIsJudgedByItsOwnSamplesAlone) {
  judge.begin("level-10");
  sample("search", "level-10", 100);
  sample("search", "level-5", 900);  // A straggler of another level,
  sample("other", "level-10", 900);  // and of another scenario.
  EXPECT_TRUE(judged({.started = 1, .completed = 1}));
  // The next level starts from nothing.
  judge.begin("level-20");
  sample("search", "level-20", 900);
  EXPECT_FALSE(judged({.started = 1, .completed = 1}));
  ASSERT_EQ(judge.summary().levels.size(), 2u);
  EXPECT_EQ(judge.summary().levels[0].thresholds[0].results[0].observed, 100);
  EXPECT_EQ(judge.summary().levels[1].thresholds[0].results[0].observed, 900);
}

TEST_F(Judging, WhatWasDroppedOrNeverEndedMakesALevelBad) {
  judge.begin("level-10");
  sample("search", "level-10", 100);
  EXPECT_FALSE(judged({.started = 10, .completed = 10, .dropped = 1}));
  judge.begin("level-20");
  sample("search", "level-20", 100);
  EXPECT_FALSE(judged({.started = 10, .completed = 9, .interrupted = 1}));
}

TEST_F(Judging, ALevelWithoutSamplesIsBad) {
  judge.begin("level-10");
  EXPECT_FALSE(judged({}));
  EXPECT_EQ(judge.summary().levels[0].thresholds[0].results[0].verdict, Verdict::no_data);
}

}  // namespace
}  // namespace loader
