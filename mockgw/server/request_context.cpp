#include "mockgw/server/request_context.h"

#include <algorithm>

namespace mockgw {
namespace {

// The span of the gateway's own work on a request, within the caller's.
void set_span(const RequestContext& context, lab::Duration due, PlaceholderValues& values) {
  const lab::WallTime started = context.wall_now - context.waited;
  values.set(Placeholder::execution_id, make_uuid(context.identity.rng.child("execution-id")));
  values.set(Placeholder::span_id, make_uuid(context.identity.rng.child("span-id")));
  values.set(Placeholder::started_at, lab::format_rfc3339(started));
  values.set(Placeholder::ended_at, lab::format_rfc3339(started + due));
  const auto parent = context.request.headers.find("x-parent-span-id");
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

lab::Duration other_latency(const RequestContext& context) {
  const lab::Distribution& other = context.state.config.latency.other;
  if (other.is_zero()) return context.waited;
  lab::Rng rng = context.identity.rng.child("other");
  return context.waited + other.sample_duration(rng);
}

PlaceholderValues placeholders_of(const RequestContext& context, PlaceholderValues values,
                                  lab::Duration due) {
  set_span(context, due, values);
  values.set(Placeholder::request_id, context.identity.id);
  values.set(Placeholder::method, context.request.method);
  values.set(Placeholder::path, std::string(context.path));
  values.set(Placeholder::organization, "org-mockgw");
  values.set(Placeholder::version, LAB_VERSION);
  if (!context.provider.empty()) values.set(Placeholder::provider, std::string(context.provider));
  if (!context.model.empty()) values.set(Placeholder::model, std::string(context.model));
  if (!context.api_key.empty()) values.set(Placeholder::api_key, mask_api_key(context.api_key));
  return values;
}

AnswerPtr plain_answer(const RequestContext& context, unsigned status,
                       std::string_view content_type, lab::Duration due, AnswerPtr answer) {
  answer->kind = Answer::Kind::response;
  answer->due = due;
  answer->response.status = status;
  answer->response.body.clear();
  lab::HttpHeaders& headers = answer->response.headers;
  headers.clear();
  if (!content_type.empty()) headers.add("content-type", content_type);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(due).count();
  context.state.identity_headers.append_to(
      headers, {.request_id = context.identity.id,
                .model = context.model,
                .provider = context.provider,
                .processing_ms = ms,
                .retries = context.retries,
                .retries_are_exhausted = context.is_last_attempt && status >= 400});
  for (const auto& [name, value] : context.limit_headers) headers.add(name, value);
  const auto& cors = context.state.config.profile.cors;
  if (cors && context.request.headers.find("origin")) add_cors_headers(*cors, headers);
  return answer;
}

AnswerPtr error_answer(const RequestContext& context, Condition condition, ErrorDetails details,
                       lab::Duration due, AnswerPtr answer) {
  const PlaceholderValues values =
      shortened(placeholders_of(context, std::move(details.values), due));
  RenderedError error = render_error(context.state.config.profile, condition, values);
  answer = plain_answer(context, details.status.value_or(error.status), error.content_type, due,
                        std::move(answer));
  for (const auto& [name, value] : error.headers) answer->response.headers.set(name, value);
  answer->response.body = std::move(error.body);
  answer->condition = condition;
  return answer;
}

}  // namespace mockgw
