// Each known breaker trips, opens, half-opens and closes at its documented counts and times.
#include <gtest/gtest.h>

#include "mockgw/breaker/circuit_breaker.h"
#include "mockgw/breaker/circuit_breaker_group.h"
#include "tests/support/time_point.h"
#include "tests/unit/mockgw/breaker/call_outcomes.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using State = CircuitState;
using Kind = CallOutcome::Kind;

constexpr CallOutcome kTimeout{.kind = Kind::timeout, .status = 0, .duration = {}};

CallOutcome status(unsigned code) { return {Kind::response, code, {}}; }
using lab::test::at;

CircuitBreaker preset(std::string_view name) {
  CircuitBreakerConfig config = circuit_breaker_preset(name).value();
  config.enabled = true;
  return {config, lab::Rng(1), 0s};
}

// `count` calls, each granted, with the same outcome.
void calls(CircuitBreaker& breaker, int count, const CallOutcome& outcome, lab::Duration now) {
  for (int i = 0; i < count; ++i) {
    const CircuitPermit permit = breaker.try_acquire(at(now));
    ASSERT_TRUE(permit.is_granted) << "call " << i;
    breaker.on_result(permit, outcome, at(now));
  }
}

TEST(RefgwBreaker, OpensAtTheFifthFailureOnceTenRequestsWereMade) {
  CircuitBreaker breaker = preset("refgw");
  // Five failures among the first nine requests are not enough requests.
  calls(breaker, 5, kError, 0s);
  calls(breaker, 5, kOk, 1s);
  // The tenth was a success, and only failures open.
  EXPECT_EQ(breaker.state(at(1s)), State::closed);
  calls(breaker, 1, status(404), 2s);
  EXPECT_EQ(breaker.state(at(2s)), State::open);
}

TEST(RefgwBreaker, CountsSinceTheLastCloseHoweverLongAgo) {
  CircuitBreaker breaker = preset("refgw");
  // 0.5 % errors over a day still open it, at the fifth failure.
  for (int hour = 0; hour < 4; ++hour) {
    calls(breaker, 199, kOk, std::chrono::hours(hour));
    calls(breaker, 1, kError, std::chrono::hours(hour));
  }
  EXPECT_EQ(breaker.state(at(4h)), State::closed);
  calls(breaker, 1, kError, 24h);
  EXPECT_EQ(breaker.state(at(24h)), State::open);
}

TEST(RefgwBreaker, HalfOpensWithTheFirstCallAfterThirtySecondsAndClosesAtTwoSuccesses) {
  CircuitBreaker breaker = preset("refgw");
  calls(breaker, 10, kError, 0s);
  EXPECT_EQ(breaker.try_acquire(at(29999ms)).retry_in, 1ms);
  // Lazily: time alone changes nothing.
  EXPECT_EQ(breaker.state(at(40s)), State::open);
  // Any number of probes at once.
  const CircuitPermit first = breaker.try_acquire(at(40s));
  const CircuitPermit second = breaker.try_acquire(at(40s));
  const CircuitPermit third = breaker.try_acquire(at(40s));
  EXPECT_EQ(breaker.state(at(40s)), State::half_open);
  EXPECT_TRUE(first.is_probe && second.is_probe && third.is_probe);
  breaker.on_result(first, kOk, at(41s));
  EXPECT_EQ(breaker.state(at(41s)), State::half_open);
  breaker.on_result(second, kOk, at(41s));
  EXPECT_EQ(breaker.state(at(41s)), State::closed);
  // The third probe belongs to a stretch that is over.
  breaker.on_result(third, kError, at(42s));
  EXPECT_EQ(breaker.snapshot(at(42s)).totals.calls, 0);
}

TEST(RefgwBreaker, OneFailureOfAProbeOpensForAnotherThirtySeconds) {
  CircuitBreaker breaker = preset("refgw");
  calls(breaker, 10, kError, 0s);
  const CircuitPermit probe = breaker.try_acquire(at(30s));
  breaker.on_result(probe, kTimeout, at(35s));
  EXPECT_EQ(breaker.try_acquire(at(35s)).retry_in, 30s);
  EXPECT_TRUE(breaker.try_acquire(at(65s)).is_granted);
}

TEST(RefgwBreaker, StreamsAreSuccessesOnceTheirHeadersAreSent) {
  const FailureConfig refgw = circuit_breaker_preset("refgw")->failure;
  EXPECT_EQ(judge(refgw, {Kind::broken, 200, {}}), CallVerdict::success);
  const FailureConfig hystrix = circuit_breaker_preset("hystrix")->failure;
  EXPECT_EQ(judge(hystrix, {Kind::broken, 200, {}}), CallVerdict::failure);
}

TEST(RefgwDocumentedBreaker, OpensAtFiveFailuresAndClosesAtThreeSuccesses) {
  CircuitBreaker breaker = preset("refgw-documented");
  calls(breaker, 4, kError, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::closed);
  calls(breaker, 1, kError, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::open);
  calls(breaker, 2, kOk, 30s);
  EXPECT_EQ(breaker.state(at(30s)), State::half_open);
  calls(breaker, 1, kOk, 30s);
  EXPECT_EQ(breaker.state(at(30s)), State::closed);
}

TEST(HystrixBreaker, OpensAtHalfFailuresAmongTwentyInTenSeconds) {
  CircuitBreaker breaker = preset("hystrix");
  // 19 failures are below the volume threshold.
  calls(breaker, 19, kError, 500ms);
  EXPECT_EQ(breaker.state(at(500ms)), State::closed);
  // They have left the window when the twentieth call comes.
  calls(breaker, 1, kError, 10s);
  EXPECT_EQ(breaker.state(at(10s)), State::closed);
  // 9 of 20 are below 50 %, 10 of 21 too, 11 of 22 are not.
  calls(breaker, 8, kError, 11s);
  calls(breaker, 11, kOk, 11s);
  EXPECT_EQ(breaker.state(at(11s)), State::closed);
  calls(breaker, 1, kTimeout, 11s);
  EXPECT_EQ(breaker.state(at(11s)), State::closed);
  calls(breaker, 1, {Kind::rejected, 0, {}}, 11s);
  EXPECT_EQ(breaker.state(at(11s)), State::open);
}

TEST(HystrixBreaker, BadRequestsCountForNothing) {
  CircuitBreaker breaker = preset("hystrix");
  calls(breaker, 30, status(400), 0s);
  EXPECT_EQ(breaker.snapshot(at(0s)).totals.calls, 0);
}

TEST(HystrixBreaker, LetsExactlyOneProbeThroughAfterFiveSeconds) {
  CircuitBreaker breaker = preset("hystrix");
  calls(breaker, 20, kError, 1s);
  EXPECT_FALSE(breaker.try_acquire(at(5999ms)).is_granted);
  const CircuitPermit probe = breaker.try_acquire(at(6s));
  EXPECT_TRUE(probe.is_probe);
  EXPECT_FALSE(breaker.try_acquire(at(6s)).is_granted);
  // A failure opens for five seconds more.
  breaker.on_result(probe, kError, at(7s));
  EXPECT_FALSE(breaker.try_acquire(at(11999ms)).is_granted);
  // A success closes and resets.
  const CircuitPermit second = breaker.try_acquire(at(12s));
  breaker.on_result(second, kOk, at(12s));
  EXPECT_EQ(breaker.state(at(12s)), State::closed);
  EXPECT_EQ(breaker.snapshot(at(12s)).totals.calls, 0);
}

TEST(HystrixBreaker, AProbeWhoseClientLeftMakesRoomForAnother) {
  CircuitBreaker breaker = preset("hystrix");
  calls(breaker, 20, kError, 0s);
  const CircuitPermit probe = breaker.try_acquire(at(5s));
  breaker.on_result(probe, {Kind::cancelled, 0, {}}, at(6s));
  EXPECT_TRUE(breaker.try_acquire(at(6s)).is_granted);
}

TEST(Resilience4jBreaker, OpensAtHalfFailuresOfAHundredCalls) {
  CircuitBreaker breaker = preset("resilience4j");
  calls(breaker, 50, kError, 0s);
  calls(breaker, 49, kOk, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::closed);
  // The hundredth completes the minimum, although it is a success.
  calls(breaker, 1, kOk, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::open);
}

TEST(Resilience4jBreaker, ForgetsTheOldestCall) {
  CircuitBreaker breaker = preset("resilience4j");
  calls(breaker, 1, kError, 0s);
  calls(breaker, 50, kOk, 0s);
  calls(breaker, 49, kError, 0s);
  // 50 of 100 would open; the next failure pushes the first one out, and so on.
  EXPECT_EQ(breaker.state(at(0s)), State::open);
  CircuitBreaker second = preset("resilience4j");
  calls(second, 51, kOk, 0s);
  calls(second, 49, kError, 0s);
  EXPECT_EQ(second.state(at(0s)), State::closed);
  calls(second, 1, kError, 0s);
  EXPECT_EQ(second.state(at(0s)), State::open);
}

TEST(Resilience4jBreaker, OpensWhenEveryCallIsSlow) {
  CircuitBreaker breaker = preset("resilience4j");
  const CallOutcome at_limit{Kind::response, 200, 60s};
  const CallOutcome slow{Kind::response, 200, 60s + 1ns};
  calls(breaker, 1, at_limit, 0s);
  calls(breaker, 99, slow, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::closed);
  calls(breaker, 1, slow, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::open);
}

TEST(Resilience4jBreaker, TenProbesDecideAfterAMinute) {
  CircuitBreaker breaker = preset("resilience4j");
  calls(breaker, 100, kError, 0s);
  EXPECT_FALSE(breaker.try_acquire(at(59999ms)).is_granted);
  std::vector<CircuitPermit> probes;
  for (int i = 0; i < 10; ++i) probes.push_back(breaker.try_acquire(at(60s)));
  EXPECT_TRUE(probes.back().is_granted);
  // The eleventh is refused, also when some have answered.
  EXPECT_FALSE(breaker.try_acquire(at(60s)).is_granted);
  for (int i = 0; i < 4; ++i)
    breaker.on_result(probes[static_cast<std::size_t>(i)], kError, at(61s));
  EXPECT_FALSE(breaker.try_acquire(at(61s)).is_granted);
  for (int i = 4; i < 9; ++i) breaker.on_result(probes[static_cast<std::size_t>(i)], kOk, at(62s));
  EXPECT_EQ(breaker.state(at(62s)), State::half_open);
  // 4 of 10 failed: below 50 %.
  breaker.on_result(probes.back(), kOk, at(63s));
  EXPECT_EQ(breaker.state(at(63s)), State::closed);
}

TEST(Resilience4jBreaker, FiveFailedProbesOfTenOpenAgain) {
  CircuitBreaker breaker = preset("resilience4j");
  calls(breaker, 100, kError, 0s);
  calls(breaker, 5, kOk, 60s);
  calls(breaker, 5, kError, 60s);
  EXPECT_EQ(breaker.state(at(60s)), State::open);
  EXPECT_EQ(breaker.try_acquire(at(60s)).retry_in, 60s);
}

TEST(EnvoyOutlier, EjectsAtFiveConsecutiveFailuresForThirtySecondsTimesTheirNumber) {
  CircuitBreaker breaker = preset("envoy");
  calls(breaker, 4, kError, 0s);
  calls(breaker, 1, kOk, 0s);
  calls(breaker, 4, kTimeout, 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::closed);
  calls(breaker, 1, {Kind::connect, 0, {}}, 0s);
  EXPECT_EQ(breaker.try_acquire(at(0s)).retry_in, 30s);
  // It just returns, without a half-open state.
  EXPECT_EQ(breaker.state(at(30s)), State::closed);
  calls(breaker, 5, kError, 31s);
  EXPECT_EQ(breaker.try_acquire(at(31s)).retry_in, 60s);
  calls(breaker, 5, kError, 91s);
  EXPECT_EQ(breaker.try_acquire(at(91s)).retry_in, 90s);
}

TEST(EnvoyOutlier, NeverEjectsForMoreThanFiveMinutesAndForgivesWithTime) {
  CircuitBreaker breaker = preset("envoy");
  lab::Duration now = 0s;
  for (int ejection = 1; ejection <= 12; ++ejection) {
    calls(breaker, 5, kError, now);
    now += breaker.try_acquire(at(now)).retry_in.value();
  }
  calls(breaker, 5, kError, now);
  EXPECT_EQ(breaker.try_acquire(at(now)).retry_in, 300s);
  // Each ten healthy seconds make the count one less.
  now += 300s + 12 * 10s;
  calls(breaker, 5, kError, now);
  EXPECT_EQ(breaker.try_acquire(at(now)).retry_in, 60s);
}

TEST(EnvoyOutlier, EjectsAtMostATenthOfTheHostsButAlwaysOne) {
  CircuitBreakerGroup group(circuit_breaker_preset("envoy").value(), {"a", "b", "c"}, lab::Rng(1),
                            0s);
  const auto fail = [&](std::string_view host, int count) {
    for (int i = 0; i < count; ++i)
      group.on_result(group.try_acquire(host, at(0s)), kError, at(0s));
  };
  fail("a", 5);
  fail("b", 50);
  EXPECT_FALSE(group.try_acquire("a", at(0s)).permit.is_granted);
  EXPECT_TRUE(group.try_acquire("b", at(0s)).permit.is_granted);
  EXPECT_TRUE(group.is_degraded(at(0s)));
  EXPECT_FALSE(group.is_degraded(at(30s)));
}

TEST(EnvoyOutlier, PanicRoutesToEjectedHosts) {
  CircuitBreakerConfig config = circuit_breaker_preset("envoy").value();
  config.ejection = {.max_percent = 100, .panic_threshold_percent = 50};
  CircuitBreakerGroup group(config, {"a", "b"}, lab::Rng(1), 0s);
  const auto fail = [&](std::string_view host) {
    for (int i = 0; i < 5; ++i) group.on_result(group.try_acquire(host, at(0s)), kError, at(0s));
  };
  fail("a");
  // One of two is healthy, not fewer than half.
  EXPECT_FALSE(group.try_acquire("a", at(0s)).permit.is_granted);
  fail("b");
  const auto permit = group.try_acquire("a", at(0s));
  EXPECT_TRUE(permit.permit.is_granted);
  EXPECT_TRUE(permit.is_bypass);
}

TEST(LiteLlmCooldown, OpensAtMoreThanHalfOfFiveInACalendarMinute) {
  CircuitBreaker breaker = preset("litellm");
  // The minute ends at 60 s, wherever the calls began.
  calls(breaker, 4, kError, 59s);
  calls(breaker, 3, kOk, 60s);
  calls(breaker, 3, status(408), 60s);
  // Exactly half is not more than half.
  EXPECT_EQ(breaker.state(at(60s)), State::closed);
  calls(breaker, 1, kError, 60s);
  EXPECT_EQ(breaker.try_acquire(at(61s)).retry_in, 4s);
  EXPECT_EQ(breaker.state(at(65s)), State::closed);
  // The minute goes on counting over the cooldown.
  calls(breaker, 1, kError, 65s);
  EXPECT_EQ(breaker.state(at(65s)), State::open);
}

TEST(LiteLlmCooldown, OneRateLimitOrRefusedKeyOpens) {
  for (const unsigned code : {429U, 401U, 404U}) {
    CircuitBreaker breaker = preset("litellm");
    calls(breaker, 1, status(code), 0s);
    EXPECT_EQ(breaker.state(at(0s)), State::open) << code;
  }
  CircuitBreaker breaker = preset("litellm");
  calls(breaker, 50, status(400), 0s);
  EXPECT_EQ(breaker.state(at(0s)), State::closed);
}

TEST(PortkeyBreaker, IsBypassedWhenEveryTargetIsOpen) {
  CircuitBreakerGroup group(circuit_breaker_preset("portkey").value(), {"a", "b"}, lab::Rng(1), 0s);
  const auto fail = [&](std::string_view target) {
    for (int i = 0; i < 10; ++i) {
      group.on_result(group.try_acquire(target, at(0s)), status(502), at(0s));
    }
  };
  fail("a");
  EXPECT_FALSE(group.try_acquire("a", at(0s)).permit.is_granted);
  fail("b");
  EXPECT_TRUE(group.try_acquire("a", at(0s)).is_bypass);
  // 500 itself is not a failure there.
  EXPECT_EQ(judge(group.config().failure, kError), CallVerdict::success);
}

TEST(HeliconeBreaker, LooksEveryFiveSecondsAndStaysOutUntilTheRatioHasFallen) {
  CircuitBreaker breaker = preset("helicone");
  calls(breaker, 17, kOk, 1s);
  calls(breaker, 3, kError, 7s);
  // Nobody has looked yet.
  EXPECT_EQ(breaker.state(at(9999ms)), State::closed);
  EXPECT_EQ(breaker.state(at(10s)), State::open);
  EXPECT_EQ(breaker.try_acquire(at(11s)).retry_in, std::nullopt);
  // The 17 good calls leave the window at 60 s, and three are too few to judge.
  EXPECT_EQ(breaker.state(at(59s)), State::open);
  EXPECT_EQ(breaker.state(at(60s)), State::closed);
}

TEST(HeliconeBreaker, ARateLimitTakesItOutForThirtySeconds) {
  CircuitBreaker breaker = preset("helicone");
  calls(breaker, 1, status(429), 1s);
  EXPECT_EQ(breaker.try_acquire(at(2s)).retry_in, 29s);
  EXPECT_EQ(breaker.state(at(31s)), State::closed);
}

TEST(KongPassive, ReturnsOnlyByTheAdminInterface) {
  EXPECT_FALSE(circuit_breaker_preset("kong")->enabled);
  CircuitBreaker breaker = preset("kong");
  calls(breaker, 4, kError, 0s);
  calls(breaker, 1, status(502), 0s);
  calls(breaker, 5, status(429), 0s);
  EXPECT_EQ(breaker.state(at(24h * 365)), State::open);
  EXPECT_EQ(breaker.try_acquire(at(24h * 365)).retry_in, std::nullopt);
  breaker.force(std::nullopt, at(24h * 365));
  EXPECT_TRUE(breaker.try_acquire(at(24h * 365)).is_granted);
}

}  // namespace
}  // namespace mockgw
