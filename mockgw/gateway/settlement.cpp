#include "mockgw/gateway/settlement.h"

namespace mockgw {

void settle_head(GatewayLimits& limits, Settlement& settlement, lab::TimePoint arrived,
                 lab::TimePoint now) {
  if (!settlement.is_judged_by_head || !settlement.permit) return;
  limits.on_result(*settlement.permit, {.duration = now - arrived}, now);
  settlement.permit.reset();
}

void settle(GatewayLimits& limits, AdmissionGate& gate, BatchGate& batch, Settlement& settlement,
            const Sent& sent, lab::TimePoint arrived, lab::TimePoint now) {
  if (settlement.ticket) {
    limits.complete(*settlement.ticket, settlement.prompt_tokens + sent.tokens, now);
  }
  if (settlement.permit) {
    CallOutcome outcome = settlement.outcome;
    if (sent.was_cut_by_client) outcome.kind = CallOutcome::Kind::cancelled;
    outcome.duration = now - arrived;
    limits.on_result(*settlement.permit, outcome, now);
  }
  if (settlement.is_in_batch) batch.depart(settlement.number, now);
  if (settlement.has_slot) gate.leave(settlement.number, now);
  settlement = {};
}

}  // namespace mockgw
