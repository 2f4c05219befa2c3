// Rate limits and the circuit breaker as clients see them over virtual time.
#include <gtest/gtest.h>

#include "shared/base/json_reader.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

asio::awaitable<void> wait(SimRuntime& runtime, Duration d) { (void)co_await runtime.sleep_for(d); }

// The statuses of `count` requests, one after the other, in one line.
std::string statuses(GatewayWorld& world, int count) {
  std::string line;
  for (int i = 0; i < count; ++i)
    line += std::to_string(world.send(chat_request(false)).status) + " ";
  return line;
}

std::string health(GatewayWorld& world) {
  HttpRequest request;
  request.target = "/health";
  return Json::parse(world.send(request).body)["status"];
}

TEST(GatewayRateLimit, RefusesWhatIsTooMuchAndSaysWhenToComeBack) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "rate_limits": {"rules": [{"algorithm": "fixed_window", "window_anchor": "first_request",
                               "window": "10s", "requests": 2}]}})");
  const SeenResponse first = world.send(chat_request(false));
  EXPECT_EQ(first.status, 200u);
  EXPECT_EQ(first.header("x-ratelimit-limit-requests"), "2");
  EXPECT_EQ(first.header("x-ratelimit-remaining-requests"), "1");
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
  const SeenResponse refused = world.send(chat_request(true));
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(refused.header("retry-after"), "10");
  EXPECT_EQ(Json::parse(refused.body)["error"]["code"], "rate_limit_exceeded");
  // Another key has its own limit.
  HttpRequest other = chat_request(false);
  other.headers.set("Authorization", "Bearer other-key");
  EXPECT_EQ(world.send(other).status, 200u);
  world.run(wait(world.runtime(), 10s));
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
}

TEST(GatewayRateLimit, ParallelRequestsAreCountedUntilTheirAnswerIsSent) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s"},
    "rate_limits": {"rules": [{"max_parallel": 1}]}})");
  // One after the other both fit, because the first has given its place back.
  EXPECT_EQ(statuses(world, 2), "200 200 ");
}

constexpr std::string_view kBreaker = R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
  "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 3},
    "failure": {"statuses": ["5xx"]}, "open": {"duration": "30s"},
    "half_open": {"max_concurrent_calls": 1, "success_threshold": 2}},
  "faults": [{"match": {"first_n": 3}, "fault": {"kind": "status", "status": 500}}]})";

TEST(GatewayBreaker, TripsRefusesProbesAndCloses) {
  GatewayWorld world(kBreaker);
  EXPECT_EQ(health(world), "healthy");
  EXPECT_EQ(statuses(world, 5), "500 500 500 503 503 ");
  EXPECT_EQ(health(world), "degraded");
  world.run(wait(world.runtime(), 29s));
  EXPECT_EQ(statuses(world, 1), "503 ");
  world.run(wait(world.runtime(), 1s));
  // Half-open: two successes close it.
  EXPECT_EQ(statuses(world, 1), "200 ");
  EXPECT_EQ(health(world), "degraded");
  EXPECT_EQ(statuses(world, 1), "200 ");
  EXPECT_EQ(health(world), "healthy");
}

TEST(GatewayBreaker, ABrokenStreamIsAFailureAndAClientThatLeavesIsNot) {
  GatewayWorld world(R"({"latency": {"ttft": "10ms", "itl": "10ms", "other": "0s"},
    "circuit_breaker": {"scope": "global", "failure": {"stream_verdict": "end"},
      "trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 2}},
    "faults": [{"match": {"first_n": 2, "stream": true}, "fault": {"kind": "reset_mid_stream"}}]})");
  (void)world.send(chat_request(true));
  EXPECT_EQ(health(world), "healthy");
  (void)world.send(chat_request(true));
  EXPECT_EQ(health(world), "degraded");
  EXPECT_EQ(statuses(world, 1), "503 ");
}

TEST(GatewayBreaker, AProfileBringsItsOwn) {
  GatewayWorld world(R"({"profile": "refgw", "latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "faults": [{"match": {"every_nth": 2}, "fault": {"kind": "status", "status": 500}}]})");
  // The fifth failure since the start trips, once there were ten requests; successes between them
  // change nothing.
  EXPECT_EQ(statuses(world, 11), "200 500 200 500 200 500 200 500 200 500 503 ");
}

}  // namespace
}  // namespace lab::test
