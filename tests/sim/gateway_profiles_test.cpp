// Profiles over virtual time: how their streams fail, when they give an upstream up, and when their
// breakers are told.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kParent = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

// Five tokens, 100 ms apart, the first after 100 ms; `rest` are further sections.
std::string gateway(std::string_view profile, std::string_view rest) {
  return R"({"latency": {"ttft": "100ms", "itl": "100ms", "other": "0s"}, "tokens": {"output": 5},
             "profile": ")" +
         std::string(profile) + '"' + std::string(rest) + "}";
}

SeenResponse send_to_profile(std::string_view profile, std::string_view rest, bool stream = true) {
  GatewayWorld world(gateway(profile, rest));
  HttpRequest request = chat_request(stream);
  request.headers.add("X-Parent-Span-Id", kParent);
  return world.send(std::move(request));
}

constexpr std::string_view kFailsAfterTwo =
    R"(, "faults": [{"fault": {"kind": "stream_error_event", "after_tokens": 2}}])";

TEST(GatewayProfiles, AStreamThatFailsEndsAsTheProfilesDo) {
  const SeenResponse openai = send_to_profile("openai", kFailsAfterTwo);
  EXPECT_FALSE(openai.ec);
  EXPECT_TRUE(Json::parse(openai.events().back()).contains("error"));
  const SeenResponse refgw = send_to_profile("refgw", kFailsAfterTwo);
  EXPECT_FALSE(refgw.ec);
  EXPECT_EQ(refgw.events().back(), "[DONE]");
  // Portkey just closes; Envoy and Kong reset. None of them says why.
  const SeenResponse portkey = send_to_profile("portkey", kFailsAfterTwo);
  EXPECT_EQ(portkey.ec, Errc::partial_message);
  EXPECT_EQ(send_to_profile("envoy", kFailsAfterTwo).ec, asio::error::connection_reset);
  const SeenResponse kong = send_to_profile("kong", kFailsAfterTwo);
  EXPECT_EQ(kong.ec, asio::error::connection_reset);
  EXPECT_EQ(kong.events().size(), 3u);
  EXPECT_EQ(kong.body.find("error"), std::string::npos);
}

TEST(GatewayProfiles, TheReferencesHeadWrapsWholeAnswersAndTrailsStreams) {
  const SeenResponse whole = send_to_profile("refgw-head", "", false);
  EXPECT_EQ(Json::parse(whole.body)["repo_span"]["parent_span_id"], kParent);
  const SeenResponse stream = send_to_profile("refgw-head", "");
  const auto events = stream.events();
  ASSERT_GT(events.size(), 2u);
  EXPECT_EQ(events[events.size() - 2], "[DONE]");
  EXPECT_NE(stream.body.find("data: [DONE]\n\nevent: execution_output\ndata: {\"execution_id\""),
            std::string::npos);
  const Json execution = Json::parse(events.back());
  EXPECT_EQ(execution["success"], true);
  EXPECT_TRUE(execution["result"].is_null());
  const Json failed = Json::parse(send_to_profile("refgw-head", kFailsAfterTwo).events().back());
  EXPECT_EQ(failed["success"], false);
  EXPECT_EQ(send_to_profile("refgw-head", "").body, stream.body);
}

TEST(GatewayProfiles, KeepAliveCommentsOfTheReferenceAreBare) {
  const SeenResponse seen =
      send_to_profile("refgw", R"(, "faults": [{"fault": {"kind": "latency", "delay": "20s"}}])");
  EXPECT_TRUE(seen.body.starts_with(":\n\ndata: ")) << seen.body.substr(0, 40);
  EXPECT_EQ(seen.pieces.front().first, 15s);
}

constexpr std::string_view kShortRequest = R"(, "timeouts": {"request": "250ms", "ttft": "200ms"})";

TEST(GatewayTimeouts, AWholeAnswerIsGivenUpWhenItsTimeIsOver) {
  const SeenResponse whole = send_to_profile("portkey", kShortRequest, false);
  EXPECT_EQ(whole.status, 408u);
  EXPECT_EQ(whole.end_at, 250ms);
  EXPECT_EQ(Json::parse(whole.body)["error"]["message"],
            "Request exceeded the timeout sent in the request: 250ms");
}

TEST(GatewayTimeouts, AStreamIsCutInTheProfilesWay) {
  // Two tokens are out at 250 ms.
  const SeenResponse refgw = send_to_profile("refgw", kShortRequest);
  const auto events = refgw.events();
  EXPECT_EQ(refgw.status, 200u);
  EXPECT_EQ(refgw.end_at, 250ms);
  ASSERT_EQ(events.size(), 5u);  // The role, two tokens, the error, [DONE].
  EXPECT_EQ(Json::parse(events[3])["error"]["message"],
            "Streaming error: SSE error: openai: Request failed: operation timed out");
  const SeenResponse kong = send_to_profile("kong", kShortRequest);
  EXPECT_EQ(kong.ec, asio::error::connection_reset);
  EXPECT_EQ(kong.end_at, 250ms);
}

TEST(GatewayTimeouts, StallsAndSlowHeadsCount) {
  const std::string with_stall =
      std::string(R"(, "timeouts": {"request": "2s"}, "faults": [{"fault":)") +
      R"({"kind": "stall", "after_tokens": 1, "duration": "5s"}}])";
  const SeenResponse stalled = send_to_profile("openai", with_stall);
  EXPECT_EQ(stalled.end_at, 2s);
  EXPECT_TRUE(Json::parse(stalled.events().back()).contains("error"));
  EXPECT_EQ(send_to_profile("openai", with_stall, false).status, 504u);
  const std::string with_slow_head =
      std::string(R"(, "timeouts": {"ttft": "1s"}, "faults": [{"fault":)") +
      R"({"kind": "slow_headers", "delay": "5s"}}])";
  const SeenResponse slow = send_to_profile("openai", with_slow_head);
  EXPECT_EQ(slow.status, 504u);
  EXPECT_EQ(slow.end_at, 1s);
  // Where heads go out at once, the failure is in the stream.
  const SeenResponse refgw = send_to_profile(
      "refgw", R"(, "timeouts": {"ttft": "50ms"}, "circuit_breaker": {"enabled": false})");
  EXPECT_EQ(refgw.status, 200u);
  EXPECT_EQ(refgw.head_at, 0ms);
  EXPECT_EQ(refgw.end_at, 50ms);
}

constexpr std::string_view kAlwaysDown =
    R"(, "faults": [{"active": {"from": "0s", "for": "1m"}, "fault": {"kind": "status", "status": 503}}])";

std::string statuses(GatewayWorld& world, int count, bool stream) {
  std::string line;
  for (int i = 0; i < count; ++i) {
    line += std::to_string(world.send(chat_request(stream)).status) + " ";
  }
  return line;
}

TEST(GatewayProfiles, StreamsThatFailInBandNeverTripABreakerThatJudgesByHeads) {
  GatewayWorld world(gateway("refgw", kAlwaysDown));
  std::string all_good;
  for (int i = 0; i < 20; ++i) all_good += "200 ";
  EXPECT_EQ(statuses(world, 20, true), all_good);
  // The same upstream's whole answers are seen as they are.
  EXPECT_EQ(statuses(world, 6, false), "502 502 502 502 502 503 ");
}

asio::awaitable<void> sleep_until(SimRuntime& runtime, Duration since_start) {
  (void)co_await runtime.sleep_until(TimePoint{} + since_start);
}

asio::awaitable<void> stream_once(GatewayWorld& world) {
  auto stream = co_await world.connect();
  HttpClientConnection connection(world.runtime(), std::move(stream), HttpLimits{});
  (void)co_await world.exchange(connection, chat_request(true));
}

std::string state_of_breaker(GatewayWorld& world) {
  HttpRequest request;
  request.target = "/admin/breakers";
  return Json::parse(world.send(request).body).dump();
}

// The probes of a half-open breaker that judges by heads are decided long before their last token.
asio::awaitable<void> probe_with_two_streams(GatewayWorld& world, std::string& seen) {
  for (int i = 0; i < 2; ++i) {
    asio::co_spawn(world.runtime().executor(), stream_once(world), asio::detached);
  }
  (void)co_await world.runtime().sleep_for(10ms);
  auto stream = co_await world.connect();
  HttpClientConnection connection(world.runtime(), std::move(stream), HttpLimits{});
  HttpRequest request;
  request.target = "/health";
  seen = Json::parse((co_await world.exchange(connection, request)).body)["status"];
  (void)co_await world.runtime().sleep_for(10s);
}

TEST(GatewayProfiles, AProbeThatStreamsIsDecidedWithItsHead) {
  GatewayWorld world(gateway("refgw", kAlwaysDown));
  (void)statuses(world, 10, false);
  EXPECT_EQ(statuses(world, 1, false), "503 ") << state_of_breaker(world);
  world.run(sleep_until(world.runtime(), 61s));
  std::string health;
  world.run(probe_with_two_streams(world, health));
  EXPECT_EQ(health, "healthy");
}

}  // namespace
}  // namespace lab::test
