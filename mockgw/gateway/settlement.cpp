#include "mockgw/gateway/settlement.h"

#include "mockgw/gateway/admission_gate.h"

namespace mockgw {
namespace {

// Those that a client that left did not live to see never were.
void report_attempts(const GatewayState& state, const Settlement& owed, lab::TimePoint now) {
  for (const FailedAttempt& attempt : owed.failed_attempts) {
    if (attempt.at > now) return;
    state.breakers->on_attempt(*owed.permit, attempt.outcome, now);
  }
}

}  // namespace

void settle_head(const GatewayState& state, Settlement& owed, const UpstreamCall& call,
                 lab::TimePoint now) {
  if (!call.is_judged_by_head || !owed.permit) return;
  report_attempts(state, owed, now);
  state.breakers->on_result(*owed.permit, {.duration = now - owed.called_at}, now);
  owed.permit.reset();
}

void settle(const GatewayState& state, const Settlement& owed, const UpstreamCall& call,
            const Sent& sent, lab::TimePoint now) {
  if (owed.ticket) {
    const std::int64_t tokens = call.prompt_tokens + sent.tokens;
    state.rate_limits->at(now, &RateLimiter::complete, *owed.ticket, tokens);
  }
  if (owed.permit) {
    report_attempts(state, owed, now);
    CallOutcome outcome = call.outcome;
    if (sent.was_cut_by_client) outcome.kind = CallOutcome::Kind::cancelled;
    outcome.duration = now - owed.called_at;
    state.breakers->on_result(*owed.permit, outcome, now);
  }
  if (call.is_in_batch) state.batch->depart(owed.number, now);
  if (owed.has_slot) state.gate->leave(owed.number, now);
}

}  // namespace mockgw
