#include "mockgw/server/route_faults.h"

#include <algorithm>

#include "mockgw/server/upstream_failure.h"

namespace mockgw {
namespace {

// As a proxy in front of the gateway answers: in the profile's words, but with the rule's status,
// for no upstream stands behind these routes whose failure the gateway would translate.
AnswerPtr proxy_answer(const RequestContext& context, const Fault& fault, AnswerPtr answer) {
  const lab::Duration due = answer->due;
  answer->condition.reset();
  answer = faulted_answer(context, fault, due, false, std::move(answer));
  if (fault.kind == FaultKind::status) answer->response.status = fault.status;
  return answer;
}

}  // namespace

void plan_route_faults(RequestContext& context, std::string_view model, Answer& answer) {
  FaultRules& rules = *context.state.faults;
  if (rules.rules().empty()) return;
  answer.faults = rules.plan({.model = model,
                              .path = context.path,
                              .api_key = context.api_key,
                              .is_chat = false,
                              .headers = context.request.headers},
                             context.elapsed, context.identity.rng);
  context.waited += answer.faults.delay(FaultKind::latency, context.identity.rng);
}

AnswerPtr apply_route_faults(const RequestContext& context, AnswerPtr answer) {
  if (answer->faults.empty()) return answer;
  const lab::Duration due = answer->due;
  for (const FaultKind kind : {FaultKind::error, FaultKind::status}) {
    if (const Fault* fault = answer->faults.find(kind)) {
      answer = proxy_answer(context, *fault, std::move(answer));
    }
  }
  answer->due = std::max(due, answer->faults.delay(FaultKind::slow_headers, context.identity.rng));
  if (const Fault* fault = answer->faults.find(FaultKind::wrong_content_type)) {
    answer->response.headers.set("content-type", fault->content_type);
  }
  if (answer->faults.has(FaultKind::reset_mid_stream)) answer->kind = Answer::Kind::broken_body;
  if (answer->faults.has(FaultKind::abort_before_headers)) answer->kind = Answer::Kind::reset;
  return answer;
}

}  // namespace mockgw
