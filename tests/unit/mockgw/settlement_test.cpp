#include "mockgw/gateway/settlement.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using std::chrono::seconds;

lab::TimePoint at(int second) { return lab::TimePoint(seconds(second)); }

constexpr RateLimitSubject kSubject{"k", "gpt-4", "", "", "127.0.0.1"};

// A gateway whose breaker opens at the first failure, and that limits each key to one request at
// once and 100 tokens.
class SettlementTest : public testing::Test {
 protected:
  SettlementTest() : limits(rate_limits(), breaker(), models, lab::Rng(1), {}) {}

  static RateLimitConfig rate_limits() {
    RateLimitConfig config;
    config.rules.emplace_back();
    config.rules[0].name = "one";
    config.rules[0].max_parallel = 1;
    config.rules[0].tokens = 100;
    config.rules[0].token_charge = RateLimitRule::TokenCharge::on_completion;
    return config;
  }
  static CircuitBreakerConfig breaker() {
    CircuitBreakerConfig config{.enabled = true};
    config.trip.mode = TripConfig::Mode::consecutive;
    config.trip.minimum_requests = 0;
    config.trip.failure_count = 1;
    return config;
  }
  Settlement begin() {
    Settlement settlement;
    RateLimitDecision decision = limits.admit(kSubject, {}, at(0));
    EXPECT_TRUE(decision.is_admitted());
    settlement.ticket = std::move(decision.ticket);
    settlement.permit = limits.try_acquire(models.models[0], at(0));
    settlement.prompt_tokens = 60;
    return settlement;
  }
  CircuitState breaker_state(int second) { return limits.breakers(at(second)).at(0).second.state; }
  bool admits(int second) { return limits.admit(kSubject, {}, at(second)).is_admitted(); }

  ModelsConfig models = default_models({}, {});
  GatewayLimits limits;
  AdmissionGate gate{AdmissionConfig{}};
  BatchGate batch{std::nullopt};
};

TEST_F(SettlementTest, GivesThePlaceBackAndChargesTheTokens) {
  Settlement settlement = begin();
  EXPECT_FALSE(admits(0));
  settle(limits, gate, batch, settlement, {.ec = {}, .tokens = 50}, at(0), at(1));
  EXPECT_TRUE(settlement.is_empty());
  // The place is free, but 110 of 100 tokens are used.
  const RateLimitDecision next = limits.admit(kSubject, {}, at(1));
  EXPECT_EQ(next.refusal->condition, Condition::rate_limited_tokens);
}

TEST_F(SettlementTest, AStreamJudgedByItsHeadIsASuccessFromThenOn) {
  Settlement settlement = begin();
  settlement.is_judged_by_head = true;
  settlement.outcome.kind = CallOutcome::Kind::timeout;
  settle_head(limits, settlement, at(0), at(1));
  EXPECT_FALSE(settlement.permit);
  EXPECT_FALSE(settlement.is_empty());
  settle(limits, gate, batch, settlement, {}, at(0), at(2));
  EXPECT_EQ(breaker_state(2), CircuitState::closed);
}

TEST_F(SettlementTest, WithoutAHeadSuchAStreamIsWhatItWas) {
  Settlement settlement = begin();
  settlement.is_judged_by_head = true;
  settlement.outcome.kind = CallOutcome::Kind::connect;
  settle(limits, gate, batch, settlement, {}, at(0), at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::open);
}

TEST_F(SettlementTest, AFailureOpensTheBreaker) {
  Settlement settlement = begin();
  settlement.outcome.kind = CallOutcome::Kind::timeout;
  settle(limits, gate, batch, settlement, {}, at(0), at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::open);
}

TEST_F(SettlementTest, AClientThatLeftSaysNothingAboutTheUpstream) {
  Settlement settlement = begin();
  settlement.outcome.kind = CallOutcome::Kind::timeout;
  settle(limits, gate, batch, settlement,
         {.ec = lab::Errc::timeout, .tokens = 0, .was_cut_by_client = true}, at(0), at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::closed);
}

}  // namespace
}  // namespace mockgw
