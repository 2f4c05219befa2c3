// Chat completions over virtual time: what is sent, and when.
#include <gtest/gtest.h>

#include <algorithm>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kSteady = R"({
  "latency": {"ttft": "100ms", "itl": "20ms", "other": "2ms"}, "tokens": {"output": 5}})";

std::string content_of(const std::string& event) {
  const Json json = Json::parse(event);
  if (json["choices"].empty()) return "";
  return json["choices"][0]["delta"].value("content", "");
}

TEST(GatewayChat, ABufferedAnswerTakesTtftAndAllTokens) {
  GatewayWorld world(kSteady);
  const SeenResponse seen = world.send(chat_request(false));
  ASSERT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.end_at, 180ms);
  EXPECT_EQ(Json::parse(seen.body)["usage"]["completion_tokens"], 5);
  EXPECT_EQ(seen.header("openai-processing-ms"), "180");
  EXPECT_FALSE(seen.header("x-request-id").empty());
}

TEST(GatewayChat, ChunksArriveExactlyWhenPlanned) {
  GatewayWorld world(kSteady);
  const SeenResponse seen = world.send(chat_request(true));
  ASSERT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.header("content-type"), "text/event-stream");
  EXPECT_EQ(seen.head_at, 100ms);
  // The role chunk and the first token; the four other tokens; the last of them with the end, which
  // may be more than one piece.
  std::vector<Duration> times;
  for (const auto& [at, piece] : seen.pieces) times.push_back(at);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  EXPECT_EQ(times, (std::vector<Duration>{100ms, 120ms, 140ms, 160ms, 180ms}));
  const std::vector<std::string> events = seen.events();
  ASSERT_EQ(events.size(), 8u);
  EXPECT_EQ(Json::parse(events[0])["choices"][0]["delta"]["role"], "assistant");
  for (std::size_t i = 1; i <= 5; ++i) EXPECT_NE(content_of(events[i]), "");
  EXPECT_EQ(Json::parse(events[6])["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(events[7], "[DONE]");
}

TEST(GatewayChat, AStreamSaysWhatTheBufferedAnswerSays) {
  GatewayWorld world(kSteady);
  HttpRequest buffered = chat_request(false);
  HttpRequest streamed = chat_request(true);
  for (HttpRequest* request : {&buffered, &streamed}) request->headers.add("X-Request-ID", "same");
  const Json whole = Json::parse(world.send(buffered).body);
  std::string text;
  for (const std::string& event : world.send(streamed).events()) {
    if (event != "[DONE]") text += content_of(event);
  }
  EXPECT_EQ(whole["choices"][0]["message"]["content"], text);
}

TEST(GatewayChat, UsageIsStreamedWhenAskedFor) {
  GatewayWorld world(kSteady);
  HttpRequest request = chat_request(true);
  request.body.insert(request.body.size() - 1, R"(,"stream_options":{"include_usage":true})");
  const std::vector<std::string> events = world.send(request).events();
  ASSERT_EQ(events.size(), 9u);
  const Json usage = Json::parse(events[7]);
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_EQ(usage["usage"]["completion_tokens"], 5);
}

asio::awaitable<void> two_on_one_connection(GatewayWorld& world, SeenResponse& first,
                                            SeenResponse& second) {
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  first = co_await world.exchange(connection, chat_request(true));
  EXPECT_TRUE(connection.reusable());
  second = co_await world.exchange(connection, chat_request(false));
}

TEST(GatewayChat, APromptThatBeginsLikeAnEarlierOneIsCheaper) {
  GatewayWorld world(R"({"latency": {"ttft": "100ms", "itl": "0s", "prefill_per_token": "10ms",
    "cached_prefill_per_token": "1ms", "prefix_cache": {"block_tokens": 10, "minimum_tokens": 20}}})");
  const auto ask = [&](std::string_view last_words) {
    HttpRequest request = chat_request(false);
    std::string prompt;
    for (int i = 0; i < 40; ++i) prompt += " word";
    request.body = R"({"model":"gpt-4","max_tokens":1,"messages":[{"role":"user","content":")" +
                   prompt + std::string(last_words) + R"("}]})";
    return world.send(request);
  };
  const auto cached = [](const SeenResponse& seen) {
    return Json::parse(seen.body)["usage"]["prompt_tokens_details"]["cached_tokens"].get<int>();
  };
  const SeenResponse first = ask(" one");
  const SeenResponse second = ask(" two");
  EXPECT_EQ(cached(first), 0);
  EXPECT_EQ(cached(second), 40);
  EXPECT_EQ(first.end_at - second.end_at, 40 * 9ms);
}

TEST(GatewayChat, AConnectionServesOneRequestAfterTheOther) {
  GatewayWorld world(kSteady);
  SeenResponse first;
  SeenResponse second;
  world.run(two_on_one_connection(world, first, second));
  EXPECT_EQ(first.status, 200u);
  EXPECT_EQ(second.status, 200u);
  EXPECT_EQ(second.end_at, 180ms);
  EXPECT_EQ(world.gateway().requests(), 2u);
}

TEST(GatewayChat, HealthAndModelsTakeTheOtherLatency) {
  GatewayWorld world(kSteady);
  HttpRequest request;
  request.target = "/health";
  const SeenResponse health = world.send(request);
  EXPECT_EQ(Json::parse(health.body)["status"], "healthy");
  EXPECT_EQ(health.end_at, 2ms);
  request.target = "/v1/models";
  EXPECT_EQ(Json::parse(world.send(request).body)["object"], "list");
  request.method = "HEAD";
  const SeenResponse head = world.send(request);
  EXPECT_EQ(head.status, 200u);
  EXPECT_TRUE(head.body.empty());
}

TEST(GatewayChat, TheSameSeedGivesTheSameWorld) {
  const auto run = [] {
    GatewayWorld world("{}");
    std::string bytes;
    for (int i = 0; i < 20; ++i) bytes += world.send(chat_request(i % 2 == 0)).body;
    return std::pair(bytes, world.runtime().event_hash());
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace lab::test
