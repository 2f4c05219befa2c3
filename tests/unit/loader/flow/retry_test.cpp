#include "loader/flow/retry.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

const lab::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

RetryPolicy sdk_policy() {
  RetryPolicy policy;
  policy.attempts = 3;
  return policy;
}

std::optional<lab::Duration> delay(unsigned status, const lab::HttpHeaders& headers = {},
                                   std::uint32_t attempt = 1, RetryPolicy policy = sdk_policy()) {
  policy.jitter = 0;
  lab::Rng rng(1);
  return retry_delay(policy, attempt, {status, status == 0 ? nullptr : &headers}, kNow, rng);
}

lab::HttpHeaders header(std::string_view name, std::string_view value) {
  lab::HttpHeaders headers;
  headers.add(name, value);
  return headers;
}

TEST(Retry, TakesTheStatusesOfTheSdks) {
  for (const unsigned status : {0u, 408u, 409u, 429u, 500u, 503u, 599u}) {
    EXPECT_EQ(delay(status), 500ms) << status;
  }
  for (const unsigned status : {200u, 301u, 400u, 401u, 404u, 422u}) {
    EXPECT_EQ(delay(status), std::nullopt) << status;
  }
}

TEST(Retry, IsOffUnlessAskedFor) { EXPECT_EQ(delay(503, {}, 1, RetryPolicy{}), std::nullopt); }

TEST(Retry, DoublesTheBackoffUpToItsMaximum) {
  RetryPolicy policy = sdk_policy();
  policy.attempts = 100;
  EXPECT_EQ(delay(503, {}, 1, policy), 500ms);
  EXPECT_EQ(delay(503, {}, 2, policy), 1s);
  EXPECT_EQ(delay(503, {}, 4, policy), 4s);
  EXPECT_EQ(delay(503, {}, 5, policy), 8s);
  EXPECT_EQ(delay(503, {}, 99, policy), 8s);
}

TEST(Retry, StopsAfterItsAttempts) {
  EXPECT_EQ(delay(503, {}, 2), 1s);
  EXPECT_EQ(delay(503, {}, 3), std::nullopt);
}

TEST(Retry, ShortensByAtMostTheJitter) {
  lab::Rng rng(42);
  for (int i = 0; i < 1000; ++i) {
    const auto drawn = retry_delay(sdk_policy(), 1, {.status = 503}, kNow, rng);
    ASSERT_TRUE(drawn);
    EXPECT_LE(*drawn, 500ms);
    EXPECT_GE(*drawn, 375ms);
  }
}

TEST(Retry, ObeysTheServersWait) {
  EXPECT_EQ(delay(429, header("retry-after-ms", "1500.5")), 1500500us);
  EXPECT_EQ(delay(429, header("Retry-After", "7")), 7s);
  EXPECT_EQ(delay(429, header("Retry-After", "0")), 0s);
  EXPECT_EQ(delay(429, header("Retry-After", "60")), 60s);
  EXPECT_EQ(delay(429, header("Retry-After", "Thu, 01 Jan 2026 00:00:09 GMT")), 9s);
}

TEST(Retry, BacksOffWhenTheServersWaitIsUseless) {
  for (const char* const text : {"90", "-1", "soon", "nan", "Thu, 01 Jan 2020 00:00:09 GMT",
                                 "Thu, 01 Jan 9999 00:00:09 GMT"}) {
    EXPECT_EQ(delay(429, header("Retry-After", text)), 500ms) << text;
  }
}

TEST(Retry, MayGiveUpOnALongWaitAsPythonDoes) {
  RetryPolicy policy = sdk_policy();
  policy.give_up_on_long_retry_after = true;
  policy.retry_after_max = 120s;
  EXPECT_EQ(delay(429, header("Retry-After", "120"), 1, policy), 120s);
  EXPECT_EQ(delay(429, header("Retry-After", "121"), 1, policy), std::nullopt);
}

TEST(Retry, TheServersWordComesFirst) {
  EXPECT_EQ(delay(429, header("x-should-retry", "false")), std::nullopt);
  EXPECT_EQ(delay(400, header("x-should-retry", "true")), 500ms);
}

TEST(RetryReader, FillsInTheSdksDefaults) {
  const lab::Json json =
      lab::Json::parse(R"({"attempts": 5, "statuses": [429], "server_errors": false})");
  lab::JsonProblems problems("suite.json");
  const RetryPolicy policy = read_retry({json, "retry", problems});
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(policy.attempts, 5u);
  EXPECT_EQ(policy.statuses, std::vector<unsigned>{429});
  EXPECT_FALSE(policy.server_errors);
  EXPECT_EQ(policy.backoff_max, 8s);
}

}  // namespace
}  // namespace loader
