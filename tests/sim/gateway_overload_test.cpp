// Who waits, who goes first and who is shed when more requests come than may run at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <string>
#include <vector>

#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

asio::awaitable<void> client(GatewayWorld& world, HttpRequest request,
                             std::vector<SeenResponse>& seen) {
  HttpClientConnection connection(world.runtime(), co_await world.connect(), HttpLimits{});
  SeenResponse response = co_await world.exchange(connection, std::move(request));
  seen.push_back(std::move(response));
}

// Sends all at once; the responses in the order of their arrival, within five minutes.
std::vector<SeenResponse> send_at_once(GatewayWorld& world, std::vector<HttpRequest> requests) {
  std::vector<SeenResponse> seen;
  for (HttpRequest& request : requests) {
    asio::co_spawn(world.runtime().executor(), client(world, std::move(request), seen),
                   asio::detached);
  }
  world.run(wait(world.runtime(), 5min));
  return seen;
}

std::vector<SeenResponse> send_at_once(GatewayWorld& world, int count) {
  return send_at_once(
      world, std::vector<HttpRequest>(static_cast<std::size_t>(count), chat_request(false)));
}

HttpRequest named(std::string_view id, std::string_view priority) {
  HttpRequest request = chat_request(false);
  request.headers.add("x-request-id", id);
  request.headers.add("x-priority", priority);
  return request;
}

int count_of(const std::vector<SeenResponse>& seen, unsigned status) {
  return static_cast<int>(std::ranges::count(seen, status, &SeenResponse::status));
}

struct Order {
  const char* discipline;
  const char* expected;
};

class OverloadDiscipline : public testing::TestWithParam<Order> {};

TEST_P(OverloadDiscipline, DecidesWhoGoesNext) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s"},
    "overload": {"max_concurrency": 1, "queue_size": 10, "discipline": ")" +
                     std::string(GetParam().discipline) + R"("}})");
  // The first finds a free slot; the others wait.
  const auto seen = send_at_once(
      world, {named("a", "0"), named("b", "0"), named("c", "5"), named("d", "1"), named("e", "5")});
  std::string order;
  for (const SeenResponse& each : seen) {
    EXPECT_EQ(each.status, 200u);
    order += each.header("x-request-id");
    EXPECT_EQ(each.end_at, std::chrono::seconds(order.size()));
  }
  EXPECT_EQ(order, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, OverloadDiscipline,
                         testing::Values(Order{"fifo", "abcde"}, Order{"lifo", "aedcb"},
                                         Order{"priority", "acedb"}));

constexpr std::string_view kOneSlot = R"({"latency": {"ttft": "300ms", "itl": "0s", "other": "0s"},
  "overload": {"max_concurrency": 1, "queue_size": 100, "queue_timeout": "1m", "shed": ")";

TEST(OverloadShedding, WithoutItEveryoneWaitsForItsTurn) {
  GatewayWorld world(std::string(kOneSlot) + R"(none"}})");
  const auto seen = send_at_once(world, 30);
  EXPECT_EQ(count_of(seen, 200), 30);
  EXPECT_EQ(seen.back().end_at, 9s);
}

TEST(OverloadShedding, CodelShedsFromAQueueThatStands) {
  GatewayWorld world(std::string(kOneSlot) +
                     R"(codel", "codel": {"target": "100ms", "interval": "600ms"}}})");
  const auto seen = send_at_once(world, 30);
  ASSERT_EQ(seen.size(), 30u);
  const int served = count_of(seen, 200);
  EXPECT_EQ(served + count_of(seen, 503), 30);
  // Nobody is shed before the wait has been above the target for an interval; then ever more.
  for (const SeenResponse& each : seen) {
    if (each.status != 200) {
      EXPECT_GE(each.end_at, 900ms);
    }
  }
  EXPECT_LT(served, 25);
  EXPECT_EQ(seen.back().end_at, served * 300ms);
}

TEST(OverloadShedding, CodelLeavesAQueueAloneThatEmptiesAgain) {
  GatewayWorld world(std::string(kOneSlot) +
                     R"(codel", "codel": {"target": "400ms", "interval": "600ms"}}})");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(count_of(send_at_once(world, 2), 200), 2);
}

TEST(OverloadShedding, TheGradientFollowsTheLatencyOfTheUpstream) {
  GatewayWorld world(R"({"latency": {"ttft": "1s", "itl": "0s", "other": "0s",
      "drift": [{"step": {"percent": 900, "at": "1h"}}]},
    "overload": {"max_concurrency": 50, "queue_size": 100, "queue_timeout": "10m",
      "shed": "gradient", "gradient": {"initial_limit": 2, "queue_size": 2}}})");
  // Two run at once in the beginning, more as long as each takes its usual second.
  const Duration cold = send_at_once(world, 20).back().end_at;
  EXPECT_GT(cold, 3s);
  Duration warm = cold;
  for (int i = 0; i < 5; ++i) warm = send_at_once(world, 20).back().end_at;
  EXPECT_EQ(warm, 1s);
  // The upstream slows down tenfold: what is unusual lowers the limit, and others wait their turn.
  world.run(wait(world.runtime(), 1h));
  for (int i = 0; i < 2; ++i) (void)send_at_once(world, 20);
  EXPECT_GT(send_at_once(world, 20).back().end_at, 10s);
}

}  // namespace
}  // namespace lab::test
