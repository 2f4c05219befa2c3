// Retries of an upstream over virtual time: how long a client waits for them, what it is told, and
// what they mean to the breaker and the counters.
#include <gtest/gtest.h>

#include <string>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

// Two tokens after 100 ms, failures after 10 ms; waits of 100 ms, 200 ms, 400 ms.
std::string retrying_file(std::string_view faults, std::string_view retries = "",
                          std::string_view sections = "") {
  return R"({"latency": {"ttft": "100ms", "itl": "0s", "other": "10ms"}, "tokens": {"output": 2},
    "retries": {"jitter": 0)" +
         std::string(retries) + R"(}, "faults": [)" + std::string(faults) + "]" +
         std::string(sections) + "}";
}

constexpr std::string_view kFailsTwice =
    R"({"match": {"first_n": 2}, "fault": {"kind": "status", "status": 503}})";
constexpr std::string_view kAlwaysFails = R"({"fault": {"kind": "status", "status": 500}})";

Json get_stats(GatewayWorld& world, std::string_view target) {
  HttpRequest request;
  request.target = target;
  return Json::parse(world.send(std::move(request)).body);
}

TEST(GatewayRetry, TheClientWaitsForFailedAttemptsAndSeesTheGoodOne) {
  GatewayWorld world(retrying_file(kFailsTwice, "", R"(, "profile": "litellm")"));
  const SeenResponse seen = world.send(chat_request(false));
  EXPECT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.end_at, 10ms + 100ms + 10ms + 200ms + 100ms);
  EXPECT_EQ(seen.header("x-litellm-attempted-retries"), "2");
  EXPECT_EQ(seen.header("x-litellm-response-duration-ms"), "420");
  const SeenResponse next = world.send(chat_request(false));
  EXPECT_EQ(next.end_at, 100ms);
  EXPECT_EQ(next.header("x-litellm-attempted-retries"), "0");
}

TEST(GatewayRetry, TheLastFailureIsTheAnswer) {
  GatewayWorld world(retrying_file(kAlwaysFails, R"(, "max": 2)", R"(, "profile": "portkey")"));
  const SeenResponse seen = world.send(chat_request(false));
  EXPECT_EQ(seen.status, 500u);
  EXPECT_EQ(seen.end_at, 10ms + 100ms + 10ms + 200ms + 10ms);
  EXPECT_EQ(seen.header("x-portkey-retry-attempt-count"), "-1");
}

TEST(GatewayRetry, WithoutTheSectionNothingIsRetried) {
  GatewayWorld world(R"({"profile": "portkey", "latency": {"other": "10ms"},
    "faults": [{"fault": {"kind": "status", "status": 503}}]})");
  const SeenResponse seen = world.send(chat_request(false));
  EXPECT_EQ(seen.status, 503u);
  EXPECT_EQ(seen.end_at, 10ms);
  EXPECT_EQ(seen.header("x-portkey-retry-attempt-count"), "0");
}

TEST(GatewayRetry, EveryAttemptDrawsItsFaultsAnew) {
  GatewayWorld world(
      retrying_file(R"({"match": {"percent": 50}, "fault": {"kind": "status", "status": 503}})",
                    R"(, "max": 1)"));
  int failed = 0;
  for (int i = 0; i < 400; ++i) failed += world.send(chat_request(false)).status == 503 ? 1 : 0;
  EXPECT_NEAR(failed, 100, 25);  // A quarter, not a half.
}

TEST(GatewayRetry, AnUpstreamThatIsBackByThenAnswers) {
  GatewayWorld world(
      retrying_file(R"({"active": {"for": "250ms"}, "fault": {"kind": "status", "status": 503}})"));
  EXPECT_EQ(world.send(chat_request(false)).end_at, 10ms + 100ms + 10ms + 200ms + 100ms);
}

TEST(GatewayRetry, AStreamIsRetriedOnlyWhenAskedToAndBeforeItsFirstToken) {
  struct Row {
    const char* name;
    std::string_view retries;
    std::string_view fault;
    unsigned status;
    Duration end;
  };
  const Row rows[] = {
      {"not asked to", "", R"({"kind": "status", "status": 503})", 503, 10ms},
      {"asked to", R"(, "streams": true)", R"({"kind": "status", "status": 503})", 200, 210ms},
      {"reset before the head", R"(, "streams": true)", R"({"kind": "abort_before_headers"})", 200,
       300ms},
      {"broken after a token", R"(, "streams": true)",
       R"({"kind": "stream_error_event", "after_tokens": 1})", 200, 100ms},
  };
  for (const Row& row : rows) {
    GatewayWorld world(retrying_file(
        R"({"match": {"first_n": 1}, "fault": )" + std::string(row.fault) + "}", row.retries));
    const SeenResponse seen = world.send(chat_request(true));
    EXPECT_EQ(seen.status, row.status) << row.name;
    EXPECT_EQ(seen.end_at, row.end) << row.name;
  }
}

TEST(GatewayRetry, AStreamWhoseHeadersAreSentAtOnceIsRetriedUnseen) {
  GatewayWorld world(retrying_file(kFailsTwice, R"(, "streams": true)", R"(, "profile": "refgw")"));
  const SeenResponse seen = world.send(chat_request(true));
  EXPECT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.head_at, 0ms);
  EXPECT_EQ(seen.end_at, 420ms);
  EXPECT_EQ(seen.events().back(), "[DONE]");
  EXPECT_EQ(seen.body.find("error"), std::string::npos);
}

TEST(GatewayRetry, ATimeOutIsOfEachAttempt) {
  GatewayWorld world(retrying_file(R"({"fault": {"kind": "latency", "delay": "10s"}})",
                                   R"(, "max": 1)", R"(, "timeouts": {"request": "1s"})"));
  const SeenResponse seen = world.send(chat_request(false));
  EXPECT_EQ(seen.status, 504u);
  EXPECT_EQ(seen.end_at, 1s + 100ms + 1s);
}

TEST(GatewayRetry, AnUpstreamsRetryAfterIsWaitedForIfItIsHonoured) {
  constexpr std::string_view kLimited =
      R"({"match": {"first_n": 1}, "fault": {"kind": "status", "status": 429, "retry_after": 5}})";
  GatewayWorld patient(retrying_file(kLimited, R"(, "honour_retry_after": true)"));
  EXPECT_EQ(patient.send(chat_request(false)).end_at, 10ms + 5s + 100ms);
  GatewayWorld hasty(retrying_file(kLimited));
  EXPECT_EQ(hasty.send(chat_request(false)).end_at, 10ms + 100ms + 100ms);
}

TEST(GatewayRetry, TheBreakerCountsRequestsOrAttempts) {
  constexpr std::string_view kCounting = R"(, "circuit_breaker": {"trip": {"mode": "consecutive",
    "minimum_requests": 0, "failure_count": 5}, "failure": {"statuses": ["5xx"], "count_attempts": )";
  // Three attempts each: the fifth is of the second request.
  GatewayWorld attempts(
      retrying_file(kAlwaysFails, R"(, "max": 2)", std::string(kCounting) + "true}}"));
  for (const unsigned status : {500u, 500u, 503u}) {
    EXPECT_EQ(attempts.send(chat_request(false)).status, status);
  }
  GatewayWorld requests(
      retrying_file(kAlwaysFails, R"(, "max": 2)", std::string(kCounting) + "false}}"));
  for (const unsigned status : {500u, 500u, 500u, 500u, 500u, 503u}) {
    EXPECT_EQ(requests.send(chat_request(false)).status, status);
  }
}

TEST(GatewayRetry, ARequestThatARetrySavedIsNoFailure) {
  constexpr std::string_view kCounting = R"(, "circuit_breaker": {"trip": {"mode": "cumulative",
    "minimum_requests": 0, "failure_count": 2}, "failure": {"statuses": ["5xx"], "count_attempts": )";
  GatewayWorld requests(retrying_file(kFailsTwice, "", std::string(kCounting) + "false}}"));
  EXPECT_EQ(requests.send(chat_request(false)).status, 200u);
  EXPECT_EQ(requests.send(chat_request(false)).status, 200u);
  // The same two failures, counted as such, open it.
  GatewayWorld attempts(retrying_file(kFailsTwice, "", std::string(kCounting) + "true}}"));
  EXPECT_EQ(attempts.send(chat_request(false)).status, 200u);
  EXPECT_EQ(attempts.send(chat_request(false)).status, 503u);
}

TEST(GatewayRetry, RetriesAndTheFaultsOfEachAttemptAreCounted) {
  GatewayWorld world(retrying_file(
      R"({"name": "down", "match": {"first_n": 2}, "fault": {"kind": "status", "status": 503}})"));
  (void)world.send(chat_request(false));
  const Json stats = get_stats(world, "/admin/stats");
  EXPECT_EQ(stats["upstream_retries"], 2);
  EXPECT_EQ(stats["faults"]["down"], 2);
  EXPECT_EQ(stats["requests"][0]["count"], 1);
}

}  // namespace
}  // namespace lab::test
