#include "shared/sim/sim_runtime.h"

#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>

#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> note_after(Runtime& runtime, Duration d, std::string name, std::string& log) {
  co_await runtime.sleep_for(d);
  log += name + "@" + format_duration(runtime.now().time_since_epoch()) + " ";
}

TEST(SimRuntime, TimeJumpsToTheNextEvent) {
  SimRuntime runtime;
  std::string log;
  asio::co_spawn(runtime.executor(), note_after(runtime, 2h, "b", log), asio::detached);
  asio::co_spawn(runtime.executor(), note_after(runtime, 1s, "a", log), asio::detached);
  EXPECT_EQ(runtime.run(), SimRuntime::End::quiescent);
  EXPECT_EQ(log, "a@1s b@2h0m0s ");
  EXPECT_EQ(runtime.pending().events, 0u);
}

asio::awaitable<void> accept_for_ever(Runtime& runtime) {
  auto listener = runtime.listen({"127.0.0.1", 80}).value();
  co_await listener->accept();
}

TEST(SimRuntime, ADeadlockIsAnErrorThatNamesWhatIsPending) {
  SimRuntime runtime({.seed = 7});
  const auto result = runtime.run_until_complete(accept_for_ever(runtime));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(
      result.error().to_string(),
      "seed 7, virtual time 0s, 0 events, 0 connections, 1 listeners pending: deadlock: nothing "
      "left to happen, and the task is not done");
}

asio::awaitable<void> spin(Runtime& runtime) {
  for (;;) co_await runtime.sleep_until(runtime.now());
}

TEST(SimRuntime, ALoopWithoutTimeIsAnErrorToo) {
  SimRuntime runtime({.steps_per_instant_max = 1000});
  const auto result = runtime.run_until_complete(spin(runtime));
  ASSERT_TRUE(result.has_error());
  EXPECT_NE(result.error().what.find("without time moving"), std::string::npos);
}

asio::awaitable<void> ticks(Runtime& runtime) {
  for (;;) co_await runtime.sleep_for(1h);
}

TEST(SimRuntime, VirtualTimeIsBounded) {
  SimRuntime runtime({.time_max = 10h});
  EXPECT_TRUE(runtime.run_until_complete(ticks(runtime)).has_error());
}

// One connection over a rough network: what arrived, when, in what pieces.
asio::awaitable<void> rough_transfer(Runtime& runtime, std::string& log) {
  ConnectedPair pair = co_await connect_pair(runtime);
  std::string block(5000, 'x');
  for (int i = 0; i < 20; ++i) {
    const auto [ec, n] = co_await pair.client->async_write_some(asio::buffer(block), kAwait);
    if (ec) break;
  }
  pair.client->shutdown_send();
  std::string room(4096, '\0');
  for (;;) {
    const auto [ec, n] = co_await pair.server->async_read_some(asio::buffer(room), kAwait);
    log += std::to_string(n) + "@" + format_duration(runtime.now().time_since_epoch()) + " ";
    if (ec) {
      log += ec.message();
      co_return;
    }
  }
}

NetworkModel rough_network() {
  NetworkModel network;
  network.latency = Distribution(Distribution::Exponential{0.01});
  network.bandwidth_bytes_per_second = 1e6;
  network.loss_probability = 0.1;
  network.short_read_probability = 0.5;
  network.reset_probability = 0.01;
  return network;
}

struct Outcome {
  std::string log;
  std::uint64_t hash;
};

Outcome transfer(std::uint64_t seed) {
  SimRuntime runtime({.seed = seed, .network = rough_network()});
  Outcome outcome;
  EXPECT_TRUE(runtime.run_until_complete(rough_transfer(runtime, outcome.log)).has_value());
  outcome.hash = runtime.event_hash();
  return outcome;
}

TEST(SimRuntime, SameSeedSameEventsAnotherSeedOthers) {
  const Outcome first = transfer(1);
  const Outcome again = transfer(1);
  const Outcome other = transfer(2);
  EXPECT_EQ(first.log, again.log);
  EXPECT_EQ(first.hash, again.hash);
  EXPECT_NE(first.log, other.log);
  EXPECT_NE(first.hash, other.hash);
}

TEST(SimRuntime, RoughNetworksLoseNoByteUnlessReset) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    NetworkModel network = rough_network();
    network.reset_probability = 0;
    SimRuntime runtime({.seed = seed, .network = network});
    std::string log;
    ASSERT_TRUE(runtime.run_until_complete(rough_transfer(runtime, log)).has_value());
    std::size_t total = 0;
    for (std::size_t at = 0; at < log.size() && std::isdigit(log[at]);) {
      std::size_t used = 0;
      total += std::stoul(log.substr(at), &used);
      at = log.find(' ', at) + 1;
    }
    EXPECT_EQ(total, 100'000u) << "seed " << seed;
  }
}

TEST(NetworkModel, APartitionDelaysArrivalsToItsEnd) {
  NetworkModel network;
  network.latency = Distribution(Distribution::Constant{0.001});
  network.partitions.push_back({10s, 20s});
  Rng rng(1);
  EXPECT_EQ(network.arrival(TimePoint(9s), 10, rng), TimePoint(9s + 1ms));
  EXPECT_EQ(network.arrival(TimePoint(12s), 10, rng), TimePoint(20s));
  EXPECT_EQ(network.arrival(TimePoint(20s), 10, rng), TimePoint(20s + 1ms));
}

TEST(SimRuntime, WallTimeStartsAtTheEpoch) {
  SimRuntime runtime;
  EXPECT_EQ(format_rfc3339(runtime.wall_now()), "2026-01-01T00:00:00Z");
}

}  // namespace
}  // namespace lab::test
