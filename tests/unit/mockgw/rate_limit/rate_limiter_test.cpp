#include "mockgw/rate_limit/rate_limiter.h"

#include <gtest/gtest.h>

#include "tests/support/time_point.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using KeyPart = RateLimitRule::KeyPart;
using TokenCharge = RateLimitRule::TokenCharge;

using lab::test::at;

RateLimitRule requests_rule(std::int64_t requests) {
  RateLimitRule rule;
  rule.name = "requests";
  rule.algorithm = RateLimitAlgorithm::fixed_window;
  rule.requests = requests;
  return rule;
}

RateLimitRule tokens_rule(std::int64_t tokens, TokenCharge charge) {
  RateLimitRule rule;
  rule.name = "tokens";
  rule.algorithm = RateLimitAlgorithm::fixed_window;
  rule.tokens = tokens;
  rule.token_charge = charge;
  return rule;
}

RateLimiter limiter_of(std::vector<RateLimitRule> rules) { return {std::move(rules), 0s}; }
RateLimiter reading_limiter_of(std::vector<RateLimitRule> rules) {
  return {std::move(rules), 0s, true};
}

const RateLimitSubject kAnn{
    .api_key = "sk-ann", .model = "gpt-4", .tenant = "", .user = "", .ip = ""};
const RateLimitSubject kBob{
    .api_key = "sk-bob", .model = "gpt-4", .tenant = "", .user = "", .ip = ""};

TEST(RateLimiter, WithoutRulesAdmitsEverything) {
  RateLimiter limiter = limiter_of({});
  const RateLimitDecision decision = limiter.admit(kAnn, {1'000'000, 0}, at(0s));
  EXPECT_TRUE(decision.is_admitted());
  EXPECT_FALSE(decision.requests.has_value());
  EXPECT_EQ(limiter.key_count(), 0U);
}

TEST(RateLimiter, ReadsTheLimitAfterTheRequestsOwnCharge) {
  RateLimiter limiter = limiter_of({requests_rule(2)});
  const RateLimitDecision first = limiter.admit(kAnn, {}, at(1s));
  EXPECT_EQ(first.requests->limit, 2);
  EXPECT_EQ(first.requests->remaining, 1);
  EXPECT_EQ(first.requests->reset_in, 59s);
  EXPECT_TRUE(limiter.admit(kAnn, {}, at(2s)).is_admitted());
  const RateLimitDecision third = limiter.admit(kAnn, {}, at(3s));
  ASSERT_FALSE(third.is_admitted());
  EXPECT_EQ(third.refusal->condition, ErrorCondition::rate_limited_requests);
  EXPECT_EQ(third.refusal->rule, "requests");
  EXPECT_EQ(third.refusal->retry_in, 57s);
  EXPECT_EQ(third.requests->remaining, 0);
  EXPECT_EQ(third.requests->used, 2);
  EXPECT_TRUE(third.ticket.charges.empty());
  // Another key has limits of its own.
  EXPECT_TRUE(limiter.admit(kBob, {}, at(3s)).is_admitted());
}

TEST(RateLimiter, ChargesNothingUnlessEveryRuleAdmits) {
  RateLimitRule global = requests_rule(1);
  global.name = "global";
  global.key_by = {KeyPart::global};
  RateLimiter limiter = limiter_of({requests_rule(10), global});
  EXPECT_TRUE(limiter.admit(kAnn, {}, at(0s)).is_admitted());
  // Bob is refused by the global rule, and his own limit stays untouched.
  const RateLimitDecision refused = limiter.admit(kBob, {}, at(0s));
  EXPECT_EQ(refused.refusal->rule, "global");
  EXPECT_EQ(refused.refusal->scope, KeyPart::global);
  const RateLimitDecision next_window = limiter.admit(kBob, {}, at(60s));
  EXPECT_TRUE(next_window.is_admitted());
}

TEST(RateLimiter, TheStrictestRuleIsTold) {
  RateLimitRule minute = requests_rule(2);
  RateLimitRule hour = requests_rule(3);
  hour.name = "hour";
  hour.window = 1h;
  RateLimiter limiter = limiter_of({minute, hour});
  // 1 of 2 and 2 of 3 left: the minute is nearer to its end.
  EXPECT_EQ(limiter.admit(kAnn, {}, at(0s)).requests->limit, 2);
  EXPECT_EQ(limiter.admit(kAnn, {}, at(0s)).requests->limit, 2);
  // In the next minute the hour has none left after this one.
  EXPECT_EQ(limiter.admit(kAnn, {}, at(60s)).requests->limit, 3);
  // Of two refusals the one that lasts longer counts.
  minute.requests = 1;
  RateLimiter both = limiter_of({minute, [&] {
                                   RateLimitRule rule = hour;
                                   rule.requests = 1;
                                   return rule;
                                 }()});
  EXPECT_TRUE(both.admit(kAnn, {}, at(0s)).is_admitted());
  EXPECT_EQ(both.admit(kAnn, {}, at(0s)).refusal->retry_in, 1h);
}

TEST(RateLimiter, ChargesTokensAtAdmissionAndRefundsWhatWasNotUsed) {
  RateLimitRule rule = tokens_rule(1000, TokenCharge::admit_max_tokens);
  rule.refund_unused = true;
  RateLimiter limiter = limiter_of({rule});
  const RateLimitDecision first = limiter.admit(kAnn, {600, 100}, at(0s));
  EXPECT_EQ(first.tokens->remaining, 400);
  const RateLimitDecision second = limiter.admit(kAnn, {500, 100}, at(1s));
  EXPECT_EQ(second.refusal->condition, ErrorCondition::rate_limited_tokens);
  EXPECT_EQ(second.refusal->requested, 500);
  EXPECT_EQ(second.refusal->reading.used, 600);
  limiter.complete(first.ticket, 200, at(2s));
  EXPECT_EQ(limiter.admit(kAnn, {500, 100}, at(3s)).tokens->remaining, 300);
}

TEST(RateLimiter, ChargesTheEstimateWhenAsked) {
  RateLimiter limiter = limiter_of({tokens_rule(1000, TokenCharge::admit_estimate)});
  EXPECT_EQ(limiter.admit(kAnn, {600, 100}, at(0s)).tokens->remaining, 900);
}

TEST(RateLimiter, ChargingOnCompletionBitesOneRequestLate) {
  RateLimiter limiter = limiter_of({tokens_rule(100, TokenCharge::on_completion)});
  // However large the request, it is admitted while anything is left.
  const RateLimitDecision first = limiter.admit(kAnn, {5000, 5000}, at(0s));
  EXPECT_TRUE(first.is_admitted());
  EXPECT_EQ(first.tokens->remaining, 100);
  limiter.complete(first.ticket, 250, at(1s));
  const RateLimitDecision second = limiter.admit(kAnn, {1, 1}, at(2s));
  EXPECT_EQ(second.refusal->condition, ErrorCondition::rate_limited_tokens);
  EXPECT_EQ(second.tokens->remaining, 0);
  EXPECT_EQ(second.tokens->used, 250);
}

TEST(RateLimiter, ARequestLargerThanItsLimitNeverFits) {
  RateLimiter limiter = limiter_of({tokens_rule(1000, TokenCharge::admit_max_tokens)});
  const RateLimitDecision decision = limiter.admit(kAnn, {1001, 0}, at(0s));
  EXPECT_EQ(decision.refusal->condition, ErrorCondition::rate_limited_too_large);
  EXPECT_TRUE(decision.refusal->is_tokens);
  EXPECT_EQ(decision.refusal->retry_in, std::nullopt);
}

TEST(RateLimiter, UnlimitedTokensAreNotMeasured) {
  RateLimitRule rule = tokens_rule(10, TokenCharge::none);
  rule.requests = 5;
  RateLimiter limiter = limiter_of({rule});
  const RateLimitDecision decision = limiter.admit(kAnn, {1000, 1000}, at(0s));
  EXPECT_TRUE(decision.is_admitted());
  EXPECT_FALSE(decision.tokens.has_value());
}

TEST(RateLimiter, ParallelRequestsHoldASlotUntilTheyComplete) {
  RateLimitRule rule;
  rule.name = "parallel";
  rule.max_parallel = 2;
  RateLimiter limiter = limiter_of({rule});
  const RateLimitDecision first = limiter.admit(kAnn, {}, at(0s));
  const RateLimitDecision second = limiter.admit(kAnn, {}, at(0s));
  const RateLimitDecision third = limiter.admit(kAnn, {}, at(0s));
  EXPECT_TRUE(second.is_admitted());
  EXPECT_EQ(third.refusal->condition, ErrorCondition::concurrency_limited);
  EXPECT_EQ(third.refusal->reading.limit, 2);
  EXPECT_EQ(third.refusal->retry_in, std::nullopt);
  limiter.complete(first.ticket, 0, at(1s));
  EXPECT_TRUE(limiter.admit(kAnn, {}, at(1s)).is_admitted());
  EXPECT_FALSE(limiter.admit(kAnn, {}, at(1s)).is_admitted());
}

TEST(RateLimiter, CountedRejectionsPostponeTheEnd) {
  RateLimitRule rule = requests_rule(1);
  rule.algorithm = RateLimitAlgorithm::sliding_window_log;
  rule.count_rejected = true;
  RateLimiter limiter = limiter_of({rule});
  EXPECT_TRUE(limiter.admit(kAnn, {}, at(0s)).is_admitted());
  EXPECT_FALSE(limiter.admit(kAnn, {}, at(30s)).is_admitted());
  // The first would be forgotten now, but the refused one counts.
  EXPECT_EQ(limiter.admit(kAnn, {}, at(60s)).refusal->retry_in, 30s);
  // Hammering costs at most one more limit, so the door opens one window after it stopped counting.
  EXPECT_FALSE(limiter.admit(kAnn, {}, at(61s)).is_admitted());
  EXPECT_TRUE(limiter.admit(kAnn, {}, at(130s)).is_admitted());
}

TEST(RateLimiter, KeysAreTuplesOfTheirParts) {
  RateLimitRule rule = requests_rule(1);
  rule.key_by = {KeyPart::tenant, KeyPart::user};
  RateLimiter limiter = limiter_of({rule});
  const auto admits = [&](std::string_view tenant, std::string_view user) {
    return limiter
        .admit({.api_key = "", .model = "", .tenant = tenant, .user = user, .ip = ""}, {}, at(0s))
        .is_admitted();
  };
  EXPECT_TRUE(admits("a", "bc"));
  EXPECT_TRUE(admits("ab", "c"));
  EXPECT_FALSE(admits("ab", "c"));
  EXPECT_TRUE(admits("", ""));
}

TEST(RateLimiter, OnlyTheFirstBytesOfAKeyMayCount) {
  RateLimitRule rule = requests_rule(1);
  rule.key_prefix_length = 8;
  RateLimiter limiter = limiter_of({rule});
  const auto admits = [&](std::string_view key) {
    return limiter
        .admit({.api_key = key, .model = "", .tenant = "", .user = "", .ip = ""}, {}, at(0s))
        .is_admitted();
  };
  EXPECT_TRUE(admits("test-api-key"));
  EXPECT_FALSE(admits("test-api-xyz"));
  EXPECT_TRUE(admits("test-b"));
}

TEST(RateLimiter, ForgetsTheLeastRecentlyUsedIdleKey) {
  RateLimitRule rule = requests_rule(1);
  rule.max_parallel = 5;
  RateLimiter limiter = limiter_of({rule});
  const auto admit = [&](const std::string& key) {
    return limiter.admit({.api_key = key, .model = "", .tenant = "", .user = "", .ip = ""}, {},
                         at(0s));
  };
  const RateLimitDecision busy = admit("busy");
  limiter.complete(admit("idle").ticket, 0, at(0s));
  for (std::size_t i = 0; i < RateLimiter::kKeysMax - 1; ++i) {
    limiter.complete(admit("key-" + std::to_string(i)).ticket, 0, at(0s));
  }
  EXPECT_EQ(limiter.key_count(), RateLimiter::kKeysMax);
  // The idle one made room although the busy one is older.
  EXPECT_FALSE(admit("busy").is_admitted());
  EXPECT_TRUE(admit("idle").is_admitted());
  limiter.complete(busy.ticket, 0, at(0s));
}

TEST(RateLimiter, ReadsEveryLimitWhenAskedTo) {
  using ReadKind = RuleReading::Kind;
  RateLimitRule minute = requests_rule(10);
  minute.tokens = 1000;
  RateLimitRule hour = requests_rule(3);
  hour.name = "hour";
  hour.window = 1h;
  hour.max_parallel = 5;
  EXPECT_TRUE(limiter_of({minute, hour}).admit(kAnn, {100, 0}, at(0s)).readings.empty());
  RateLimiter limiter = reading_limiter_of({minute, hour});
  const RateLimitDecision decision = limiter.admit(kAnn, {100, 0}, at(0s));
  ASSERT_EQ(decision.readings.size(), 4u);
  struct Row {
    const char* rule;
    ReadKind kind;
    std::int64_t limit;
    std::int64_t remaining;
  };
  const Row rows[] = {{"requests", ReadKind::requests, 10, 9},
                      {"requests", ReadKind::tokens, 1000, 900},
                      {"hour", ReadKind::requests, 3, 2},
                      {"hour", ReadKind::max_parallel, 5, 4}};
  for (std::size_t i = 0; i < 4; ++i) {
    const RuleReading& seen = decision.readings[i];
    EXPECT_EQ(seen.rule->name, rows[i].rule) << i;
    EXPECT_EQ(seen.kind, rows[i].kind) << i;
    EXPECT_EQ(seen.reading.limit, rows[i].limit) << i;
    EXPECT_EQ(seen.reading.remaining, rows[i].remaining) << i;
  }
  EXPECT_EQ(decision.requests->remaining, 2);
  // Refused by the hour's limit: the minute's is told of as it is, uncharged.
  (void)limiter.admit(kAnn, {100, 0}, at(1s));
  (void)limiter.admit(kAnn, {100, 0}, at(2s));
  const RateLimitDecision refused = limiter.admit(kAnn, {100, 0}, at(3s));
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.readings[0].reading.remaining, 7);
  EXPECT_EQ(refused.readings[2].reading.remaining, 0);
}

}  // namespace
}  // namespace mockgw
