#include "mockgw/config/retry_policy.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using Kind = CallOutcome::Kind;

const lab::Rng kRng(1);

RetryConfig config_of(std::string_view text, std::string* problems_text = nullptr) {
  const lab::Json json = lab::Json::parse(text);
  lab::JsonProblems problems{"gateway.json"};
  RetryConfig config = read_retries(lab::JsonValue(json, "retries", problems));
  if (problems_text) *problems_text = problems.to_string();
  return config;
}

TEST(RetryPolicy, AFailureIsRetriedByItsStatus) {
  const RetryConfig config = config_of(R"({"jitter": 0, "statuses": [429, "500-502", 504]})");
  struct Row {
    const char* name;
    CallOutcome outcome;
    bool is_retried;
  };
  const Row rows[] = {
      {"a good answer", {Kind::response, 200, {}}, false},
      {"a listed status", {Kind::response, 429, {}}, true},
      {"one of a listed range", {Kind::response, 501, {}}, true},
      {"another status", {Kind::response, 503, {}}, false},
      {"a request that is refused", {Kind::response, 400, {}}, false},
      {"a time-out is a 504", {Kind::timeout, 200, {}}, true},
      {"a broken connection is a 502", {Kind::connect, 200, {}}, true},
      {"a stream that broke after its headers", {Kind::broken, 200, {}}, false},
      {"the gateway's own refusal", {Kind::rejected, 200, {}}, false},
      {"a client that left", {Kind::cancelled, 200, {}}, false},
  };
  for (const Row& row : rows) {
    const auto wait = wait_before_retry(config, 1, row.outcome, "", kRng);
    EXPECT_EQ(wait.has_value(), row.is_retried) << row.name;
  }
}

TEST(RetryPolicy, WaitsGrowUpToTheLongestAndEndWithTheLastRetry) {
  const RetryConfig config = config_of(
      R"({"max": 5, "base": "100ms", "multiplier": 3, "jitter": 0, "max_delay": "1500ms"})");
  const lab::Duration waits[] = {100ms, 300ms, 900ms, 1500ms, 1500ms};
  std::int64_t retry = 0;
  for (const lab::Duration expected : waits) {
    EXPECT_EQ(wait_before_retry(config, ++retry, {Kind::response, 500, {}}, "", kRng), expected);
  }
  EXPECT_EQ(wait_before_retry(config, 6, {Kind::response, 500, {}}, "", kRng), std::nullopt);
}

TEST(RetryPolicy, JitterIsUpToItsShareAndTheGeneratorsAlone) {
  const RetryConfig config = config_of(R"({"base": "100ms", "jitter": 0.25})");
  lab::Duration shortest = 1h;
  lab::Duration longest = 0s;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const CallOutcome failed{Kind::response, 500, {}};
    const auto wait = wait_before_retry(config, 1, failed, "", lab::Rng(seed));
    EXPECT_EQ(wait, wait_before_retry(config, 1, failed, "", lab::Rng(seed)));
    shortest = std::min(shortest, wait.value());
    longest = std::max(longest, wait.value());
  }
  EXPECT_GE(shortest, 75ms);
  EXPECT_LT(shortest, 76ms);
  EXPECT_LE(longest, 125ms);
  EXPECT_GT(longest, 124ms);
}

TEST(RetryPolicy, ARetryAfterTakesThePlaceOfTheWaitIfItIsHonoured) {
  struct Row {
    const char* retry_after;
    bool is_honoured;
    std::optional<lab::Duration> wait;
  };
  const Row rows[] = {
      {"7", true, 7s},
      {"0", true, 0s},
      {"59", true, 59s},
      {"60", true, std::nullopt},  // Rather than wait for so long, it gives up.
      {"", true, 100ms},
      {"Fri, 31 Dec 1999 23:59:59 GMT", true, 100ms},
      {"-1", true, 100ms},
      {"7", false, 100ms},
      {"60", false, 100ms},
  };
  for (const Row& row : rows) {
    RetryConfig config = config_of(R"({"jitter": 0})");
    config.honour_retry_after = row.is_honoured;
    EXPECT_EQ(wait_before_retry(config, 1, {Kind::response, 429, {}}, row.retry_after, kRng),
              row.wait)
        << row.retry_after;
  }
}

TEST(RetryPolicy, AppliesToStreamsOnlyWhenAskedTo) {
  EXPECT_FALSE(RetryConfig{}.applies_to(false));
  EXPECT_FALSE(config_of(R"({"max": 0, "streams": true})").applies_to(true));
  EXPECT_TRUE(config_of("{}").applies_to(false));
  EXPECT_FALSE(config_of("{}").applies_to(true));
  EXPECT_TRUE(config_of(R"({"streams": true})").applies_to(true));
}

TEST(RetryPolicy, ASectionReadsBackAsItWasWritten) {
  EXPECT_EQ(to_json(RetryConfig{})["max"], 0);
  EXPECT_EQ(to_json(config_of("{}"))["max"], 3);
  const lab::Json json = to_json(config_of(R"({"max": 1, "statuses": ["5xx"], "streams": true})"));
  EXPECT_EQ(to_json(config_of(json.dump())), json);
}

TEST(RetryPolicy, AProblemNamesWhatIsAllowed) {
  struct Row {
    const char* text;
    const char* problem;
  };
  const Row rows[] = {
      {R"({"max": 21})", "retries.max"},
      {R"({"multiplier": 0.5})", "retries.multiplier"},
      {R"({"jitter": 2})", "retries.jitter"},
      {R"({"base": "2h"})", "retries.base: must be at most 1h"},
      {R"({"max_delay": "2h"})", "retries.max_delay: must be at most 1h"},
      {R"({"statuses": [600]})", "retries.statuses[0]"},
      {R"({"delay": "1s"})", "unknown key"},
  };
  for (const Row& row : rows) {
    std::string problems;
    (void)config_of(row.text, &problems);
    EXPECT_NE(problems.find(row.problem), std::string::npos) << row.text << ": " << problems;
  }
}

}  // namespace
}  // namespace mockgw
