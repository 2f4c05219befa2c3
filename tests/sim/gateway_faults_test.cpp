// Faults as a client sees them over virtual time.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

// Five tokens, 10 ms apart, the first after 10 ms; the header `f` chooses the fault.
constexpr std::string_view kFaulty = R"({
  "latency": {"ttft": "10ms", "itl": "10ms", "other": "0s"}, "tokens": {"output": 5},
  "faults": [
    {"match": {"header": {"f": "abort"}}, "fault": {"kind": "abort_before_headers"}},
    {"match": {"header": {"f": "reset"}}, "fault": {"kind": "reset_mid_stream", "after_tokens": 2}},
    {"match": {"header": {"f": "error"}}, "fault": {"kind": "stream_error_event", "after_tokens": 2}},
    {"match": {"header": {"f": "truncate"}}, "fault": {"kind": "truncate_no_done", "after_tokens": 2}},
    {"match": {"header": {"f": "stall"}},
     "fault": {"kind": "stall", "after_tokens": 2, "duration": "5s"}},
    {"match": {"header": {"f": "latency"}}, "fault": {"kind": "latency", "delay": "3s"}},
    {"match": {"header": {"f": "slow"}}, "fault": {"kind": "slow_headers", "delay": "35ms"}},
    {"match": {"header": {"f": "malformed"}}, "fault": {"kind": "malformed_chunk", "after_tokens": 2}},
    {"match": {"header": {"f": "twice"}}, "fault": {"kind": "duplicate_chunk", "after_tokens": 2}},
    {"match": {"header": {"f": "empty"}}, "fault": {"kind": "empty_content"}},
    {"match": {"header": {"f": "type"}}, "fault": {"kind": "wrong_content_type"}},
    {"match": {"header": {"f": "crlf"}}, "fault": {"kind": "crlf_framing"}},
    {"match": {"header": {"f": "space"}}, "fault": {"kind": "data_no_space"}},
    {"match": {"header": {"f": "split"}}, "fault": {"kind": "split_utf8"}},
    {"match": {"header": {"f": "keepalive"}}, "fault": {"kind": "keepalive_only", "duration": "3s"}},
    {"match": {"header": {"f": "503"}}, "fault": {"kind": "status", "status": 503}}]})";

SeenResponse send_to_faulty(const char* fault, bool stream = true) {
  GatewayWorld world(kFaulty);
  HttpRequest request = chat_request(stream);
  request.headers.add("f", fault);
  return world.send(std::move(request));
}

TEST(GatewayFaults, AnAbortIsResetBeforeTheHead) {
  EXPECT_EQ(send_to_faulty("abort").ec, asio::error::connection_reset);
  EXPECT_EQ(send_to_faulty("abort", false).ec, asio::error::connection_reset);
}

TEST(GatewayFaults, AResetBreaksTheBody) {
  const SeenResponse stream = send_to_faulty("reset");
  EXPECT_EQ(stream.status, 200u);
  EXPECT_EQ(stream.ec, asio::error::connection_reset);
  const SeenResponse buffered = send_to_faulty("reset", false);
  EXPECT_EQ(buffered.status, 200u);
  EXPECT_TRUE(buffered.ec);
}

TEST(GatewayFaults, AnErrorEventEndsTheStream) {
  const SeenResponse seen = send_to_faulty("error");
  EXPECT_FALSE(seen.ec);
  const auto events = seen.events();
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(Json::parse(events.back())["error"]["type"], "server_error");
  EXPECT_EQ(seen.end_at, 30ms);
}

TEST(GatewayFaults, ATruncatedStreamEndsCleanlyWithoutDone) {
  const SeenResponse seen = send_to_faulty("truncate");
  EXPECT_FALSE(seen.ec);
  EXPECT_EQ(seen.events().size(), 3u);
  EXPECT_EQ(seen.body.find("[DONE]"), std::string::npos);
}

TEST(GatewayFaults, AStallIsSilenceInTheMiddle) {
  const SeenResponse seen = send_to_faulty("stall");
  ASSERT_GE(seen.pieces.size(), 5u);
  EXPECT_EQ(seen.pieces[1].first, 20ms);
  EXPECT_EQ(seen.pieces[2].first, 5030ms);
  EXPECT_EQ(seen.events().back(), "[DONE]");
}

TEST(GatewayFaults, LatencyDelaysEverythingAndSlowHeadersTheHead) {
  EXPECT_EQ(send_to_faulty("latency").head_at, 3010ms);
  const SeenResponse slow = send_to_faulty("slow");
  EXPECT_EQ(slow.head_at, 35ms);
  EXPECT_EQ(slow.pieces.front().first, 35ms);
  EXPECT_EQ(slow.end_at, 50ms);
}

TEST(GatewayFaults, AMalformedEventIsOneAmongGoodOnes) {
  const auto events = send_to_faulty("malformed").events();
  ASSERT_EQ(events.size(), 9u);
  EXPECT_FALSE(Json::accept(events[3]));
  EXPECT_EQ(events.back(), "[DONE]");
}

TEST(GatewayFaults, ADuplicateIsTheSameChunkAgain) {
  const auto events = send_to_faulty("twice").events();
  ASSERT_EQ(events.size(), 9u);
  EXPECT_EQ(events[2], events[3]);
}

TEST(GatewayFaults, EmptyContentStillFinishes) {
  const auto events = send_to_faulty("empty").events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(Json::parse(events[1])["choices"][0]["finish_reason"], "stop");
  const Json buffered = Json::parse(send_to_faulty("empty", false).body);
  EXPECT_EQ(buffered["choices"][0]["message"]["content"], "");
  EXPECT_EQ(buffered["usage"]["completion_tokens"], 0);
}

TEST(GatewayFaults, FramingThatTheFormatAllows) {
  EXPECT_NE(send_to_faulty("crlf").body.find("data: [DONE]\r\n\r\n"), std::string::npos);
  EXPECT_NE(send_to_faulty("space").body.find("data:[DONE]\n\n"), std::string::npos);
  EXPECT_EQ(send_to_faulty("crlf").events().size(), 8u);
  EXPECT_EQ(send_to_faulty("type").header("content-type"), "text/html");
}

TEST(GatewayFaults, SplitCharactersArriveInTwoPieces) {
  const SeenResponse seen = send_to_faulty("split");
  const bool any_splits = std::any_of(seen.pieces.begin(), seen.pieces.end(), [](const auto& p) {
    return static_cast<unsigned char>(p.second.back()) == 0xC3;
  });
  EXPECT_TRUE(any_splits);
  EXPECT_EQ(seen.events().size(), 8u);
}

TEST(GatewayFaults, KeepaliveOnlyIsCommentsAndThenTheEnd) {
  const SeenResponse seen = send_to_faulty("keepalive");
  EXPECT_FALSE(seen.ec);
  EXPECT_TRUE(seen.events().empty());
  EXPECT_EQ(seen.body, ": keep-alive\n\n: keep-alive\n\n: keep-alive\n\n");
  EXPECT_EQ(seen.end_at, 3010ms);
}

TEST(GatewayFaults, AStatusIsTheProfilesError) {
  const SeenResponse seen = send_to_faulty("503");
  EXPECT_EQ(seen.status, 503u);
  EXPECT_EQ(Json::parse(seen.body)["error"]["code"], "server_is_overloaded");
}

constexpr std::string_view kOtherRoutes = R"({
  "latency": {"ttft": "0s", "itl": "0s", "other": "2ms"},
  "faults": [
    {"match": {"path": "/v1/models"}, "fault": {"kind": "status", "status": 503}},
    {"match": {"path": "/health"}, "fault": {"kind": "latency", "delay": "1s"}},
    {"match": {"path": "/live"}, "fault": {"kind": "abort_before_headers"}},
    {"match": {"path": "/ready"}, "fault": {"kind": "slow_headers", "delay": "3s"}},
    {"match": {"path": "/healthz"}, "fault": {"kind": "wrong_content_type"}},
    {"match": {"path": "/v1/embeddings"}, "fault": {"kind": "status", "status": 200, "body": "{}"}},
    {"match": {"path": "/livez"}, "fault": {"kind": "error", "condition": "budget_exceeded"}},
    {"match": {"path": "/v1/models/*", "model": "gpt-4"}, "fault": {"kind": "status", "status": 204}}
  ]})";

SeenResponse get(GatewayWorld& world, std::string_view target) {
  HttpRequest request;
  request.target = target;
  return world.send(std::move(request));
}

TEST(GatewayFaults, ARuleWithAPathHitsThatRoute) {
  GatewayWorld world(kOtherRoutes);
  EXPECT_EQ(get(world, "/v1/models?x=1").status, 503u);
  EXPECT_EQ(get(world, "/health").end_at, 1002ms);
  EXPECT_EQ(get(world, "/live").ec, asio::error::connection_reset);
  EXPECT_EQ(get(world, "/ready").head_at, 3s);
  EXPECT_EQ(get(world, "/healthz").header("content-type"), "text/html");
  EXPECT_EQ(get(world, "/v1/embeddings").body, "{}");
  EXPECT_EQ(get(world, "/livez").status, 429u);
  const SeenResponse empty = get(world, "/v1/models/gpt-4");
  EXPECT_EQ(empty.status, 204u);
  EXPECT_EQ(empty.body, "");
  EXPECT_EQ(get(world, "/v1/models/gpt-4o").status, 200u);
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
}

TEST(GatewayFaults, AModelsNameCannotWriteAHeader) {
  GatewayWorld world(R"({"profile": "kong", "models": {"gpt-4": {}, "*": {"owned_by": "mock"}}})");
  HttpRequest request = chat_request(false, R"(gpt\r\nevil: 1)");
  const SeenResponse seen = world.send(std::move(request));
  EXPECT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.header("x-kong-llm-model"), "mock/gpt  evil: 1");
  EXPECT_EQ(seen.header("evil"), "");
}

TEST(GatewayFaults, AnEndlessLatencyIsNoneThatOverflows) {
  GatewayWorld world(
      R"({"latency": {"ttft": {"pareto": {"min": "1s", "alpha": 0.001}}, "itl": "0s"},
    "timeouts": {"request": "1m"}})");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(world.send(chat_request(false)).status, 504u);
}

}  // namespace
}  // namespace lab::test
