#include "mockgw/breaker/circuit_breaker.h"

#include <gtest/gtest.h>

#include "mockgw/breaker/circuit_breaker_group.h"
#include "tests/support/time_point.h"
#include "tests/unit/mockgw/breaker/call_outcomes.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using State = CircuitState;
using Kind = CallOutcome::Kind;

using lab::test::at;

// Opens at the first failure, for ten seconds.
CircuitBreakerConfig touchy() {
  CircuitBreakerConfig config{.enabled = true};
  config.trip.mode = TripConfig::Mode::consecutive;
  config.trip.minimum_requests = 0;
  config.trip.failure_count = 1;
  config.failure.statuses = {{500, 599}};
  config.open.duration = 10s;
  config.half_open.success_threshold = 1;
  return config;
}

CircuitBreaker breaker_of(const CircuitBreakerConfig& config) { return {config, lab::Rng(1), 0s}; }

void call(CircuitBreaker& breaker, const CallOutcome& outcome, lab::Duration now) {
  const CircuitPermit permit = breaker.try_acquire(at(now));
  ASSERT_TRUE(permit.is_granted);
  breaker.on_result(permit, outcome, at(now));
}

TEST(CircuitBreaker, AFailedAttemptCountsAndKeepsThePermit) {
  CircuitBreakerConfig config = touchy();
  config.trip.failure_count = 2;
  CircuitBreaker breaker = breaker_of(config);
  // The first request's attempts fail twice; the rest of it is of a time before the opening.
  const CircuitPermit permit = breaker.try_acquire(at(0s));
  breaker.on_attempt(permit, kError, at(1s));
  EXPECT_EQ(breaker.state(at(1s)), State::closed);
  breaker.on_attempt(permit, kError, at(1s));
  EXPECT_EQ(breaker.state(at(1s)), State::open);
  breaker.on_result(permit, kOk, at(1s));
  EXPECT_EQ(breaker.state(at(1s)), State::open);
}

TEST(CircuitBreaker, AProbeThatIsRetriedKeepsItsPlace) {
  CircuitBreakerConfig config = touchy();
  config.half_open.max_concurrent_calls = 1;
  config.half_open.failure_threshold = 2;
  CircuitBreaker breaker = breaker_of(config);
  call(breaker, kError, 0s);
  const CircuitPermit probe = breaker.try_acquire(at(10s));
  ASSERT_TRUE(probe.is_probe);
  breaker.on_attempt(probe, kError, at(11s));
  EXPECT_FALSE(breaker.try_acquire(at(11s)).is_granted);
  breaker.on_result(probe, kOk, at(12s));
  EXPECT_EQ(breaker.state(at(12s)), State::closed);
}

TEST(CircuitBreakerJudge, ClassifiesEveryOutcome) {
  FailureConfig failure;
  failure.statuses = {{500, 599}, {429, 429}};
  failure.ignored = {{400, 499}};
  struct Row {
    CallOutcome outcome;
    CallVerdict expected;
  };
  const Row rows[] = {
      {{Kind::response, 200, {}}, CallVerdict::success},
      {{Kind::response, 301, {}}, CallVerdict::success},
      {{Kind::response, 404, {}}, CallVerdict::ignored},
      {{Kind::response, 429, {}}, CallVerdict::failure},
      {{Kind::response, 503, {}}, CallVerdict::failure},
      {{Kind::timeout, 0, {}}, CallVerdict::failure},
      {{Kind::connect, 0, {}}, CallVerdict::failure},
      {{Kind::rejected, 0, {}}, CallVerdict::ignored},
      {{Kind::broken, 200, {}}, CallVerdict::failure},
      {{Kind::cancelled, 0, {}}, CallVerdict::ignored},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(judge(failure, row.outcome), row.expected) << row.outcome.status;
  }
  failure.timeouts = false;
  failure.connect = false;
  failure.rejected = true;
  EXPECT_EQ(judge(failure, {Kind::timeout, 0, {}}), CallVerdict::ignored);
  EXPECT_EQ(judge(failure, {Kind::connect, 0, {}}), CallVerdict::ignored);
  EXPECT_EQ(judge(failure, {Kind::rejected, 0, {}}), CallVerdict::failure);
}

TEST(CircuitBreakerTrips, CombinesItsConditions) {
  TripConfig trip;
  trip.minimum_requests = 10;
  trip.failure_count = 5;
  trip.failure_rate_percent = 50;
  struct Row {
    CallTotals totals;
    bool any;
    bool all;
  };
  const Row rows[] = {
      {{9, 9, 0}, false, false},
      {{10, 4, 0}, false, false},
      {{20, 5, 0}, true, false},
      {{10, 5, 0}, true, true},
  };
  for (const Row& row : rows) {
    trip.combine = TripConfig::Combine::any;
    EXPECT_EQ(trips(trip, row.totals), row.any) << row.totals.calls;
    trip.combine = TripConfig::Combine::all;
    EXPECT_EQ(trips(trip, row.totals), row.all) << row.totals.calls;
  }
  // Without conditions nothing trips.
  trip.failure_count.reset();
  trip.failure_rate_percent.reset();
  EXPECT_FALSE(trips(trip, {100, 100, 100}));
}

TEST(CircuitBreakerTrips, AWindowSmallerThanTheMinimumOfRequestsIsEnoughWhenFull) {
  TripConfig trip;
  trip.mode = TripConfig::Mode::count_window;
  trip.window_size = 10;
  trip.minimum_requests = 100;
  trip.failure_rate_percent = 50;
  EXPECT_FALSE(trips(trip, {9, 9, 0}));
  EXPECT_TRUE(trips(trip, {10, 5, 0}));
  trip.mode = TripConfig::Mode::cumulative;
  EXPECT_FALSE(trips(trip, {10, 10, 0}));
}

TEST(CircuitBreaker, OpensLongerEachTimeInARow) {
  CircuitBreakerConfig config = touchy();
  config.open.multiplier = 2;
  config.open.max = 35s;
  CircuitBreaker breaker = breaker_of(config);
  call(breaker, kError, 0s);
  EXPECT_EQ(breaker.try_acquire(at(0s)).retry_in, 10s);
  call(breaker, kError, 10s);
  EXPECT_EQ(breaker.try_acquire(at(10s)).retry_in, 20s);
  call(breaker, kError, 30s);
  EXPECT_EQ(breaker.try_acquire(at(30s)).retry_in, 35s);
  // A proven close starts afresh.
  call(breaker, kOk, 65s);
  call(breaker, kError, 66s);
  EXPECT_EQ(breaker.try_acquire(at(66s)).retry_in, 10s);
}

TEST(CircuitBreaker, JitterIsSeededAndBounded) {
  CircuitBreakerConfig config = touchy();
  config.open.jitter = 0.2;
  const auto first_open = [&](std::uint64_t seed) {
    CircuitBreaker breaker(config, lab::Rng(seed), 0s);
    call(breaker, kError, 0s);
    return breaker.try_acquire(at(0s)).retry_in.value();
  };
  EXPECT_EQ(first_open(1), first_open(1));
  EXPECT_NE(first_open(1), first_open(2));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_GE(first_open(seed), 8s);
    EXPECT_LE(first_open(seed), 12s);
  }
}

TEST(CircuitBreaker, HalfOpensByItselfWhenAsked) {
  CircuitBreakerConfig config = touchy();
  config.half_open.auto_transition = true;
  CircuitBreaker breaker = breaker_of(config);
  call(breaker, kError, 0s);
  EXPECT_EQ(breaker.state(at(9s)), State::open);
  EXPECT_EQ(breaker.snapshot(at(15s)).state, State::half_open);
  EXPECT_EQ(breaker.snapshot(at(15s)).since, at(10s));
}

TEST(CircuitBreaker, ToleratesAsManyFailedProbesAsAsked) {
  CircuitBreakerConfig config = touchy();
  config.half_open.failure_threshold = 2;
  config.half_open.success_threshold = 2;
  CircuitBreaker breaker = breaker_of(config);
  call(breaker, kError, 0s);
  call(breaker, kError, 10s);
  call(breaker, kOk, 10s);
  EXPECT_EQ(breaker.state(at(10s)), State::half_open);
  call(breaker, kOk, 10s);
  EXPECT_EQ(breaker.state(at(10s)), State::closed);
}

TEST(CircuitBreaker, ResultsOfEarlierStretchesDoNotCount) {
  CircuitBreaker breaker = breaker_of(touchy());
  const CircuitPermit slow = breaker.try_acquire(at(0s));
  call(breaker, kError, 1s);
  // The slow call began while closed; its end while open or half-open says nothing.
  const CircuitPermit probe = breaker.try_acquire(at(11s));
  breaker.on_result(slow, kError, at(12s));
  EXPECT_EQ(breaker.state(at(12s)), State::half_open);
  breaker.on_result(probe, kOk, at(12s));
  EXPECT_EQ(breaker.state(at(12s)), State::closed);
}

TEST(CircuitBreaker, ForcedStatesStay) {
  CircuitBreaker breaker = breaker_of(touchy());
  breaker.force(State::open, at(0s));
  EXPECT_FALSE(breaker.try_acquire(at(24h)).is_granted);
  EXPECT_EQ(breaker.try_acquire(at(24h)).retry_in, std::nullopt);
  EXPECT_TRUE(breaker.snapshot(at(24h)).is_forced);
  breaker.force(State::closed, at(24h));
  call(breaker, kError, 25h);
  EXPECT_EQ(breaker.state(at(25h)), State::closed);
  breaker.force(std::nullopt, at(26h));
  EXPECT_FALSE(breaker.snapshot(at(26h)).is_forced);
  call(breaker, kError, 26h);
  EXPECT_EQ(breaker.state(at(26h)), State::open);
  breaker.force(State::half_open, at(26h));
  EXPECT_TRUE(breaker.try_acquire(at(26h)).is_probe);
}

TEST(CircuitBreaker, CanBeForcedByItsConfig) {
  CircuitBreakerConfig config = touchy();
  config.forced = State::open;
  EXPECT_FALSE(breaker_of(config).try_acquire(at(1h)).is_granted);
}

TEST(CircuitBreaker, CountsWhatHappened) {
  CircuitBreaker breaker = breaker_of(touchy());
  call(breaker, kOk, 0s);
  call(breaker, kError, 0s);
  EXPECT_FALSE(breaker.try_acquire(at(1s)).is_granted);
  EXPECT_FALSE(breaker.try_acquire(at(2s)).is_granted);
  const CircuitSnapshot open = breaker.snapshot(at(3s));
  EXPECT_EQ(open.state, State::open);
  EXPECT_EQ(open.retry_in, 7s);
  EXPECT_EQ(open.refused_total, 2);
  EXPECT_EQ(open.totals.calls, 2);
  call(breaker, kOk, 10s);
  const CircuitSnapshot closed = breaker.snapshot(at(10s));
  EXPECT_EQ(closed.opened_total, 1);
  EXPECT_EQ(closed.half_opened_total, 1);
  EXPECT_EQ(closed.closed_total, 1);
}

TEST(CircuitBreaker, ALongQuietTimeIsCaughtUpWithInBoundedWork) {
  CircuitBreakerConfig config = touchy();
  config.trip.mode = TripConfig::Mode::time_window;
  config.trip.evaluate_every = 1ms;
  CircuitBreaker breaker = breaker_of(config);
  call(breaker, kError, 0s);
  EXPECT_EQ(breaker.state(at(24h * 10'000)), State::open);
}

TEST(CircuitBreakerGroup, KeepsItsMembersApart) {
  CircuitBreakerGroup group(touchy(), {"openai", "anthropic"}, lab::Rng(1), 0s);
  group.on_result(group.try_acquire("openai", at(0s)), kError, at(0s));
  EXPECT_FALSE(group.try_acquire("openai", at(0s)).permit.is_granted);
  EXPECT_TRUE(group.try_acquire("anthropic", at(0s)).permit.is_granted);
  const auto snapshots = group.snapshots(at(0s));
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_EQ(snapshots.front().first, "openai");
  EXPECT_EQ(snapshots.front().second.state, State::open);
  EXPECT_TRUE(group.is_degraded(at(0s)));
  EXPECT_TRUE(group.force("openai", std::nullopt, at(1s)));
  EXPECT_FALSE(group.is_degraded(at(1s)));
  EXPECT_FALSE(group.force("nobody", std::nullopt, at(1s)));
}

TEST(CircuitBreakerGroup, GrantsEverythingWhenItIsOff) {
  CircuitBreakerConfig config = touchy();
  config.enabled = false;
  CircuitBreakerGroup group(config, {"openai"}, lab::Rng(1), 0s);
  for (int i = 0; i < 10; ++i) {
    group.on_result(group.try_acquire("openai", at(0s)), kError, at(0s));
  }
  EXPECT_TRUE(group.try_acquire("openai", at(0s)).permit.is_granted);
  EXPECT_FALSE(group.is_degraded(at(0s)));
}

TEST(CircuitBreakerGroup, UnknownNamesShareTheLastMember) {
  CircuitBreakerGroup group(touchy(), {}, lab::Rng(1), 0s);
  group.on_result(group.try_acquire("x", at(0s)), kError, at(0s));
  EXPECT_FALSE(group.try_acquire("y", at(0s)).permit.is_granted);
}

}  // namespace
}  // namespace mockgw
