#include "mockgw/answer/plain_answer.h"

#include <algorithm>

namespace mockgw {
namespace {

// The span of the gateway's own work on a request, within the caller's.
void set_span(const Exchange& exchange, lab::Duration due, PlaceholderValues& values) {
  const lab::WallTime started = exchange.moment.arrival_wall;
  values.set(Placeholder::execution_id, make_uuid(exchange.rng().child("execution-id")));
  values.set(Placeholder::span_id, make_uuid(exchange.rng().child("span-id")));
  values.set(Placeholder::started_at, lab::format_rfc3339(started));
  values.set(Placeholder::ended_at, lab::format_rfc3339(started + due));
  const auto parent = exchange.request.headers().find("x-parent-span-id");
  if (parent) values.set(Placeholder::parent_span_id, std::string(*parent));
}

// An error may repeat what the client sent, but not megabytes of it.
constexpr std::size_t kErrorValueBytesMax = 1024;

PlaceholderValues shortened(const PlaceholderValues& values) {
  PlaceholderValues result;
  for (const auto& [placeholder, value] : values.entries()) {
    std::size_t size = std::min(value.size(), kErrorValueBytesMax);
    // Not inside of a character of UTF-8.
    while (size > 0 && size < value.size() &&
           (static_cast<unsigned char>(value[size]) & 0xC0) == 0x80) {
      --size;
    }
    result.set(placeholder, size < value.size() ? value.substr(0, size) + "…" : value);
  }
  return result;
}

}  // namespace

lab::Duration other_latency(const Exchange& exchange) {
  const lab::Duration begun =
      exchange.moment.offset + exchange.reply.faults.delay(FaultKind::latency, exchange.rng());
  const lab::Distribution& other = exchange.config().latency.other;
  if (other.is_zero()) return begun;
  lab::Rng rng = exchange.rng().child("other");
  return begun + other.sample_duration(rng);
}

PlaceholderValues placeholders_of(const Exchange& exchange, PlaceholderValues values,
                                  lab::Duration due) {
  const ClientRequest& request = exchange.request;
  set_span(exchange, due, values);
  values.set(Placeholder::request_id, request.identity.id);
  values.set(Placeholder::method, request.http->method);
  values.set(Placeholder::path, std::string(request.path));
  values.set(Placeholder::organization, "org-mockgw");
  values.set(Placeholder::version, LAB_VERSION);
  values.set(Placeholder::first_model, exchange.config().models.models.front().id);
  const std::string_view provider = request.provider();
  if (!provider.empty()) values.set(Placeholder::provider, std::string(provider));
  if (!request.model_name.empty()) values.set(Placeholder::model, request.model_name);
  if (!request.api_key.empty()) values.set(Placeholder::api_key, mask_api_key(request.api_key));
  return values;
}

void answer_plainly(Exchange& exchange, unsigned status, std::string_view content_type,
                    lab::Duration due) {
  exchange.reply.kind = Reply::Kind::response;
  exchange.reply.due = due;
  exchange.response.status = status;
  exchange.response.body.clear();
  lab::HttpHeaders& headers = exchange.response.headers;
  headers.clear();
  if (!content_type.empty()) headers.add("content-type", content_type);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(due).count();
  exchange.state->identity_headers.append_to(
      headers, {.request_id = exchange.request.identity.id,
                .model = exchange.request.model_name,
                .provider = exchange.request.provider(),
                .processing_ms = ms,
                .retries = exchange.record.retries,
                .retries_are_exhausted = exchange.is_last_attempt() && status >= 400});
  for (const auto& [name, value] : exchange.limit_headers) headers.add(name, value);
  const auto& cors = exchange.config().profile.cors;
  if (cors && exchange.request.headers().find("origin")) add_cors_headers(*cors, headers);
}

void answer_body(Exchange& exchange, unsigned status, std::string_view content_type,
                 std::string_view body) {
  answer_plainly(exchange, status, content_type, other_latency(exchange));
  exchange.response.body = body;
}

void answer_error(Exchange& exchange, Refusal refusal, lab::Duration due) {
  const PlaceholderValues values =
      shortened(placeholders_of(exchange, std::move(refusal.values), due));
  RenderedError error = render_error(exchange.config().profile, refusal.condition, values);
  answer_plainly(exchange, refusal.status.value_or(error.status), error.content_type, due);
  for (const auto& [name, value] : error.headers) exchange.response.headers.set(name, value);
  exchange.response.body = std::move(error.body);
  exchange.reply.condition = refusal.condition;
}

void answer_error(Exchange& exchange, Refusal refusal) {
  answer_error(exchange, std::move(refusal), other_latency(exchange));
}

}  // namespace mockgw
