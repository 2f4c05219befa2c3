#include "mockgw/overload/batch_server.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/base/rng.h"
#include "tests/support/time_point.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using Event = BatchServer::Event;
using EventKind = Event::Kind;

using lab::test::at;

BatchServer server_of(std::int64_t slots, double token_rate, double max_rate) {
  return BatchServer({.slots = slots, .token_rate = token_rate, .max_rate_per_request = max_rate});
}

TEST(BatchServer, ARequestAloneRunsAtItsOwnMaximum) {
  BatchServer server = server_of(8, 1000, 50);
  server.arrive(1, 100, at(1s));
  EXPECT_EQ(server.next_event(), at(3s));
  EXPECT_EQ(server.advance(at(2s)), (std::vector<Event>{{EventKind::started, 1, at(1s)}}));
  EXPECT_DOUBLE_EQ(server.tokens_done(1, at(2s)).value(), 50);
  EXPECT_EQ(server.time_of_token(1, 75, at(2s)), at(2500ms));
  EXPECT_EQ(server.advance(at(10s)), (std::vector<Event>{{EventKind::finished, 1, at(3s)}}));
  EXPECT_EQ(server.next_event(), std::nullopt);
  EXPECT_EQ(server.tokens_done(1, at(10s)), std::nullopt);
}

TEST(BatchServer, OverlappingRequestsShareTheRate) {
  BatchServer server = server_of(8, 100, 100);
  server.arrive(1, 100, at(0s));
  server.arrive(2, 100, at(500ms));
  // 1 has 50 done when 2 arrives, and 50 more at half the rate; 2 then has 50 left for itself.
  const std::vector<Event> expected{{EventKind::started, 1, at(0s)},
                                    {EventKind::started, 2, at(500ms)},
                                    {EventKind::finished, 1, at(1500ms)},
                                    {EventKind::finished, 2, at(2s)}};
  EXPECT_EQ(server.advance(at(5s)), expected);
}

TEST(BatchServer, RequestsBeyondTheSlotsWaitInOrder) {
  BatchServer server = server_of(2, 200, 100);
  server.arrive(1, 100, at(0s));
  server.arrive(2, 200, at(0s));
  server.arrive(3, 100, at(0s));
  server.arrive(4, 100, at(0s));
  EXPECT_EQ(server.waiting(), 2U);
  EXPECT_EQ(server.tokens_done(3, at(500ms)), 0.0);
  EXPECT_EQ(server.time_of_token(3, 1, at(500ms)), std::nullopt);
  const std::vector<Event> expected{
      {EventKind::started, 1, at(0s)},  {EventKind::started, 2, at(0s)},
      {EventKind::finished, 1, at(1s)}, {EventKind::started, 3, at(1s)},
      {EventKind::finished, 2, at(2s)}, {EventKind::started, 4, at(2s)},
      {EventKind::finished, 3, at(2s)}, {EventKind::finished, 4, at(3s)}};
  EXPECT_EQ(server.advance(at(9s)), expected);
}

TEST(BatchServer, ADepartureSpeedsUpTheOthersAndFreesItsSlot) {
  BatchServer server = server_of(2, 100, 100);
  server.arrive(1, 100, at(0s));
  server.arrive(2, 100, at(0s));
  server.arrive(3, 50, at(0s));
  server.arrive(4, 50, at(0s));
  // One that waits leaves; nothing else changes.
  server.depart(3, at(500ms));
  // One that runs leaves: 4 takes its slot.
  server.depart(1, at(1s));
  server.depart(77, at(1s));
  // 2 has 50 left, 4 has 50; each at 50 a second.
  EXPECT_EQ(server.next_event(), at(2s));
  const std::vector<Event> expected{{EventKind::started, 1, at(0s)},
                                    {EventKind::started, 2, at(0s)},
                                    {EventKind::started, 4, at(1s)},
                                    {EventKind::finished, 2, at(2s)},
                                    {EventKind::finished, 4, at(2s)}};
  EXPECT_EQ(server.advance(at(9s)), expected);
}

TEST(BatchServer, AbsurdlySlowServersDoNotOverflow) {
  BatchServer server = server_of(1, 1e-3, 1e-3);
  server.arrive(1, 1e12, at(1s));
  EXPECT_EQ(server.next_event(), at(1s + 1'000'000'000s));
}

TEST(BatchServerKnee, IsWhereTheSharedRateIsUsedUpOrTheSlotsAre) {
  EXPECT_DOUBLE_EQ(knee({.slots = 64, .token_rate = 1000, .max_rate_per_request = 100}), 10);
  EXPECT_DOUBLE_EQ(knee({.slots = 4, .token_rate = 1000, .max_rate_per_request = 100}), 4);
}

// A closed loop: each request is followed at once by another. Answers the mean latency after the
// first rounds.
lab::Duration closed_loop_latency(const BatchServerConfig& config, int concurrency, double tokens) {
  BatchServer server(config);
  std::unordered_map<BatchServer::Id, lab::TimePoint> arrived;
  BatchServer::Id next_id = 1;
  const auto arrive = [&](lab::TimePoint now) {
    arrived.emplace(next_id, now);
    server.arrive(next_id++, tokens, now);
  };
  for (int i = 0; i < concurrency; ++i) arrive(at(0s));
  const int warm_up = 50 * concurrency;
  const int measured = 100 * concurrency;
  double sum = 0;
  for (int done = 0; done < warm_up + measured;) {
    const lab::TimePoint now = server.next_event().value();
    for (const Event& event : server.advance(now)) {
      if (event.kind != EventKind::finished) continue;
      ++done;
      if (done > warm_up) sum += lab::to_seconds(event.at - arrived.at(event.id));
      arrive(now);
    }
  }
  return lab::from_seconds(sum / measured);
}

TEST(BatchServerKnee, ClosedLoopsSettleAtTheClosedForm) {
  const BatchServerConfig config{.slots = 32, .token_rate = 1000, .max_rate_per_request = 100};
  struct Row {
    int concurrency;
    lab::Duration latency;
    double requests_per_second;
  };
  const Row rows[] = {
      {1, 1s, 1},       {5, 1s, 5},       {10, 1s, 10},      // Flat up to the knee,
      {11, 1100ms, 10}, {20, 2s, 10},     {32, 3200ms, 10},  // then in proportion,
      {48, 4800ms, 10}, {64, 6400ms, 10},                    // the waiting ones included.
  };
  for (const Row& row : rows) {
    const BatchServerSteadyState expected = steady_state(config, row.concurrency, 100);
    EXPECT_NEAR(lab::to_seconds(expected.latency), lab::to_seconds(row.latency), 1e-6);
    EXPECT_NEAR(expected.requests_per_second, row.requests_per_second, 1e-9);
    EXPECT_NEAR(lab::to_seconds(closed_loop_latency(config, row.concurrency, 100)),
                lab::to_seconds(row.latency), 0.02 * lab::to_seconds(row.latency))
        << row.concurrency;
  }
  EXPECT_EQ(steady_state(config, 0, 100).requests_per_second, 0);
}

TEST(BatchServer, OpenLoopsMatchTheProcessorSharingQueue) {
  // M/M/1-PS at half load: mean sojourn = 1 / (μ − λ) with μ = 10/s and λ = 5/s.
  BatchServer server = server_of(1'000'000, 100, 100);
  lab::Rng rng(11);
  const auto exponential = [&rng](double mean) { return -mean * std::log(1 - rng.uniform01()); };
  std::vector<lab::TimePoint> arrived(1);
  constexpr BatchServer::Id kRequests = 40'000;
  lab::TimePoint now = at(0s);
  for (BatchServer::Id id = 1; id <= kRequests; ++id) {
    now += lab::from_seconds(exponential(0.2));
    arrived.push_back(now);
    server.arrive(id, exponential(10), now);
  }
  double sum = 0;
  for (const Event& event : server.advance(now + 1h)) {
    if (event.kind == EventKind::finished) sum += lab::to_seconds(event.at - arrived[event.id]);
  }
  EXPECT_EQ(server.running(), 0U);
  EXPECT_NEAR(sum / static_cast<double>(kRequests), 0.2, 0.01);
}

}  // namespace
}  // namespace mockgw
