#include "mockgw/gateway/settlement.h"

namespace mockgw {
namespace {

// Those that a client that left did not live to see never were.
void report_attempts(const GatewayState& state, const Settlement& settlement, lab::TimePoint now) {
  for (const FailedAttempt& attempt : settlement.failed_attempts) {
    if (attempt.at > now) return;
    state.breakers->on_attempt(*settlement.permit, attempt.outcome, now);
  }
}

}  // namespace

void settle_head(const GatewayState& state, Settlement& settlement, lab::TimePoint now) {
  if (!settlement.is_judged_by_head || !settlement.permit) return;
  report_attempts(state, settlement, now);
  state.breakers->on_result(*settlement.permit, {.duration = now - settlement.called_at}, now);
  settlement.permit.reset();
}

void settle(const GatewayState& state, Settlement& settlement, const Sent& sent,
            lab::TimePoint now) {
  if (settlement.ticket) {
    state.rate_limits->complete(*settlement.ticket, settlement.prompt_tokens + sent.tokens, now);
  }
  if (settlement.permit) {
    report_attempts(state, settlement, now);
    CallOutcome outcome = settlement.outcome;
    if (sent.was_cut_by_client) outcome.kind = CallOutcome::Kind::cancelled;
    outcome.duration = now - settlement.called_at;
    state.breakers->on_result(*settlement.permit, outcome, now);
  }
  if (settlement.is_in_batch) state.batch->depart(settlement.number, now);
  if (settlement.has_slot) state.gate->leave(settlement.number, now);
  settlement = {};
}

}  // namespace mockgw
