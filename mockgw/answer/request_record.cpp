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

std::string request_line(const RequestRecord& record, std::string_view request_id) {
  std::string line = "request " + std::string(request_id) + ": " + std::string(record.route);
  const auto add = [&line](std::string_view key, std::string_view value) {
    line.append(" ").append(key).append("=").append(value);
  };
  if (!record.model.empty()) add("model", record.model);
  add("status", record.status == 0 ? "reset" : std::to_string(record.status));
  if (record.condition) add("condition", to_string(*record.condition));
  for (const FaultRule* const fault : record.faults) add("fault", "\"" + fault->name + "\"");
  if (record.retries > 0) add("retries", std::to_string(record.retries));
  if (record.completion) {
    add("prompt_tokens", std::to_string(record.completion->prompt_tokens));
    add("completion_tokens", std::to_string(record.completion->completion_tokens));
    add("planned_ttft", lab::format_duration(record.completion->planned_ttft));
  }
  if (record.is_stream) add("stream", "true");
  if (record.was_cut_by_client) add("cut_by_client", "true");
  add("took", lab::format_duration(record.duration));
  return line;
}

}  // namespace mockgw
