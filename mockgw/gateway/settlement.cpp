#include "mockgw/gateway/settlement.h"

namespace mockgw {

void settle_head(const GatewayState& state, Settlement& settlement, lab::TimePoint now) {
  if (!settlement.is_judged_by_head || !settlement.permit) return;
  state.breakers->on_result(*settlement.permit, {.duration = now - settlement.called_at}, now);
  settlement.permit.reset();
}

void settle(const GatewayState& state, Settlement& settlement, const Sent& sent,
            lab::TimePoint now) {
  if (settlement.ticket) {
    state.rate_limits->complete(*settlement.ticket, settlement.prompt_tokens + sent.tokens, now);
  }
  if (settlement.permit) {
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
