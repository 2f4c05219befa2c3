#include "shared/sim/sim_runtime.h"
#include "shared/runtime/await.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>
#include <string>

#include "shared/base/json.h"
#include "shared/base/json_reader.h"
#include "shared/runtime/wakeup.h"
#include "tests/support/world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

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
  EXPECT_EQ(result.error().to_string(),
            "seed 7, virtual time 0s, 0 events, 0 connections, 1 listeners pending, 127.0.0.1:80 "
            "waits to "
            "accept: deadlock: nothing left to happen, and the task is not done");
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
  EXPECT_EQ(network.arrival(TimePoint(9s), rng), TimePoint(9s + 1ms));
  EXPECT_EQ(network.arrival(TimePoint(12s), rng), TimePoint(20s));
  EXPECT_EQ(network.arrival(TimePoint(20s), rng), TimePoint(20s + 1ms));
}

// A reader that no writer ever serves, with its connection.
asio::awaitable<void> wait_for_bytes(Runtime& runtime) {
  ConnectedPair pair = co_await connect_pair(runtime);
  char byte{};
  co_await pair.client->async_read_some(asio::buffer(&byte, 1), kAwait);
}

TEST(SimRuntime, ADeadlockNamesWhoWaitsForWhom) {
  SimRuntime runtime;
  const auto result = runtime.run_until_complete(wait_for_bytes(runtime));
  ASSERT_TRUE(result.has_error());
  EXPECT_NE(result.error().to_string().find("127.0.0.1:32768 waits to read from 127.0.0.1:"),
            std::string::npos)
      << result.error().to_string();
}

TEST(SimRuntime, EventsAreBounded) {
  SimRuntime runtime({.events_max = 100});
  const auto result = runtime.run_until_complete(ticks(runtime));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().what, "too many events");
  EXPECT_EQ(runtime.events_run(), 100u);
}

TEST(SimRuntime, ASleepBeyondTheEndOfTimeIsNotOneIntoThePast) {
  SimRuntime runtime({.time_max = 10h});
  std::string log;
  asio::co_spawn(runtime.executor(), note_after(runtime, 1s, "moved", log), asio::detached);
  runtime.run();
  asio::co_spawn(runtime.executor(), note_after(runtime, Duration::max(), "late", log),
                 asio::detached);
  EXPECT_EQ(runtime.run(), SimRuntime::End::time_limit);
  EXPECT_EQ(runtime.now(), kNoDeadline);
}

// Sends `bytes` and says when they had all arrived.
asio::awaitable<void> send(Runtime& runtime, std::string bytes, TimePoint& arrived) {
  ConnectedPair pair = co_await connect_pair(runtime);
  constexpr std::size_t kPiece = 100;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const asio::const_buffer piece(bytes.data() + at, std::min(kPiece, bytes.size() - at));
    co_await pair.client->async_write_some(piece, kAwait);
  }
  std::size_t left = bytes.size();
  std::string room(4096, '\0');
  while (left > 0) {
    const auto [ec, n] = co_await pair.server->async_read_some(asio::buffer(room), kAwait);
    if (ec) co_return;
    left -= n;
  }
  arrived = runtime.now();
}

TEST(SimRuntime, BandwidthIsSharedByWhatFollowsOneAnother) {
  NetworkModel network;
  network.latency = Distribution(Distribution::Constant{0.1});
  network.bandwidth_bytes_per_second = 1000;
  SimRuntime runtime({.network = network});
  TimePoint arrived{};
  ASSERT_TRUE(runtime.run_until_complete(send(runtime, std::string(5000, 'x'), arrived)));
  // A round trip to connect, five seconds on the wire, the way.
  EXPECT_EQ(arrived, TimePoint(5s + 300ms));
}

// What either end is told when the network resets their connection at the first bytes.
asio::awaitable<void> be_reset(Runtime& runtime, ErrorCode& writer, ErrorCode& reader) {
  ConnectedPair pair = co_await connect_pair(runtime);
  co_await pair.client->async_write_some(asio::buffer("hello", 5), kAwait);
  pair.client->expires_at(runtime.now() + 1min);
  char byte{};
  writer = std::get<0>(co_await pair.client->async_read_some(asio::buffer(&byte, 1), kAwait));
  reader = std::get<0>(co_await pair.server->async_read_some(asio::buffer(&byte, 1), kAwait));
}

TEST(SimRuntime, AResetOfTheNetworkReachesBothEnds) {
  NetworkModel network;
  network.reset_probability = 1;
  SimRuntime runtime({.network = network});
  ErrorCode writer;
  ErrorCode reader;
  ASSERT_TRUE(runtime.run_until_complete(be_reset(runtime, writer, reader)));
  EXPECT_EQ(writer, asio::error::connection_reset);
  EXPECT_EQ(reader, asio::error::connection_reset);
}

std::uint64_t hash_of_sending(std::string bytes) {
  SimRuntime runtime;
  TimePoint arrived{};
  EXPECT_TRUE(runtime.run_until_complete(send(runtime, std::move(bytes), arrived)));
  return runtime.event_hash();
}

TEST(SimRuntime, TheHashIsOfWhatWasSentToo) {
  EXPECT_EQ(hash_of_sending("one two"), hash_of_sending("one two"));
  EXPECT_NE(hash_of_sending("one two"), hash_of_sending("one twe"));
  EXPECT_NE(hash_of_sending("one two three"), hash_of_sending("ono two three"));
}

// Connects at each of `times`; how long each connecting took.
asio::awaitable<void> connect_at(Runtime& runtime, std::vector<Duration> times,
                                 std::vector<Duration>& took) {
  // Named: gcc 12 destroys a braced argument of an awaited call twice.
  const Endpoint endpoint{"127.0.0.1", 80};
  auto listener = runtime.listen(endpoint).value();
  for (const Duration time : times) {
    co_await runtime.sleep_until(TimePoint(time));
    const auto stream = co_await runtime.connect(endpoint, kNoDeadline);
    took.push_back(runtime.now() - TimePoint(time));
  }
}

TEST(SimRuntime, OneConnectionMoreChangesNoOther) {
  NetworkModel network;
  network.latency = Distribution(Distribution::Exponential{0.01});
  std::vector<Duration> without;
  std::vector<Duration> with;
  SimRuntime one({.network = network});
  ASSERT_TRUE(one.run_until_complete(connect_at(one, {1s, 3s}, without)));
  SimRuntime other({.network = network});
  ASSERT_TRUE(other.run_until_complete(connect_at(other, {1s, 2s, 3s}, with)));
  EXPECT_EQ(without, (std::vector<Duration>{with.at(0), with.at(2)}));
}

NetworkModel read_network(const char* text) {
  JsonProblems problems("network.json");
  const Json json = parse_json(text, "network.json").value();
  NetworkModel model = read_network_model(JsonValue(json, "", problems));
  EXPECT_TRUE(problems.empty()) << problems.to_string();
  return model;
}

TEST(NetworkModel, PartitionsMayStandInAnyOrderAndOverlap) {
  const NetworkModel network = read_network(
      R"({"$schema": "x", "latency": 0, "partitions": [{"from": "30s", "for": "10s"},
          {"from": "10s", "for": "5s"}, {"from": "12s", "for": "8s"}, {"from": "20s", "for": "1s"}]})");
  Rng rng(1);
  EXPECT_EQ(network.arrival(TimePoint(11s), rng), TimePoint(21s));
  EXPECT_EQ(network.arrival(TimePoint(25s), rng), TimePoint(25s));
  EXPECT_EQ(network.arrival(TimePoint(31s), rng), TimePoint(40s));
}

TEST(NetworkModel, WhatTakesForEverNeverArrives) {
  const NetworkModel slow = read_network(R"({"bandwidth_bytes_per_second": 1e-300})");
  EXPECT_EQ(slow.transmission(1), Duration::max());
  const NetworkModel heavy =
      read_network(R"({"latency": {"pareto": {"min": "1s", "alpha": 0.01}}})");
  Rng rng(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(heavy.arrival(TimePoint(5s), rng), TimePoint(6s));
  }
  const NetworkModel cut =
      read_network(R"({"partitions": [{"from": "800000h", "for": "800000h"}]})");
  EXPECT_EQ(cut.arrival(TimePoint(std::chrono::hours(900'000)), rng),
            TimePoint(std::chrono::hours(1'600'000)));
}

TEST(SimRuntime, WallTimeStartsAtTheEpoch) {
  SimRuntime runtime;
  EXPECT_EQ(format_rfc3339(runtime.wall_now()), "2026-01-01T00:00:00Z");
}

asio::awaitable<void> wait_for_news(Wakeup& news, Runtime& runtime, std::string& log) {
  try {
    co_await news.wait_until(TimePoint(1h));
    co_await news.wait_until(TimePoint(1h));
  } catch (const boost::system::system_error& cancelled) {
    log += "cancelled@" + format_duration(runtime.now().time_since_epoch());
  }
}

asio::awaitable<void> emit_after(Runtime& runtime, Duration d, asio::cancellation_signal& signal) {
  co_await runtime.sleep_for(d);
  signal.emit(asio::cancellation_type::terminal);
}

TEST(Wakeup, WhoeverIsCancelledWaitsNoLonger) {
  SimRuntime runtime;
  Wakeup news(runtime);
  asio::cancellation_signal signal;
  std::string log;
  asio::co_spawn(runtime.executor(), wait_for_news(news, runtime, log),
                 asio::bind_cancellation_slot(signal.slot(), asio::detached));
  asio::co_spawn(runtime.executor(), emit_after(runtime, 2s, signal), asio::detached);
  EXPECT_EQ(runtime.run(), SimRuntime::End::quiescent);
  EXPECT_EQ(log, "cancelled@2s");
}

}  // namespace
}  // namespace lab::test
