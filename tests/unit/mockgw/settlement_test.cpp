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
  static GatewayConfig config() {
    return read_gateway_config(R"({
      "rate_limits": [{"max_parallel": 1, "tokens": 100, "token_charge": "on_completion"}],
      "circuit_breaker": {"trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 1,
                                   "slow_call": "2s", "slow_call_rate_percent": 50}}})",
                               "gateway.json")
        .value();
  }
  Settlement begin() {
    Settlement settlement;
    RateLimitDecision decision = admit(0);
    EXPECT_TRUE(decision.is_admitted());
    settlement.ticket = std::move(decision.ticket);
    settlement.permit = state.breakers->try_acquire(state.config.models.models[0], at(0));
    return settlement;
  }
  CircuitState breaker_state(int second) {
    return state.breakers->snapshots(at(second)).at(0).second.state;
  }
  RateLimitDecision admit(int second) {
    return state.rate_limits->at(at(second), &RateLimiter::admit, kSubject, RateLimitCost{});
  }
  bool admits(int second) { return admit(second).is_admitted(); }

  GatewayState state{config(), {}, nullptr};
  UpstreamCall call{.prompt_tokens = 60};
};

TEST_F(SettlementTest, GivesThePlaceBackAndChargesTheTokens) {
  Settlement settlement = begin();
  EXPECT_FALSE(admits(0));
  settle(state, settlement, call, {.ec = {}, .tokens = 50}, at(1));
  // The place is free, but 110 of 100 tokens are used.
  const RateLimitDecision next = admit(1);
  EXPECT_EQ(next.refusal->condition, ErrorCondition::rate_limited_tokens);
}

TEST_F(SettlementTest, AStreamJudgedByItsHeadIsASuccessFromThenOn) {
  Settlement settlement = begin();
  call.is_judged_by_head = true;
  call.outcome.kind = CallOutcome::Kind::timeout;
  settle_head(state, settlement, call, at(1));
  EXPECT_FALSE(settlement.permit);
  EXPECT_TRUE(settlement.ticket);
  settle(state, settlement, call, {}, at(2));
  EXPECT_EQ(breaker_state(2), CircuitState::closed);
}

TEST_F(SettlementTest, WithoutAHeadSuchAStreamIsWhatItWas) {
  Settlement settlement = begin();
  call.is_judged_by_head = true;
  call.outcome.kind = CallOutcome::Kind::connect;
  settle(state, settlement, call, {}, at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::open);
}

TEST_F(SettlementTest, AFailureOpensTheBreaker) {
  Settlement settlement = begin();
  call.outcome.kind = CallOutcome::Kind::timeout;
  settle(state, settlement, call, {}, at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::open);
}

TEST_F(SettlementTest, AttemptsAreReportedUpToNow) {
  const FailedAttempt failed{.outcome = {.kind = CallOutcome::Kind::timeout}, .at = at(2)};
  Settlement settlement = begin();
  settlement.failed_attempts = {failed};
  // The client left before that attempt failed.
  settle(state, settlement, call,
         {.ec = lab::Errc::timeout, .tokens = 0, .was_cut_by_client = true}, at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::closed);
  settlement = begin();
  settlement.failed_attempts = {failed};
  settle(state, settlement, call, {}, at(2));
  EXPECT_EQ(breaker_state(2), CircuitState::open);
}

TEST_F(SettlementTest, AClientThatLeftSaysNothingAboutTheUpstream) {
  Settlement settlement = begin();
  call.outcome.kind = CallOutcome::Kind::timeout;
  settle(state, settlement, call,
         {.ec = lab::Errc::timeout, .tokens = 0, .was_cut_by_client = true}, at(1));
  EXPECT_EQ(breaker_state(1), CircuitState::closed);
}

TEST_F(SettlementTest, ACallIsAsSlowAsItWasSinceItBegan) {
  Settlement settlement = begin();
  settlement.called_at = at(8);
  settle(state, settlement, call, {}, at(10));
  EXPECT_EQ(breaker_state(10), CircuitState::closed);
  settlement = begin();
  settle(state, settlement, call, {}, at(10));
  EXPECT_EQ(breaker_state(10), CircuitState::open);
}

}  // namespace
}  // namespace mockgw
