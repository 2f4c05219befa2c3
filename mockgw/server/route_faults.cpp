#include "mockgw/server/route_faults.h"

#include <algorithm>

#include "mockgw/server/upstream_failure.h"

namespace mockgw {
namespace {

// The condition whose words fit a status that comes without a body of its own.
Condition condition_of(unsigned status) {
  switch (status) {
    case 401:
      return Condition::auth_invalid;
    case 403:
      return Condition::forbidden;
    case 404:
      return Condition::not_found;
    case 429:
      return Condition::upstream_429;
    default:
      return Condition::upstream_5xx;
  }
}

AnswerPtr worded_answer(const RequestContext& context, unsigned status, lab::Duration due,
                        AnswerPtr answer) {
  ErrorDetails details{.values = {}, .status = status};
  details.values.set(Placeholder::detail, "A fault rule of the gateway refused this request.");
  details.values.set(Placeholder::upstream_status, std::to_string(status));
  return error_answer(context, condition_of(status), std::move(details), due, std::move(answer));
}

AnswerPtr written_answer(const RequestContext& context, const Fault& fault, lab::Duration due,
                         AnswerPtr answer) {
  const std::string& body = *fault.body;
  const bool is_json = body.starts_with('{') || body.starts_with('[');
  answer = plain_answer(context, fault.status, is_json ? "application/json" : "text/plain", due,
                        std::move(answer));
  answer->response.body = body;
  answer->condition.reset();
  return answer;
}

AnswerPtr status_answer(const RequestContext& context, const Fault& fault, lab::Duration due,
                        AnswerPtr answer) {
  answer = fault.body ? written_answer(context, fault, due, std::move(answer))
                      : worded_answer(context, fault.status, due, std::move(answer));
  lab::HttpHeaders& headers = answer->response.headers;
  if (!fault.retry_after.empty()) headers.set("retry-after", fault.retry_after);
  for (const auto& [name, value] : fault.headers) headers.set(name, value);
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
  if (const Fault* fault = answer->faults.find(FaultKind::status)) {
    answer = status_answer(context, *fault, due, std::move(answer));
  } else if (const Fault* error = answer->faults.find(FaultKind::error)) {
    answer = faulted_answer(context, *error, due, false, std::move(answer));
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
