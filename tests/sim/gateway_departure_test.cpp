// Clients that leave while they wait, over virtual time: what they held is free at once.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <vector>

#include "shared/base/json.h"
#include "shared/runtime/await.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

// One slot and a queue; each answer takes six seconds, all of them before its first byte.
constexpr std::string_view kSlowSlot = R"({"latency": {"ttft": "6s", "itl": "0s", "other": "0s"},
  "tokens": {"output": 3}, "overload": {"max_concurrency": 1, "queue_size": 10}})";

enum class Leaves { by_fin, by_rst };

// Sends a request at `begin`, and leaves after `stay` whatever has come by then.
asio::awaitable<void> leave(GatewayWorld& world, Duration begin, Duration stay, Leaves how) {
  (void)co_await world.runtime().sleep_for(begin);
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  const HttpRequest request = chat_request(true);
  (void)co_await connection.send(request, "gateway");
  (void)co_await world.runtime().sleep_for(stay);
  if (how == Leaves::by_rst) connection.stream().reset();
}

// Sends a request at `begin` and waits for its answer; `seen` gets what came.
asio::awaitable<void> stay(GatewayWorld& world, Duration begin, SeenResponse& seen) {
  (void)co_await world.runtime().sleep_for(begin);
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  seen = co_await world.exchange(connection, chat_request(true));
}

Json stats(GatewayWorld& world) {
  HttpRequest request;
  request.target = "/admin/stats";
  return Json::parse(world.send(request).body);
}

class GatewayDeparture : public testing::TestWithParam<Leaves> {
 protected:
  void start(GatewayWorld& world, asio::awaitable<void> client) {
    asio::co_spawn(world.runtime().executor(), std::move(client), asio::detached);
  }
};

INSTANTIATE_TEST_SUITE_P(HowTheyLeave, GatewayDeparture,
                         testing::Values(Leaves::by_fin, Leaves::by_rst), [](const auto& tested) {
                           return tested.param == Leaves::by_fin ? "Fin" : "Rst";
                         });

TEST_P(GatewayDeparture, BeforeTheFirstByteFreesTheSlotAtOnce) {
  GatewayWorld world(kSlowSlot);
  SeenResponse next;
  start(world, leave(world, 0s, 500ms, GetParam()));
  start(world, stay(world, 100ms, next));
  world.run(wait(world.runtime(), 20s));
  // Queued at 0.1 s, let in at 0.5 s.
  EXPECT_EQ(next.status, 200u);
  EXPECT_EQ(next.end_at, 6400ms);
  EXPECT_EQ(stats(world)["client_disconnects"], 1);
  EXPECT_EQ(world.gateway().statuses().at(499), 1u);
}

TEST_P(GatewayDeparture, FromTheQueueNeverTakesTheSlot) {
  GatewayWorld world(kSlowSlot);
  SeenResponse first;
  SeenResponse last;
  start(world, stay(world, 0s, first));
  start(world, leave(world, 1s, 1s, GetParam()));
  start(world, stay(world, 3s, last));
  world.run(wait(world.runtime(), 30s));
  EXPECT_EQ(first.end_at, 6s);
  // Arrived at 3 s, let in at 6 s.
  EXPECT_EQ(last.end_at, 9s);
  EXPECT_EQ(stats(world)["client_disconnects"], 1);
}

TEST_P(GatewayDeparture, BetweenTwoChunksEndsTheStreamAtOnce) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "10s", "other": "0s"},
    "tokens": {"output": 3}, "overload": {"max_concurrency": 1, "queue_size": 10}})");
  SeenResponse next;
  start(world, leave(world, 0s, 2s, GetParam()));
  start(world, stay(world, 1s, next));
  world.run(wait(world.runtime(), 40s));
  EXPECT_EQ(next.head_at, 2s);
  EXPECT_EQ(stats(world)["client_disconnects"], 1);
  // Its head was sent.
  EXPECT_EQ(world.gateway().statuses().at(200), 2u);
}

TEST_P(GatewayDeparture, GivesBackWhatTheLimitsHeldAndTellsTheBreakerNothing) {
  GatewayWorld world(R"({"latency": {"ttft": "6s", "itl": "0s", "other": "0s"},
    "rate_limits": {"rules": [{"max_parallel": 1}]},
    "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 1}}})");
  SeenResponse next;
  start(world, leave(world, 0s, 500ms, GetParam()));
  start(world, stay(world, 1s, next));
  world.run(wait(world.runtime(), 20s));
  EXPECT_EQ(next.status, 200u);
  EXPECT_EQ(next.end_at, 6s);
}

TEST_P(GatewayDeparture, LeavesTheBatchToTheOthers) {
  GatewayWorld world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
    "tokens": {"output": 10},
    "overload": {"server_model": {"batch": {"slots": 1, "token_rate": 1, "max_rate_per_request": 1}}}})");
  SeenResponse next;
  start(world, leave(world, 0s, 2s, GetParam()));
  start(world, stay(world, 1s, next));
  world.run(wait(world.runtime(), 40s));
  // Its ten seconds begin when the first one leaves; it looks again when that one would have ended.
  EXPECT_LE(next.end_at, 12s);
  EXPECT_EQ(stats(world)["client_disconnects"], 1);
}

asio::awaitable<void> send_ahead(GatewayWorld& world, std::string& answer) {
  const auto stream = co_await world.connect();
  const HttpRequest chat = chat_request(true);
  const std::string head = "POST " + chat.target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                           std::to_string(chat.body.size()) + "\r\n\r\n";
  const std::string last = "GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  // The second request comes in pieces while the first, and then the third while the second waits.
  for (const std::string& piece : {head + chat.body, head.substr(0, 10), head.substr(10),
                                   chat.body.substr(0, 5), chat.body.substr(5), last}) {
    (void)co_await stream->async_write_some(asio::buffer(piece), kAwait);
    (void)co_await world.runtime().sleep_for(2s);
  }
  std::string room(4096, '\0');
  for (;;) {
    const auto [ec, n] = co_await stream->async_read_some(asio::buffer(room), kAwait);
    answer.append(room, 0, n);
    if (ec) co_return;
  }
}

TEST(GatewayPipelining, WhatIsSentDuringAWaitIsServedAfterIt) {
  GatewayWorld world(kSlowSlot);
  std::string answer;
  world.run(send_ahead(world, answer));
  std::size_t streams = 0;
  for (auto at = answer.find("[DONE]"); at != answer.npos; at = answer.find("[DONE]", at + 1)) {
    ++streams;
  }
  EXPECT_EQ(streams, 2u) << answer;
  EXPECT_TRUE(answer.ends_with("alive")) << answer;
  EXPECT_EQ(stats(world)["client_disconnects"], 0);
}

asio::awaitable<void> send_much_ahead(GatewayWorld& world, std::size_t& accepted) {
  const auto stream = co_await world.connect();
  const HttpRequest chat = chat_request(true);
  const std::string first = "POST " + chat.target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                            std::to_string(chat.body.size()) + "\r\n\r\n" + chat.body;
  (void)co_await stream->async_write_some(asio::buffer(first), kAwait);
  stream->expires_at(world.runtime().now() + 3s);
  const std::string more(64 * 1024, 'x');
  for (;;) {
    const auto [ec, n] = co_await stream->async_write_some(asio::buffer(more), kAwait);
    accepted += n;
    if (ec) co_return;
  }
}

TEST(GatewayPipelining, WhatIsSentAheadIsHeldUpToABound) {
  GatewayWorld world(kSlowSlot);
  std::size_t accepted = 0;
  world.run(send_much_ahead(world, accepted));
  // The connection's buffer, and the window of the network.
  EXPECT_GT(accepted, 0u);
  EXPECT_LT(accepted, 2u * 1024 * 1024);
  EXPECT_EQ(world.runtime().now().time_since_epoch(), 3s);
}

}  // namespace
}  // namespace lab::test
