// Rate limits and the circuit breaker as clients see them over virtual time.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

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

constexpr std::string_view kLimitedBreaker =
    R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
  "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 3},
    "failure": {"statuses": ["5xx"]}, "open": {"duration": "30s"},
    "half_open": {"max_concurrent_calls": 1, "success_threshold": 2}},
  "faults": [{"match": {"first_n": 3}, "fault": {"kind": "status", "status": 500}}]})";

TEST(GatewayBreaker, TripsRefusesProbesAndCloses) {
  GatewayWorld world(kLimitedBreaker);
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

TEST(GatewayBreaker, OneThatSaysNothingOfFailuresOpensAllTheSame) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 3}},
    "faults": [{"fault": {"kind": "status", "status": 500}}]})");
  EXPECT_EQ(statuses(world, 5), "500 500 500 503 503 ");
}

TEST(GatewayBreaker, AProfileBringsItsOwn) {
  GatewayWorld world(R"({"profile": "refgw", "latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "faults": [{"match": {"every_nth": 2}, "fault": {"kind": "status", "status": 500}}]})");
  // The fifth failure since the start trips, once there were ten requests; successes between them
  // change nothing.
  EXPECT_EQ(statuses(world, 11), "200 502 200 502 200 502 200 502 200 502 503 ");
}

// Sends one request and records when and how it was answered.
asio::awaitable<void> client(GatewayWorld& world, std::vector<SeenResponse>& seen) {
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  SeenResponse response = co_await world.exchange(connection, chat_request(false));
  seen.push_back(std::move(response));
}

// Starts `count` clients at once; the responses in the order of their arrival.
std::vector<SeenResponse> responses_at_once(GatewayWorld& world, int count) {
  std::vector<SeenResponse> seen;
  for (int i = 0; i < count; ++i) {
    asio::co_spawn(world.runtime().executor(), client(world, seen), asio::detached);
  }
  world.run(wait(world.runtime(), 60s));
  return seen;
}

TEST(GatewayOverload, QueuesThenTimesOutAndRefusesTheRest) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 3, "queue_timeout": "1500ms"}})");
  const auto seen = responses_at_once(world, 6);
  ASSERT_EQ(seen.size(), 6u);
  // Two find the queue full, at once.
  EXPECT_EQ(seen[0].status, 503u);
  EXPECT_EQ(seen[1].status, 503u);
  EXPECT_EQ(seen[1].end_at, 0s);
  // The first runs, the second after it; the others have waited too long by then.
  EXPECT_EQ(seen[2].status, 200u);
  EXPECT_EQ(seen[2].end_at, 1s);
  EXPECT_EQ(seen[3].status, 503u);
  EXPECT_EQ(seen[3].end_at, 1500ms);
  EXPECT_EQ(seen[4].end_at, 1500ms);
  EXPECT_EQ(seen[5].status, 200u);
  EXPECT_EQ(seen[5].end_at, 2s);
  EXPECT_EQ(seen[5].header("openai-processing-ms"), "2000");
}

TEST(GatewayLimits, KongAndLiteLlmTellOfEveryRule) {
  constexpr std::string_view kRules = R"(, "rate_limits": {"rules": [
    {"name": "minute", "algorithm": "fixed_window", "requests": 2},
    {"name": "hour", "algorithm": "fixed_window", "window": "1h", "requests": 100},
    {"name": "model", "key_by": "model", "max_parallel": 3}]}})";
  GatewayWorld kong(R"({"profile": "kong")" + std::string(kRules));
  const SeenResponse first = kong.send(chat_request(false));
  EXPECT_EQ(first.header("ratelimit-remaining"), "1");
  EXPECT_EQ(first.header("x-ratelimit-remaining-minute"), "1");
  EXPECT_EQ(first.header("x-ratelimit-limit-hour"), "100");
  EXPECT_EQ(first.header("x-ratelimit-remaining-hour"), "99");
  (void)kong.send(chat_request(false));
  const SeenResponse refused = kong.send(chat_request(false));
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(refused.header("x-ratelimit-remaining-minute"), "0");
  EXPECT_EQ(refused.header("x-ratelimit-remaining-hour"), "98");
  GatewayWorld litellm(R"({"profile": "litellm")" + std::string(kRules));
  const SeenResponse told = litellm.send(chat_request(false));
  EXPECT_EQ(told.header("x-ratelimit-remaining-requests"), "1");
  EXPECT_EQ(told.header("x-ratelimit-api_key-remaining-requests"), "1");
  EXPECT_EQ(told.header("x-ratelimit-model-limit-max_parallel_requests"), "3");
  EXPECT_EQ(told.header("x-ratelimit-model-remaining-max_parallel_requests"), "2");
}

TEST(GatewayOverload, ASlotIsFreeAgainWhenItsStreamBreaks) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 0},
    "faults": [{"match": {"first_n": 1}, "fault": {"kind": "abort_before_headers"}}]})");
  EXPECT_TRUE(world.send(chat_request(true)).ec);
  EXPECT_EQ(statuses(world, 2), "200 200 ");
}

constexpr std::string_view kBatch = R"({"latency": {"ttft": "0s", "itl": "1s", "other": "0s"},
  "tokens": {"output": 10},
  "overload": {"server_model": {"batch": {"slots": 4, "token_rate": 20, "max_rate_per_request": 10}}}})";

// What is said is the time in the upstream: 300 ms, however long the queue in front of it was.
TEST(GatewayBreaker, ACallIsNotSlowBecauseItQueued) {
  GatewayWorld world(R"({"latency": {"ttft": "300ms", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 10},
    "circuit_breaker": {"trip": {"minimum_requests": 1, "slow_call": "500ms",
                                 "slow_call_rate_percent": 10}}})");
  const auto seen = responses_at_once(world, 8);
  ASSERT_EQ(seen.size(), 8u);
  for (const SeenResponse& each : seen) EXPECT_EQ(each.status, 200u);
  EXPECT_EQ(seen.back().end_at, 2400ms);
  EXPECT_EQ(health(world), "healthy");
}

TEST(GatewayTimeline, ABreakerStaysOpenInAPhaseWithOtherRateLimits) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 1},
      "open": {"duration": "10m", "max": "10m"}},
    "faults": [{"match": {"first_n": 1}, "fault": {"kind": "status", "status": 500}}],
    "timeline": [{"at": "1m", "for": "1m", "set": {"rate_limits": [{"requests": 100}]}}]})");
  EXPECT_EQ(statuses(world, 2), "500 503 ");
  world.run(wait(world.runtime(), 70s));
  EXPECT_EQ(health(world), "degraded");
  EXPECT_EQ(statuses(world, 1), "503 ");
  world.run(wait(world.runtime(), 60s));
  EXPECT_EQ(statuses(world, 1), "503 ");
}

TEST(GatewayTimeline, ALimitGoesOnInAPhaseWithAnotherBreaker) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "rate_limits": [{"algorithm": "fixed_window", "window_anchor": "first_request", "window": "10m",
                     "requests": 2}],
    "timeline": [{"at": "1m", "set": {"circuit_breaker": {}}}]})");
  EXPECT_EQ(statuses(world, 1), "200 ");
  world.run(wait(world.runtime(), 70s));
  EXPECT_EQ(statuses(world, 2), "200 429 ");
}

TEST(GatewayBatch, OneRequestDecodesAtItsOwnRateWhateverItlSays) {
  GatewayWorld world(kBatch);
  EXPECT_EQ(world.send(chat_request(false)).end_at, 1s);
  const SeenResponse stream = world.send(chat_request(true));
  EXPECT_EQ(stream.end_at, 1s);
  // The role chunk, then a token every 100 ms.
  EXPECT_EQ(stream.pieces[4].first, 400ms);
}

TEST(GatewayBatch, BeyondTheKneeLatencyGrowsWithTheNumberOfRequests) {
  GatewayWorld world(kBatch);
  for (const SeenResponse& seen : responses_at_once(world, 2)) EXPECT_EQ(seen.end_at, 1s);
  for (const SeenResponse& seen : responses_at_once(world, 4)) EXPECT_EQ(seen.end_at, 2s);
}

TEST(GatewayBatch, WhatFindsNoSlotWaitsForOne) {
  GatewayWorld world(kBatch);
  const auto seen = responses_at_once(world, 5);
  ASSERT_EQ(seen.size(), 5u);
  EXPECT_EQ(seen[3].end_at, 2s);
  EXPECT_EQ(seen[4].end_at, 3s);
}

}  // namespace
}  // namespace lab::test
