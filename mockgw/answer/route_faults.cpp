#include "mockgw/answer/route_faults.h"

#include <algorithm>

#include "mockgw/answer/upstream_failure.h"

namespace mockgw {
namespace {

// As a proxy in front of the gateway answers: in the profile's words, but with the rule's status,
// for no upstream stands behind these routes whose failure the gateway would translate.
void answer_as_proxy(Exchange& exchange, const Fault& fault) {
  exchange.reply.condition.reset();
  answer_fault(exchange, fault, exchange.reply.due, false);
  if (fault.kind == FaultKind::status) exchange.response.status = fault.status;
}

}  // namespace

void plan_route_faults(Exchange& exchange, std::string_view model) {
  FaultRules& rules = *exchange.state->faults;
  if (rules.rules().empty()) return;
  const ClientRequest& request = exchange.request;
  exchange.reply.faults = rules.plan({.model = model,
                                      .path = request.path,
                                      .api_key = request.api_key,
                                      .is_chat = false,
                                      .headers = request.headers()},
                                     exchange.moment.elapsed(), exchange.rng());
}

void apply_route_faults(Exchange& exchange) {
  Reply& reply = exchange.reply;
  if (reply.faults.empty()) return;
  const lab::Duration due = reply.due;
  for (const FaultKind kind : {FaultKind::error, FaultKind::status}) {
    if (const Fault* fault = reply.faults.find(kind)) answer_as_proxy(exchange, *fault);
  }
  reply.due = std::max(due, reply.faults.delay(FaultKind::slow_headers, exchange.rng()));
  if (const Fault* fault = reply.faults.find(FaultKind::wrong_content_type)) {
    exchange.response.headers.set("content-type", fault->content_type);
  }
  if (reply.faults.has(FaultKind::reset_mid_stream)) reply.kind = Reply::Kind::broken_body;
  if (reply.faults.has(FaultKind::abort_before_headers)) reply.kind = Reply::Kind::reset;
}

}  // namespace mockgw
