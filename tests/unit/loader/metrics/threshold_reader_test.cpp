#include "loader/thresholds/threshold_reader.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

struct Read {
  ThresholdSet set;
  std::string problems;
};

Read read(const char* text, MetricRegistry& registry,
          WrongThresholds wrong = WrongThresholds::are_problems) {
  const lab::Json json = *lab::parse_json(text, "suite.json");
  lab::JsonProblems problems("suite.json");
  ThresholdSet set =
      read_thresholds(lab::JsonValue(json, "options.thresholds", problems), registry, wrong);
  return {std::move(set), problems.to_string()};
}

TEST(ThresholdReader, TakesTextsAndObjects) {
  MetricRegistry registry;
  const Read result = read(R"({
    "http_req_failed": ["rate<0.01"],
    "http_req_duration{status:200}": [
      "p(95)<500",
      {"threshold": "p(99)<1000", "abortOnFail": true, "delayAbortEval": "10s"}
    ]
  })",
                           registry);
  EXPECT_EQ(result.problems, "");
  ASSERT_EQ(result.set.size(), 2u);
  EXPECT_EQ(registry.info(result.set[1].metric).name, "http_req_duration{status:200}");
  ASSERT_EQ(result.set[1].thresholds.size(), 2u);
  EXPECT_FALSE(result.set[1].thresholds[0].abort_on_fail);
  EXPECT_TRUE(result.set[1].thresholds[1].abort_on_fail);
  EXPECT_EQ(result.set[1].thresholds[1].delay_abort_eval, 10s);
}

TEST(ThresholdReader, NamesThePlaceOfEachProblem) {
  MetricRegistry registry;
  const Read result = read(R"({
    "http_req_failled": ["rate<0.01"],
    "http_reqs": ["p(95)<1", {"threshold": "count<1", "abortOnFial": true}, 5]
  })",
                           registry);
  EXPECT_NE(result.problems.find("options.thresholds.http_req_failled: no metric is named"),
            std::string::npos)
      << result.problems;
  EXPECT_NE(result.problems.find("options.thresholds.http_reqs[0]: invalid threshold"),
            std::string::npos)
      << result.problems;
  EXPECT_NE(result.problems.find("abortOnFail"), std::string::npos) << result.problems;
  EXPECT_NE(result.problems.find("options.thresholds.http_reqs[2]"), std::string::npos)
      << result.problems;
}

TEST(ThresholdReader, LeavesWrongOnesOutIfNobodyAsks) {
  MetricRegistry registry;
  constexpr auto kLeftOut = WrongThresholds::are_left_out;
  const Read result = read(R"({
    "nope": ["rate<0.01"],
    "empty": [],
    "checks{": ["rate<0.01"],
    "http_reqs": ["p(95)<1", {"threshold": "count>", "abortOnFail": true}, "count>1"]
  })",
                           registry, kLeftOut);
  EXPECT_EQ(result.problems, "");
  ASSERT_EQ(result.set.size(), 1u);
  ASSERT_EQ(result.set[0].thresholds.size(), 1u);
  EXPECT_EQ(result.set[0].thresholds[0].expression.source, "count>1");
  // What JSON has is no threshold's text.
  for (const char* const text :
       {"5", R"({"checks": [5]})",
        R"({"checks": [{"threshold": "rate>0", "delayAbortEval": "x"}]})"}) {
    EXPECT_NE(read(text, registry, kLeftOut).problems, "") << text;
  }
}

}  // namespace
}  // namespace loader
