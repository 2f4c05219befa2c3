#include "mockgw/admin/gateway_json.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

GatewayView view_of_json() {
  GatewayView view{.now = lab::TimePoint(100s), .wall_now = lab::WallTime(1'700'000'100s)};
  CircuitSnapshot breaker;
  breaker.state = CircuitState::open;
  breaker.since = lab::TimePoint(90s);
  breaker.retry_in = 20s;
  breaker.totals = {.calls = 5, .failures = 3, .slow = 1};
  breaker.opened_total = 1;
  view.breakers = {{"openai", breaker}, {"anthropic", {}}};
  return view;
}

TEST(BreakersJson, TellsStateCountsAndTheEndOfTheOpenTime) {
  const lab::Json json = breakers_json(view_of_json());
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["upstream"], "openai");
  EXPECT_EQ(json[0]["state"], "open");
  EXPECT_EQ(json[0]["forced"], false);
  EXPECT_EQ(json[0]["since"], "2023-11-14T22:14:50Z");
  EXPECT_EQ(json[0]["open_until"], "2023-11-14T22:15:20Z");
  EXPECT_EQ(json[0]["retry_in"], "20s");
  EXPECT_EQ(json[0]["calls"], 5);
  EXPECT_EQ(json[0]["failures"], 3);
  EXPECT_EQ(json[0]["opened_total"], 1);
  // A closed one is not open until anything.
  EXPECT_EQ(json[1]["state"], "closed");
  EXPECT_EQ(json[1]["open_until"], nullptr);
}

TEST(BreakersJson, OneOfThemOrNone) {
  EXPECT_EQ(breaker_json(view_of_json(), "anthropic")["upstream"], "anthropic");
  EXPECT_TRUE(breaker_json(view_of_json(), "mistral").is_null());
}

TEST(StatsJson, AnIdleGatewayHasNoRates) {
  const lab::Json json = stats_json({});
  EXPECT_EQ(json["total_requests"], 0);
  EXPECT_EQ(json["success_rate"], nullptr);
  EXPECT_EQ(json["avg_latency_ms"], nullptr);
  EXPECT_EQ(json["phase"], nullptr);
  EXPECT_TRUE(json["errors"].empty());
}

TEST(StatsJson, TellsWhatWasCounted) {
  GatewayView seen = view_of_json();
  seen.phase = "brownout";
  seen.uptime = 90s;
  seen.counts.add({.route = "/v1/chat/completions",
                   .model = "gpt-4",
                   .status = 200,
                   .duration = 300ms,
                   .completion = RequestRecord::ModelAnswer{.completion_tokens = 50}});
  seen.counts.add(
      {.route = "other", .status = 404, .condition = ErrorCondition::not_found, .duration = 100ms});
  seen.counts.faults["slow"] = 2;
  seen.gauges = {.in_flight = 3, .connections_open = 4};
  seen.queue = {.running = 1, .waiting = 2};
  const lab::Json json = stats_json(seen);
  EXPECT_EQ(json["active_requests"], 3);
  EXPECT_EQ(json["total_requests"], 2);
  EXPECT_EQ(json["success_rate"], 0.5);
  EXPECT_EQ(json["avg_latency_ms"], 200);
  EXPECT_EQ(json["uptime_seconds"], 90);
  EXPECT_EQ(json["phase"], "brownout");
  EXPECT_EQ(json["requests"][0]["model"], "gpt-4");
  EXPECT_EQ(json["requests"][1]["model"], nullptr);
  EXPECT_EQ(json["requests"][1]["status"], 404);
  EXPECT_EQ(json["errors"], (lab::Json{{"not_found", 1}}));
  EXPECT_EQ(json["faults"], (lab::Json{{"slow", 2}}));
  EXPECT_EQ(json["models"]["gpt-4"]["completion_tokens"], 50);
  EXPECT_EQ(json["connections"]["open"], 4);
  EXPECT_EQ(json["queue"]["waiting"], 2);
  EXPECT_EQ(json["breakers"].size(), 2u);
}

}  // namespace
}  // namespace mockgw
