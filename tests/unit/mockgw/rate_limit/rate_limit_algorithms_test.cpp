#include "mockgw/rate_limit/rate_limit_algorithms.h"

#include <gtest/gtest.h>

#include <ostream>

#include "shared/base/rng.h"
#include "tests/support/time_point.h"

namespace mockgw {

bool operator==(const RateLimitAnswer& a, const RateLimitAnswer& b) {
  return a.admits == b.admits && a.remaining == b.remaining && a.reset_in == b.reset_in &&
         a.retry_in == b.retry_in;
}

std::ostream& operator<<(std::ostream& out, const RateLimitAnswer& answer) {
  return out << "admits " << answer.admits << ", remaining " << answer.remaining << ", reset in "
             << lab::format_duration(answer.reset_in) << ", retry in "
             << lab::format_duration(answer.retry_in);
}

namespace {

using namespace std::chrono_literals;
using Algorithm = RateLimitAlgorithm;
using Anchor = RateLimitRule::Anchor;

constexpr lab::Duration kNever = RateLimitAnswer::kNever;

using lab::test::at;

struct Step {
  enum class What { ask, charge, refund };
  What what;
  lab::Duration now;
  std::int64_t amount;
  RateLimitAnswer expected{};  // Of ask.
  lab::Duration charged_at{};  // Of refund.
};

Step ask(lab::Duration now, std::int64_t cost, RateLimitAnswer expected) {
  return {Step::What::ask, now, cost, expected, {}};
}
Step charge(lab::Duration now, std::int64_t cost) {
  return {Step::What::charge, now, cost, {}, {}};
}
Step refund(lab::Duration now, std::int64_t amount, lab::Duration charged_at) {
  return {Step::What::refund, now, amount, {}, charged_at};
}

void run(const RateLimitSpec& spec, const std::vector<Step>& steps) {
  RateLimitMeter meter = make_meter(spec);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    SCOPED_TRACE("step " + std::to_string(i) + " at " + lab::format_duration(step.now));
    std::visit(
        [&](auto& m) {
          switch (step.what) {
            case Step::What::ask:
              EXPECT_EQ(m.ask(step.amount, at(step.now)), step.expected);
              break;
            case Step::What::charge:
              m.charge(step.amount, at(step.now));
              break;
            case Step::What::refund:
              m.refund(step.amount, at(step.charged_at), at(step.now));
              break;
          }
        },
        meter);
  }
}

RateLimitSpec spec_of(Algorithm algorithm, std::int64_t limit, lab::Duration window) {
  return {.algorithm = algorithm, .limit = limit, .capacity = limit, .window = window};
}

class BucketAlgorithms : public testing::TestWithParam<Algorithm> {};

TEST_P(BucketAlgorithms, RefillContinuously) {
  run(spec_of(GetParam(), 60, 60s),
      {
          // Full at first.
          ask(0s, 1, {true, 60, 0s, 0s}),
          charge(0s, 60),
          ask(0s, 1, {false, 0, 60s, 1s}),
          // Half a token is none.
          ask(500ms, 1, {false, 0, 59500ms, 500ms}),
          ask(1s, 1, {true, 1, 59s, 0s}),
          ask(1s, 2, {false, 1, 59s, 1s}),
          // More than ever fits.
          ask(1s, 61, {false, 1, 59s, kNever}),
          // What is charged afterwards makes a debt, which is paid first.
          charge(1s, 10),
          ask(1s, 1, {false, -9, 69s, 10s}),
          ask(11s, 1, {true, 1, 59s, 0s}),
          // A refund never fills above the brim.
          refund(11s, 100, 1s),
          ask(11s, 60, {true, 60, 0s, 0s}),
      });
}

TEST_P(BucketAlgorithms, RoundUpToTheNanosecond) {
  run(spec_of(GetParam(), 7, 60s), {
                                       charge(0s, 7),
                                       // 60/7 s = 8.571428571…s
                                       ask(0s, 1, {false, 0, 60s, 8571428572ns}),
                                       ask(8571428571ns, 1, {false, 0, 51428571429ns, 1ns}),
                                       ask(8571428572ns, 1, {true, 1, 51428571428ns, 0s}),
                                   });
}

TEST_P(BucketAlgorithms, HoldMoreThanTheLimitWithABurst) {
  RateLimitSpec spec = spec_of(GetParam(), 10, 1s);
  spec.capacity = 12;
  run(spec, {
                ask(0s, 12, {true, 12, 0s, 0s}),
                charge(0s, 12),
                ask(0s, 12, {false, 0, 1200ms, 1200ms}),
            });
}

TEST_P(BucketAlgorithms, NameAtMostACenturyForAnAbsurdDebt) {
  constexpr lab::Duration kCentury = std::chrono::hours(24 * 365 * 100);
  run(spec_of(GetParam(), 1, std::chrono::hours(24 * 366)),
      {
          charge(0s, 1'000'001),
          ask(0s, 1, {false, -1'000'000, kCentury, kCentury}),
      });
}

INSTANTIATE_TEST_SUITE_P(All, BucketAlgorithms,
                         testing::Values(Algorithm::token_bucket, Algorithm::gcra));
TEST(Gcra, AnswersAsATokenBucketDoes) {
  const RateLimitSpec spec{.algorithm = Algorithm::gcra,
                           .limit = 13,
                           .capacity = 20,
                           .window = 17s,
                           .anchor = Anchor::calendar,
                           .unix_at_origin = {}};
  Gcra gcra(spec);
  TokenBucket bucket(spec);
  lab::Rng rng(7);
  lab::TimePoint now = at(1s);
  for (int i = 0; i < 2000; ++i) {
    now += lab::Duration(static_cast<std::int64_t>(rng.below(3'000'000'000)));
    const auto cost = static_cast<std::int64_t>(rng.below(25));
    const RateLimitAnswer expected = bucket.ask(cost, now);
    ASSERT_EQ(gcra.ask(cost, now), expected) << "draw " << i;
    if (!expected.admits) continue;
    bucket.charge(cost, now);
    gcra.charge(cost, now);
  }
}

TEST(FixedWindow, CalendarWindowsBeginAtMultiplesOfTheirLength) {
  RateLimitSpec spec = spec_of(Algorithm::fixed_window, 2, 60s);
  // The run begins 50 s after a full minute.
  spec.unix_at_origin = 1'700'000'030s;
  run(spec, {
                ask(0s, 1, {true, 2, 0s, 0s}),
                charge(0s, 1),
                ask(0s, 1, {true, 1, 10s, 0s}),
                charge(1s, 1),
                ask(1s, 1, {false, 0, 9s, 9s}),
                ask(1s, 3, {false, 0, 9s, kNever}),
                ask(10s, 1, {true, 2, 0s, 0s}),
                // An overrun is forgotten with its window.
                charge(11s, 5),
                ask(11s, 1, {false, -3, 59s, 59s}),
                ask(70s, 1, {true, 2, 0s, 0s}),
            });
}

TEST(FixedWindow, FirstRequestWindowsBeginWithARequest) {
  RateLimitSpec spec = spec_of(Algorithm::fixed_window, 2, 60s);
  spec.anchor = Anchor::first_request;
  run(spec, {
                charge(7s, 2),
                ask(8s, 1, {false, 0, 59s, 59s}),
                ask(67s - 1ns, 1, {false, 0, 1ns, 1ns}),
                ask(67s, 1, {true, 2, 0s, 0s}),
                charge(100s, 1),
                ask(100s, 1, {true, 1, 60s, 0s}),
            });
}

TEST(FixedWindow, RefundsOnlyWhatItsWindowHolds) {
  run(spec_of(Algorithm::fixed_window, 10, 60s), {
                                                     charge(50s, 8),
                                                     refund(55s, 3, 50s),
                                                     ask(55s, 0, {true, 5, 5s, 0s}),
                                                     charge(61s, 4),
                                                     refund(62s, 4, 50s),
                                                     ask(62s, 0, {true, 6, 58s, 0s}),
                                                 });
}

TEST(SlidingWindowLog, ForgetsEachChargeAfterOneWindow) {
  run(spec_of(Algorithm::sliding_window_log, 3, 10s), {
                                                          charge(0s, 1),
                                                          charge(4s, 2),
                                                          ask(5s, 1, {false, 0, 9s, 5s}),
                                                          ask(5s, 2, {false, 0, 9s, 9s}),
                                                          ask(5s, 4, {false, 0, 9s, kNever}),
                                                          ask(10s, 1, {true, 1, 4s, 0s}),
                                                          refund(11s, 1, 4s),
                                                          ask(11s, 2, {true, 2, 3s, 0s}),
                                                          // What is forgotten cannot be refunded.
                                                          refund(11s, 1, 0s),
                                                          ask(11s, 3, {false, 2, 3s, 3s}),
                                                          ask(14s, 3, {true, 3, 0s, 0s}),
                                                      });
}

TEST(SlidingWindowLog, StaysExactInTotalAndBoundedInMemory) {
  SlidingWindowLog log(spec_of(Algorithm::sliding_window_log, 1'000'000, 10s));
  for (int i = 0; i < 20'000; ++i) log.charge(1, at(i * 400us));
  EXPECT_EQ(log.ask(1, at(8s)).remaining, 980'000);
  EXPECT_LE(log.entry_count(), 2 * SlidingWindowLog::kExactEntries + 1);
  // The last charge was made at 8 s − 400 µs.
  EXPECT_EQ(log.ask(1, at(18s - 400us)).remaining, 1'000'000);
}

TEST(SlidingWindowCounter, WeighsThePreviousWindow) {
  run(spec_of(Algorithm::sliding_window_counter, 10, 10s),
      {
          charge(5s, 10),
          // In this window the count does not fall; in the next one it does at once, and after 1 s
          // 9 of the 10 still count.
          ask(6s, 1, {false, 0, 14s, 4s + 1ns}),
          ask(10s, 1, {false, 0, 10s, 1ns}),
          ask(10s + 1ns, 1, {true, 1, 10s - 1ns, 0s}),
          ask(11s, 1, {true, 1, 9s, 0s}),
          ask(12s, 3, {false, 2, 8s, 1ns}),
          ask(12s + 1ns, 3, {true, 3, 8s - 1ns, 0s}),
          ask(12s + 1ns, 11, {false, 3, 8s - 1ns, kNever}),
          charge(12s + 1ns, 3),
          ask(12s + 1ns, 1, {false, 0, 18s - 1ns, 1s}),
          refund(12s + 1ns, 1, 12s + 1ns),
          ask(12s + 1ns, 1, {true, 1, 18s - 1ns, 0s}),
          // Refunds reach into the previous window too: 5 × 0.8, rounded down, + 2.
          refund(12s + 1ns, 5, 5s),
          ask(12s + 1ns, 0, {true, 5, 18s - 1ns, 0s}),
          // Two windows later all is forgotten.
          ask(35s, 10, {true, 10, 0s, 0s}),
      });
}

// The example of Cloudflare's article: 42 × 45 s / 60 s + 18 = 49.5 of 50, so one more is let in.
TEST(SlidingWindowCounter, LetsInWhileTheEstimateIsBelowTheLimit) {
  run(spec_of(Algorithm::sliding_window_counter, 50, 60s),
      {
          charge(30s, 42),
          charge(70s, 18),
          ask(75s, 1, {true, 1, 105s, 0s}),
          charge(75s, 1),
          // 50.5; 30 of the 42 are the most that leave room, so it is below 31 × 60 s / 42.
          ask(75s, 1, {false, 0, 105s, 714285715ns}),
      });
}

TEST(SlidingWindowCounter, ALimitOfOneLetsOneInEachWindow) {
  RateLimitMeter meter = make_meter(spec_of(Algorithm::sliding_window_counter, 1, 10s));
  int admitted = 0;
  for (lab::Duration now{}; now < 60s; now += 100ms) {
    std::visit(
        [&](auto& m) {
          if (!m.ask(1, at(now)).admits) return;
          m.charge(1, at(now));
          ++admitted;
        },
        meter);
  }
  EXPECT_EQ(admitted, 6);
}

TEST(SlidingWindowCounter, FirstRequestAnchorsTheWindows) {
  RateLimitSpec spec = spec_of(Algorithm::sliding_window_counter, 10, 10s);
  spec.anchor = Anchor::first_request;
  run(spec, {
                charge(3s, 10),
                ask(3s, 1, {false, 0, 20s, 10s + 1ns}),
                ask(14s, 1, {true, 1, 9s, 0s}),
            });
}

}  // namespace
}  // namespace mockgw
