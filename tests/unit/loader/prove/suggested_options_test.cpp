#include "loader/prove/suggested_options.h"

#include <gtest/gtest.h>

#include "example_proof.h"

namespace loader {
namespace {

SuggestedThreshold suggestion(std::string metric, std::string expression) {
  SuggestedThreshold threshold;
  threshold.metric = std::move(metric);
  threshold.expression = std::move(expression);
  return threshold;
}

TEST(SuggestedOptions, TheStrictestStandsForThoseThatDifferByTheirLimit) {
  const ThresholdsByMetric merged = by_metric({
      suggestion("http_req_failed", "rate<0.1"),
      suggestion("checks", "rate>0.9"),
      suggestion("http_req_failed", "rate<0.03"),  // Stricter.
      suggestion("http_req_failed", "rate<0.2"),   // Milder.
      suggestion("checks", "rate>0.95"),           // Stricter: it is a lower bound.
      suggestion("checks", "rate>0.5"),
      suggestion("checks", "rate>0.95"),
  });
  const ThresholdsByMetric expected{{"http_req_failed", {"rate<0.03"}}, {"checks", {"rate>0.95"}}};
  EXPECT_EQ(merged, expected);
}

TEST(SuggestedOptions, OthersStandBesideEachOther) {
  const ThresholdsByMetric merged = by_metric({
      suggestion("http_req_duration", "p(95)<100"),
      suggestion("http_req_duration", "p(99)<50"),  // Another value.
      suggestion("http_req_duration", "p(95)>10"),  // Another direction.
      suggestion("http_req_duration{a:b}", "p(95)<50"),
  });
  const ThresholdsByMetric expected{{"http_req_duration", {"p(95)<100", "p(99)<50", "p(95)>10"}},
                                    {"http_req_duration{a:b}", {"p(95)<50"}}};
  EXPECT_EQ(merged, expected);
}

TEST(SuggestedOptions, TheBestOfEachSurvivorIsTakenTheWorstSurvivorFirst) {
  std::vector<std::string> metrics;
  for (const SuggestedThreshold& each : best_suggestions(example_proof())) {
    metrics.push_back(each.metric);
  }
  const std::vector<std::string> expected{"llm_tokens_generated", "llm_stream_stall_max",
                                          "http_req_failed"};
  EXPECT_EQ(metrics, expected);
}

TEST(SuggestedOptions, AreJsonOfASuite) {
  EXPECT_EQ(suite_json({{"http_req_failed", {"rate<0.03"}},
                        {"http_req_duration{name:\"a\"}", {"p(95)<1", "p(99)<2"}}}),
            R"({
  "options": {
    "thresholds": {
      "http_req_failed": ["rate<0.03"],
      "http_req_duration{name:\"a\"}": ["p(95)<1", "p(99)<2"]
    }
  }
}
)");
}

TEST(SuggestedOptions, AreOptionsOfAK6ScriptThatSayWhatItMustMake) {
  EXPECT_EQ(k6_options({{"http_req_failed{model:a}", {"rate<0.03"}}}),
            R"(export const options = {
  thresholds: {
    "http_req_failed{model:a}": ["rate<0.03"]
  },
};
)");
  const std::string own = k6_options(
      {{"llm_tokens_generated", {"avg>1"}}, {"llm_tokens_generated{model:a}", {"avg>2"}}});
  EXPECT_TRUE(
      own.starts_with("// Metrics that the script itself must make: llm_tokens_generated\n"
                      "export const options = {\n"))
      << own;
}

}  // namespace
}  // namespace loader
