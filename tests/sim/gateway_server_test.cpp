// The server over virtual time: limits, silence, garbage, draining.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "mockgw/config/gateway_config.h"
#include "mockgw/gateway/gateway.h"
#include "mockgw/server/server.h"
#include "shared/base/json.h"
#include "shared/runtime/await.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFile = R"({
  "latency": {"ttft": "100ms", "itl": "100ms", "other": "0s"}, "tokens": {"output": 10},
  "timeouts": {"idle": "30s", "header": "5s", "body": "7s", "drain": "3s"},
  "limits": {"max_body_bytes": 1000, "max_header_bytes": 2000, "max_connections": 2}})";

Json body_of(const std::string& answer) {
  return Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

struct Unreadable {
  const char* name;
  std::string bytes;
  std::string status;
};

class GatewayUnreadable : public testing::TestWithParam<Unreadable> {};

TEST_P(GatewayUnreadable, IsToldWhyAndClosed) {
  GatewayWorld world(kFile);
  const std::string answer = world.send_raw(GetParam().bytes);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + GetParam().status)) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(body_of(answer)["error"]["message"].is_string());
  // The gateway goes on.
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
}

constexpr std::string_view kPost = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, GatewayUnreadable,
    testing::Values(
        Unreadable{"garbage", "\x01\x02 garbage\r\n\r\n", "400"},
        Unreadable{"announced_too_large",
                   std::string(kPost) + "Content-Length: 1073741824\r\n\r\nx", "413"},
        Unreadable{"many_headers",
                   std::string(kPost) +
                       [] {
                         std::string fields;
                         for (int i = 0; i < 10'000; ++i)
                           fields += "x-" + std::to_string(i) + ": y\r\n";
                         return fields;
                       }() +
                       "\r\n",
                   "431"},
        Unreadable{"no_host", "GET /health HTTP/1.1\r\n\r\n", "400"},
        Unreadable{"hidden_end", std::string(kPost) + "Transfer-Encoding: identity\r\n\r\n", "400"},
        Unreadable{"unknown_coding",
                   std::string(kPost) + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501"},
        Unreadable{"next_version", "GET /health HTTP/2.0\r\n\r\n", "505"},
        Unreadable{"half_a_head", std::string(kPost), "408"},
        Unreadable{"half_a_body", std::string(kPost) + "Content-Length: 10\r\n\r\n{", "408"}),
    [](const auto& tested) { return tested.param.name; });

TEST(GatewayServer, SilenceIsClosedAfterTheIdleTimeout) {
  GatewayWorld world(kFile);
  EXPECT_EQ(world.send_raw(""), "");
  EXPECT_EQ(world.runtime().now().time_since_epoch(), 30s);
}

TEST(GatewayServer, PipelinedRequestsAreAnsweredInOrder) {
  GatewayWorld world(kFile);
  const std::string answer = world.send_raw(
      "GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto health = answer.find("healthy");
  const auto models = answer.find("\"list\"");
  const auto live = answer.find("alive");
  EXPECT_LT(health, models);
  EXPECT_LT(models, live);
  EXPECT_NE(live, std::string::npos);
}

// Opens a third connection while two are open.
asio::awaitable<void> one_too_many(GatewayWorld& world, ErrorCode& third) {
  const auto first = co_await world.connect();
  const auto second = co_await world.connect();
  const auto stream = co_await world.connect();
  char byte = 0;
  const auto [ec, n] = co_await stream->async_read_some(asio::buffer(&byte, 1), kAwait);
  third = ec;
}

TEST(GatewayServer, ConnectionsBeyondTheLimitAreTurnedAway) {
  GatewayWorld world(kFile);
  ErrorCode third;
  world.run(one_too_many(world, third));
  EXPECT_TRUE(third == asio::error::eof || third == asio::error::connection_reset) << third;
  EXPECT_LT(world.runtime().now().time_since_epoch(), 1s);
}

// Reads a little of a stream and leaves; then waits until the gateway has noticed.
asio::awaitable<void> leave_mid_stream(GatewayWorld& world) {
  {
    HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
    (void)co_await connection.send(chat_request(true), "gateway");
    (void)co_await connection.read_head();
  }
  (void)co_await world.runtime().sleep_for(10s);
}

TEST(GatewayServer, AClientThatLeavesMidStreamLeavesNothingBehind) {
  GatewayWorld world(kFile);
  world.run(leave_mid_stream(world));
  EXPECT_EQ(world.runtime().pending().connections, 0u) << world.runtime().describe();
}

TEST(GatewayTimeline, PhasesComeAndGo) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s"},
    "timeline": [{"at": "10s", "for": "10s", "set": {"latency": {"ttft": "3s"}}},
                 {"at": "30s", "set": {"faults": [{"fault": {"kind": "status", "status": 503}}]}}]})");
  EXPECT_EQ(world.send(chat_request(false)).end_at, 1s);
  world.run(wait(world.runtime(), 9s));
  EXPECT_EQ(world.send(chat_request(false)).end_at, 3s);
  world.run(wait(world.runtime(), 7s));
  EXPECT_EQ(world.send(chat_request(false)).end_at, 1s);
  world.run(wait(world.runtime(), 9s));
  EXPECT_EQ(world.send(chat_request(false)).status, 503u);
}

TEST(GatewayTimeline, WhatWasCountedGoesOnThroughAPhase) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "rate_limits": {"rules": [{"algorithm": "fixed_window", "window": "1h", "requests": 2}]},
    "timeline": [{"at": "10s", "set": {"latency": {"ttft": "3s"}}}]})");
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
  world.run(wait(world.runtime(), 10s));
  EXPECT_EQ(world.send(chat_request(false)).status, 200u);
  EXPECT_EQ(world.send(chat_request(false)).status, 429u);
}

// A server of its own, so that a test can wait for its drain.
class Draining : public testing::Test {
 protected:
  Draining()
      : gateway(std::make_shared<mockgw::Gateway>(
            mockgw::read_gateway_config(kFile, "gateway.json").value(), runtime.now(),
            runtime.wall_now())),
        server(std::make_unique<mockgw::Server>(runtime, gateway)) {
    endpoint = server->start({"127.0.0.1", 8080}, false).value();
  }
  void run(asio::awaitable<void> task) {
    const auto done = runtime.run_until_complete(std::move(task));
    ASSERT_TRUE(done) << done.error().to_string();
  }

  SimRuntime runtime;
  std::shared_ptr<mockgw::Gateway> gateway;
  std::unique_ptr<mockgw::Server> server;
  Endpoint endpoint;
};

asio::awaitable<void> stop_mid_stream(SimRuntime& runtime, mockgw::Server& server,
                                      Endpoint endpoint, std::string& body, bool& drained) {
  auto idle = co_await runtime.connect(endpoint, kNoDeadline);
  auto stream = co_await runtime.connect(endpoint, kNoDeadline);
  HttpClientConnection connection(runtime, std::move(*stream), HttpLimits{});
  (void)co_await connection.send(chat_request(true), "gateway");
  (void)co_await connection.read_head();
  server.stop();
  // The idle connection ends at once, new ones are refused, the stream goes on to its end.
  char byte = 0;
  const auto [ec, n] = co_await (*idle)->async_read_some(asio::buffer(&byte, 1), kAwait);
  EXPECT_TRUE(ec);
  EXPECT_LT(runtime.now().time_since_epoch(), 200ms);
  const auto refused = co_await runtime.connect(endpoint, kNoDeadline);
  EXPECT_FALSE(refused);
  for (;;) {
    const auto piece = co_await connection.read_body();
    if (!piece || piece->empty()) break;
    body += *piece;
  }
  drained = co_await server.drained(runtime.now() + 3s);
}

TEST_F(Draining, FinishesWhatIsInFlightAndNothingElse) {
  std::string body;
  bool drained = false;
  run(stop_mid_stream(runtime, *server, endpoint, body, drained));
  EXPECT_TRUE(body.ends_with("data: [DONE]\n\n")) << body;
  EXPECT_TRUE(drained);
  EXPECT_EQ(server->open_connections(), 0u);
  EXPECT_LT(runtime.now().time_since_epoch(), 2s);
}

asio::awaitable<void> stop_with_a_slow_sender(SimRuntime& runtime, mockgw::Server& server,
                                              Endpoint endpoint, bool& drained) {
  const auto stream = co_await runtime.connect(endpoint, kNoDeadline);
  (void)co_await (*stream)->async_write_some(asio::buffer(kPost), kAwait);
  (void)co_await runtime.sleep_for(1s);
  server.stop();
  drained = co_await server.drained(runtime.now() + 3s);
}

TEST_F(Draining, EndsAtItsDeadlineWhateverIsLeft) {
  bool drained = true;
  run(stop_with_a_slow_sender(runtime, *server, endpoint, drained));
  EXPECT_FALSE(drained);
  EXPECT_EQ(server->open_connections(), 1u);
  // A second of sending, three of draining, and the connection's own way.
  EXPECT_LT(runtime.now().time_since_epoch(), 4001ms);
}

}  // namespace
}  // namespace lab::test
