// A breaker that trips, opens, half-opens and closes over virtual time, as an operator sees it on
// /metrics, /admin and /health; and that looking changes nothing.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

SeenResponse ask(GatewayWorld& world, const char* method, const char* target,
                 std::string body = "") {
  HttpRequest request;
  request.method = method;
  request.target = target;
  request.body = std::move(body);
  return world.send(request);
}

Json get_json(GatewayWorld& world, const char* target) {
  return Json::parse(ask(world, "GET", target).body);
}

// The value of a line of /metrics, by all that stands before it.
std::string metric(GatewayWorld& world, std::string_view series) {
  const std::string text = "\n" + ask(world, "GET", "/metrics").body;
  const std::size_t found = text.find("\n" + std::string(series) + " ");
  if (found == std::string::npos) return "absent";
  const std::size_t begin = found + series.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

std::string statuses_seen(GatewayWorld& world, int count) {
  std::string line;
  for (int i = 0; i < count; ++i)
    line += std::to_string(world.send(chat_request(false)).status) + " ";
  return line;
}

constexpr std::string_view kBreaker = R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
  "profile": "refgw-documented", "models": {"gpt-4": {}},
  "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 3},
    "failure": {"statuses": ["5xx"]}, "open": {"duration": "30s"},
    "half_open": {"max_concurrent_calls": 1, "success_threshold": 2}},
  "faults": [{"name": "outage", "match": {"first_n": 3}, "fault": {"kind": "status", "status": 500}}]})";

constexpr const char* kState = R"(mockgw_circuit_breaker_state{upstream="openai"})";
constexpr const char* kOpened =
    R"(mockgw_circuit_breaker_transitions_total{upstream="openai",to="open"})";

TEST(GatewayObservability, ShowsABreakerTripOpenHalfOpenAndClose) {
  GatewayWorld world(kBreaker);
  EXPECT_EQ(metric(world, kState), "0");
  EXPECT_EQ(get_json(world, "/health")["status"], "healthy");

  // Three failures in a row open it; two calls are refused.
  EXPECT_EQ(statuses_seen(world, 5), "502 502 502 503 503 ");
  EXPECT_EQ(metric(world, kState), "1");
  EXPECT_EQ(metric(world, kOpened), "1");
  EXPECT_EQ(metric(world, R"(mockgw_errors_total{condition="circuit_open"})"), "2");
  EXPECT_EQ(metric(world, R"(mockgw_faults_injected_total{rule="outage"})"), "3");
  EXPECT_EQ(metric(world, R"(mockgw_circuit_breaker_refused_total{upstream="openai"})"), "2");
  const Json open = get_json(world, "/admin/breakers/openai");
  EXPECT_EQ(open["state"], "open");
  EXPECT_EQ(open["retry_in"], "30s");
  const Json health = get_json(world, "/health");
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["components"][0]["name"], "openai");
  EXPECT_EQ(health["components"][0]["status"], "unhealthy");

  // The open time passes; what is left of it is told.
  world.run(wait(world.runtime(), 20s));
  EXPECT_EQ(get_json(world, "/admin/breakers")[0]["retry_in"], "10s");
  world.run(wait(world.runtime(), 10s));
  EXPECT_EQ(statuses_seen(world, 1), "200 ");
  EXPECT_EQ(metric(world, kState), "2");
  EXPECT_EQ(get_json(world, "/health")["components"][0]["status"], "degraded");

  // The second probe closes it.
  EXPECT_EQ(statuses_seen(world, 1), "200 ");
  EXPECT_EQ(metric(world, kState), "0");
  EXPECT_EQ(get_json(world, "/health")["status"], "healthy");
  EXPECT_EQ(get_json(world, "/admin/stats")["breakers"][0]["closed_total"], 1);
  EXPECT_EQ(
      metric(world,
             R"(mockgw_requests_total{route="/v1/chat/completions",model="gpt-4",status="200"})"),
      "2");
}

TEST(GatewayObservability, LookingChangesNothing) {
  constexpr std::string_view kFile = R"({"seed": 9, "auth": {"keys": ["test-api-key"]},
    "rate_limits": {"rules": [{"requests": 1, "window": "1h", "key_by": "global"}]},
    "faults": [{"fault": {"kind": "latency", "delay": "5s"}}]})";
  GatewayWorld quiet(kFile);
  GatewayWorld watched(kFile);
  // Neither key, limit nor fault applies to the operator, and no time passes.
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(ask(watched, "GET", "/metrics").end_at, 0s);
    EXPECT_EQ(ask(watched, "GET", "/admin/stats").status, 200u);
  }
  EXPECT_EQ(get_json(watched, "/admin/stats")["total_requests"], 0);
  // The clients' answers are the same, whoever was looking.
  const SeenResponse expected = quiet.send(chat_request(true));
  const SeenResponse seen = watched.send(chat_request(true));
  EXPECT_EQ(seen.body, expected.body);
  EXPECT_EQ(seen.end_at, expected.end_at);
  EXPECT_EQ(watched.send(chat_request(true)).status, 429u);
}

TEST(GatewayObservability, AnotherFileIsInForceFromTheNextRequestOn) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"}})");
  EXPECT_EQ(statuses_seen(world, 1), "200 ");
  const std::string broken =
      R"({"latency": {"ttft": "0s", "itl": "0s"}, "faults": [{"fault": {"kind": "status", "status": 503}}]})";
  EXPECT_EQ(ask(world, "PUT", "/admin/config", broken).status, 200u);
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
  const SeenResponse refused = ask(world, "PUT", "/admin/config", R"({"fualts": []})");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_NE(refused.body.find("faults"), std::string::npos);
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
}

TEST(GatewayObservability, ABreakerIsForcedAndAResetBeginsAfresh) {
  GatewayWorld world(kBreaker);
  EXPECT_EQ(ask(world, "POST", "/admin/breakers/openai/open").status, 200u);
  world.run(wait(world.runtime(), 1h));
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
  EXPECT_EQ(ask(world, "POST", "/admin/reset").status, 200u);
  // The breaker is closed, and the fault rule counts its first three again.
  EXPECT_EQ(metric(world, kState), "0");
  EXPECT_EQ(metric(world, kOpened), "0");
  EXPECT_EQ(statuses_seen(world, 4), "502 502 502 503 ");
  EXPECT_EQ(get_json(world, "/admin/stats")["total_requests"], 4);
}

TEST(GatewayObservability, AResetAndANewFileBeginTheFaultWindowsAndTheTimelineAfresh) {
  const std::string file = R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "faults": [{"active": {"from": "0s", "for": "5s"}, "fault": {"kind": "status", "status": 503}}],
    "timeline": [{"name": "late", "at": "1h", "set": {"health": {"status": "degraded"}}}]})";
  GatewayWorld world(file);
  const auto phase = [&] { return get_json(world, "/admin/stats")["phase"]; };
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
  world.run(wait(world.runtime(), 1h));
  EXPECT_EQ(statuses_seen(world, 1), "200 ");
  EXPECT_EQ(phase(), "late");
  EXPECT_EQ(ask(world, "POST", "/admin/reset").status, 200u);
  EXPECT_EQ(phase(), nullptr);
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
  world.run(wait(world.runtime(), 6s));
  EXPECT_EQ(statuses_seen(world, 1), "200 ");
  EXPECT_EQ(ask(world, "PUT", "/admin/config", file).status, 200u);
  EXPECT_EQ(statuses_seen(world, 1), "503 ");
}

asio::awaitable<void> client(GatewayWorld& world) {
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  (void)co_await world.exchange(connection, chat_request(false));
}

TEST(GatewayObservability, ShowsWhoRunsAndWhoWaits) {
  GatewayWorld world(R"({"latency": {"ttft": "10s", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 1, "queue_timeout": "1h"}})");
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(world.runtime().executor(), client(world), asio::detached);
  }
  world.run(wait(world.runtime(), 5s));
  EXPECT_EQ(metric(world, "mockgw_requests_in_flight"), "2");
  EXPECT_EQ(metric(world, "mockgw_queue_length"), "1");
  EXPECT_EQ(metric(world, "mockgw_slots_used"), "1");
  EXPECT_EQ(metric(world, R"(mockgw_errors_total{condition="queue_full"})"), "1");
  world.run(wait(world.runtime(), 60s));
  EXPECT_EQ(metric(world, "mockgw_requests_in_flight"), "0");
  EXPECT_EQ(metric(world, "mockgw_queue_length"), "0");
  // Planned with the wait in the queue: 10 s for one, 20 s for the other.
  EXPECT_EQ(metric(world, R"(mockgw_planned_time_to_first_token_seconds_sum{model="gpt-4"})"),
            "30");
  EXPECT_EQ(metric(world, R"(mockgw_duration_seconds_sum{model="gpt-4"})"), "30");
}

}  // namespace
}  // namespace lab::test
