// The gateway's time-outs for its upstream that depend on how an answer goes on: silence within a
// stream, what a client asks for, and what a batch server decodes too slowly.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <string>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

// Five tokens, 100 ms apart, the first after 100 ms.
std::string timeouts_file(std::string_view profile, std::string_view timeouts,
                          std::string_view sections = "") {
  return R"({"latency": {"ttft": "100ms", "itl": "100ms", "other": "0s"}, "tokens": {"output": 5},
    "circuit_breaker": {"enabled": false}, "profile": ")" +
         std::string(profile) + R"(", "timeouts": {)" + std::string(timeouts) + "}" +
         std::string(sections) + "}";
}

constexpr std::string_view kStalls =
    R"(, "faults": [{"fault": {"kind": "stall", "after_tokens": 2, "duration": "10s"}}])";

TEST(StreamIdle, ASilentStreamEndsInTheProfilesWay) {
  const std::string_view idle = R"("stream_idle": "1s")";
  GatewayWorld openai(timeouts_file("openai", idle, kStalls));
  const SeenResponse event = openai.send(chat_request(true));
  EXPECT_EQ(event.end_at, 200ms + 1s);
  ASSERT_EQ(event.events().size(), 4u);  // The role, two tokens, the error.
  EXPECT_TRUE(Json::parse(event.events().back()).contains("error"));
  GatewayWorld kong(timeouts_file("kong", idle, kStalls));
  const SeenResponse reset = kong.send(chat_request(true));
  EXPECT_EQ(reset.ec, asio::error::connection_reset);
  EXPECT_EQ(reset.end_at, 200ms + 1s);
}

TEST(StreamIdle, TokensInTimeAndBufferedAnswersAreNotSilent) {
  GatewayWorld steady(timeouts_file("openai", R"("stream_idle": "100ms")"));
  EXPECT_EQ(steady.send(chat_request(true)).events().back(), "[DONE]");
  GatewayWorld stalled(timeouts_file("openai", R"("stream_idle": "1s")", kStalls));
  const SeenResponse buffered = stalled.send(chat_request(false));
  EXPECT_EQ(buffered.status, 200u);
  EXPECT_EQ(buffered.end_at, 10500ms);
}

TEST(StreamIdle, SilenceBeforeTheFirstTokenCounts) {
  constexpr std::string_view kLate =
      R"(, "faults": [{"fault": {"kind": "latency", "delay": "5s"}}])";
  GatewayWorld envoy(timeouts_file("envoy", R"("stream_idle": "1s")", kLate));
  const SeenResponse seen = envoy.send(chat_request(true));
  EXPECT_EQ(seen.status, 504u);
  EXPECT_EQ(seen.end_at, 1s);
  // An upstream whose refusal comes too late is one that was silent.
  GatewayWorld refused(timeouts_file("envoy", R"("stream_idle": "1s")",
                                     R"(, "faults": [{"fault": {"kind": "latency", "delay": "5s"}},
                               {"fault": {"kind": "status", "status": 500}}])"));
  EXPECT_EQ(refused.send(chat_request(true)).status, 504u);
}

SeenResponse send_with(GatewayWorld& world, std::string_view name, std::string_view value,
                       bool stream) {
  HttpRequest request = chat_request(stream);
  request.headers.add(name, value);
  return world.send(std::move(request));
}

TEST(ClientTimeout, AClientMayAskForAShorterOneInItsGatewaysHeader) {
  GatewayWorld litellm(timeouts_file("litellm", R"("client_header": "x-litellm-timeout")"));
  const SeenResponse seconds = send_with(litellm, "x-litellm-timeout", "0.25", false);
  EXPECT_EQ(seconds.status, 408u);
  EXPECT_EQ(seconds.end_at, 250ms);
  EXPECT_EQ(litellm.send(chat_request(false)).status, 200u);
  GatewayWorld portkey(timeouts_file("portkey", R"("client_header": "x-portkey-request-timeout")"));
  const SeenResponse ms = send_with(portkey, "x-portkey-request-timeout", "250", false);
  EXPECT_EQ(ms.status, 408u);
  EXPECT_EQ(Json::parse(ms.body)["error"]["message"],
            "Request exceeded the timeout sent in the request: 250ms");
  // The header of another gateway is none.
  EXPECT_EQ(send_with(portkey, "x-litellm-timeout", "0.25", false).status, 200u);
}

TEST(ClientTimeout, PortkeysEndsWithTheHeadOfAStream) {
  GatewayWorld portkey(timeouts_file("portkey", R"("client_header": "x-portkey-request-timeout")"));
  EXPECT_EQ(send_with(portkey, "x-portkey-request-timeout", "250", true).events().back(), "[DONE]");
  EXPECT_EQ(send_with(portkey, "x-portkey-request-timeout", "50", true).status, 408u);
}

TEST(ClientTimeout, IsNotHonouredUnlessTheFileSaysSo) {
  GatewayWorld world(timeouts_file("litellm", ""));
  EXPECT_EQ(send_with(world, "x-litellm-timeout", "0.25", false).status, 200u);
}

// One token a second, after 100 ms.
constexpr std::string_view kSlowServer = R"(, "overload": {"server_model":
    {"batch": {"slots": 1, "token_rate": 1, "max_rate_per_request": 1}}})";

TEST(DecodeTimeout, ABufferedAnswerIsGivenUp) {
  GatewayWorld world(timeouts_file("openai", R"("request": "3s")", kSlowServer));
  const SeenResponse late = world.send(chat_request(false));
  EXPECT_EQ(late.status, 504u);
  EXPECT_EQ(late.end_at, 3s);
  GatewayWorld enough(timeouts_file("openai", R"("request": "6s")", kSlowServer));
  const SeenResponse whole = enough.send(chat_request(false));
  EXPECT_EQ(whole.status, 200u);
  EXPECT_EQ(whole.end_at, 5100ms);
}

TEST(DecodeTimeout, TheFirstTokenHasALimitOfItsOwn) {
  GatewayWorld world(timeouts_file("openai", R"("ttft": "500ms")", kSlowServer));
  const SeenResponse late = world.send(chat_request(false));
  EXPECT_EQ(late.status, 504u);
  EXPECT_EQ(late.end_at, 500ms);
}

TEST(DecodeTimeout, AStreamEndsAfterTheTokensThatWereInTime) {
  GatewayWorld world(timeouts_file("refgw", R"("request": "3s")", kSlowServer));
  const SeenResponse late = world.send(chat_request(true));
  EXPECT_EQ(late.end_at, 3s);
  const auto events = late.events();
  ASSERT_EQ(events.size(), 5u);  // The role, two tokens, the error, [DONE].
  EXPECT_EQ(Json::parse(events[3])["error"]["message"],
            "Streaming error: SSE error: openai: Request failed: operation timed out");
  GatewayWorld kong(timeouts_file("kong", R"("request": "3s")", kSlowServer));
  EXPECT_EQ(kong.send(chat_request(true)).ec, asio::error::connection_reset);
}

TEST(DecodeTimeout, SilenceOfTheServerCountsFromTheLastToken) {
  GatewayWorld steady(timeouts_file("openai", R"("stream_idle": "1200ms")", kSlowServer));
  EXPECT_EQ(steady.send(chat_request(true)).events().back(), "[DONE]");
  GatewayWorld idle(timeouts_file("openai", R"("stream_idle": "900ms")", kSlowServer));
  const SeenResponse seen = idle.send(chat_request(true));
  EXPECT_EQ(seen.end_at, 900ms);
  EXPECT_TRUE(Json::parse(seen.events().back()).contains("error"));
}

TEST(DecodeTimeout, WhatIsGivenUpLeavesTheServerAndIsCounted) {
  GatewayWorld world(timeouts_file("openai", R"("request": "3s")", kSlowServer));
  (void)world.send(chat_request(false));
  // Its slot is free: the next one begins at once, and is as late as the first.
  EXPECT_EQ(world.send(chat_request(false)).end_at, 3s);
  HttpRequest request;
  request.target = "/admin/stats";
  const Json stats = Json::parse(world.send(std::move(request)).body);
  EXPECT_EQ(stats["errors"]["upstream_timeout"], 2);
  EXPECT_EQ(stats["models"], Json::object());
}

}  // namespace
}  // namespace lab::test
