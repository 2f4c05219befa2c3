#include "mockgw/server/request_record.h"

namespace mockgw {

std::string_view route_label(const Routing& routing) {
  if (routing.outcome == Routing::Outcome::not_found) return "other";
  switch (routing.route) {
    case Route::health:
      return "/health";
    case Route::ready:
      return "/ready";
    case Route::live:
      return "/live";
    case Route::models:
      return "/v1/models";
    case Route::model:
      return "/v1/models/{id}";
    case Route::chat:
      return "/v1/chat/completions";
    case Route::server:
      return "*";
  }
  return "other";
}

// What the gateways that log a status for a client that left call it (nginx, LiteLLM).
constexpr unsigned kClientClosedRequest = 499;

RequestRecord record_of(const Answer& answer, const Sent& sent, lab::Duration took) {
  RequestRecord record{.route = answer.route,
                       .faults = answer.faults.rules(),
                       .retried_faults = answer.retried_faults,
                       .retries = answer.retries,
                       .was_cut_by_client = sent.was_cut_by_client,
                       .is_stream = answer.kind == Answer::Kind::stream,
                       .duration = took};
  if (answer.model) record.model = answer.model->id;
  if (sent.was_abandoned) {
    record.status = kClientClosedRequest;
    return record;
  }
  record.condition = answer.condition;
  if (answer.kind != Answer::Kind::reset) record.status = answer.response.status;
  if (answer.is_completion) {
    record.completion = {.prompt_tokens = answer.plan.usage.prompt_tokens,
                         .completion_tokens = sent.tokens,
                         .planned_ttft = answer.plan.schedule.first_token(),
                         .planned_duration = answer.plan.schedule.end};
  }
  return record;
}

}  // namespace mockgw
