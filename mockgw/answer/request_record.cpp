#include "mockgw/answer/request_record.h"

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

RequestRecord record_of(const Exchange& exchange, const Sent& sent, lab::Duration took) {
  const Reply& reply = exchange.reply;
  const ChatPlan& plan = exchange.plan;
  RequestRecord record = exchange.record;
  record.faults = reply.faults.rules();
  record.was_cut_by_client = sent.was_cut_by_client;
  record.is_stream = reply.kind == Reply::Kind::stream;
  record.duration = took;
  if (sent.was_abandoned) {
    record.status = kClientClosedRequest;
    return record;
  }
  record.condition = reply.condition;
  if (reply.kind != Reply::Kind::reset) record.status = exchange.response.status;
  if (reply.is_completion) {
    record.completion = {.prompt_tokens = plan.usage.prompt_tokens,
                         .completion_tokens = sent.tokens,
                         .planned_ttft = plan.schedule.first_token(),
                         .planned_duration = plan.schedule.end};
  }
  return record;
}

}  // namespace mockgw
