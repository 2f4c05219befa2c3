#include "mockgw/rate_limit/rate_limit_config.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

struct LimitsReading {
  RateLimitConfig config;
  std::string problems;
};

LimitsReading read_limits(const char* text) {
  const lab::Json json = lab::parse_json(text, "g.json").value();
  lab::JsonProblems problems("g.json");
  RateLimitConfig config = read_rate_limits(lab::JsonValue(json, "rate_limits", problems), {});
  return {std::move(config), problems.to_string()};
}

TEST(RateLimitConfig, WritesBackWhatItRead) {
  const char* const text =
      R"({"rules":[{"name":"tpm","key_by":["api_key","model"],"algorithm":"sliding_window_log",)"
      R"("window_anchor":"first_request","window":"1m30s","requests":5,"tokens":1000,"burst":1.2,)"
      R"("max_parallel":3,"token_charge":"on_completion","refund_unused":true,"count_rejected":true,)"
      R"("key_prefix_length":8}],"headers":{"style":"kong","reset":"unix","on_success":false,)"
      R"("retry_after":"ms"}})";
  const LimitsReading reading = read_limits(text);
  EXPECT_EQ(reading.problems, "");
  EXPECT_EQ(to_json(reading.config).dump(), text);
}

TEST(RateLimitConfig, FillsInDefaults) {
  const LimitsReading reading = read_limits(R"([{"requests":60},{"key_by":"global","tokens":9}])");
  EXPECT_EQ(reading.problems, "");
  ASSERT_EQ(reading.config.rules.size(), 2U);
  const RateLimitRule& rule = reading.config.rules.front();
  EXPECT_EQ(rule.name, "rule-1");
  EXPECT_EQ(rule.key_by, std::vector{RateLimitRule::KeyPart::api_key});
  EXPECT_EQ(rule.algorithm, RateLimitAlgorithm::token_bucket);
  EXPECT_EQ(rule.window, 1min);
  EXPECT_EQ(rule.burst, 1.0);
  EXPECT_EQ(reading.config.rules.back().key_by, std::vector{RateLimitRule::KeyPart::global});
  EXPECT_EQ(reading.config.headers.style, RateLimitHeaderOptions::Style::openai);
}

TEST(RateLimitConfig, NamesWhatIsWrong) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {R"([{}])", "rate_limits[0]: limits nothing; give at least one of requests, tokens"},
      {R"([{"requests":1,"window":"0s"}])", "window must be longer than 0"},
      {R"([{"requests":1,"window":"9000h"}])", "at most 366 days"},
      {R"([{"requests":-1,"tokens":1}])", "rate_limits[0].requests"},
      {R"([{"requests":1,"burst":0.5}])", "nothing would ever be admitted"},
      {R"([{"requests":1,"algorithm":"gcraa"}])", "gcra"},
      {R"([{"requests":1,"key_by":["keys"]}])", "rate_limits[0].key_by[0]"},
      {R"([{"requests":1,"key_by":[]}])", "must name at least one of api_key"},
      {R"([{"name":"a","requests":1},{"name":"a","requests":1}])", "is taken by an earlier rule"},
      {R"([{"requests":1,"burts":2}])", "burst"},
      {R"({"rules":[],"headers":{"style":"x"}})", "rate_limits.headers.style"},
      {R"({"rule":[]})", "rules"},
  };
  for (const Row& row : rows) {
    const std::string problems = read_limits(row.text).problems;
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.text << "\n" << problems;
  }
}

TEST(RateLimitConfig, BoundsTheNumberOfRules) {
  lab::Json rules = lab::Json::array();
  for (std::size_t i = 0; i <= kRateLimitRulesMax; ++i) rules.push_back({{"requests", 1}});
  const LimitsReading reading = read_limits(rules.dump().c_str());
  EXPECT_EQ(reading.config.rules.size(), kRateLimitRulesMax);
  EXPECT_NE(reading.problems.find("at most 32 rules"), std::string::npos);
}

}  // namespace
}  // namespace mockgw
