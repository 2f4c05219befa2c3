#include "mockgw/server/request_handler.h"

#include <algorithm>
#include <array>

#include "mockgw/admin/percent_decoded.h"
#include "mockgw/server/chat_handler.h"
#include "mockgw/server/health.h"
#include "mockgw/server/request_context.h"
#include "mockgw/server/request_record.h"
#include "mockgw/server/route_faults.h"
#include "mockgw/server/router.h"
#include "shared/protocol/model_list.h"

namespace mockgw {
namespace {

RequestContext context_of(GatewayState& state, const lab::HttpRequest& request,
                          const Arrival& arrival) {
  return {.state = state,
          .request = request,
          .path = lab::target_path(request.target),
          .api_key = api_key_of(request.headers),
          .identity = identify(request.headers, arrival.number, state.rng),
          .number = arrival.number,
          .now = arrival.now,
          .elapsed = arrival.elapsed,
          .wall_now = arrival.wall_now,
          .remote_address = arrival.remote_address};
}

AnswerPtr json_answer(const RequestContext& context, unsigned status, std::string_view body,
                      AnswerPtr answer) {
  answer =
      plain_answer(context, status, "application/json", other_latency(context), std::move(answer));
  answer->response.body = body;
  return answer;
}

AnswerPtr method_not_allowed(const RequestContext& context, std::string_view allow,
                             AnswerPtr answer) {
  ErrorDetails details;
  details.values.set(Placeholder::allow, std::string(allow));
  answer = error_answer(context, Condition::method_not_allowed, std::move(details),
                        other_latency(context), std::move(answer));
  // RFC 9110, 15.5.6 asks for Allow with a 405, whatever the profile's template says.
  if (answer->response.status == 405) answer->response.headers.set("allow", allow);
  return answer;
}

AnswerPtr options_answer(const RequestContext& context, std::string_view allow, AnswerPtr answer) {
  answer = plain_answer(context, 204, "", other_latency(context), std::move(answer));
  answer->response.headers.add("allow", allow);
  return answer;
}

// Whatever the path is: browsers ask before they know, and gateways answer before they look.
AnswerPtr preflight_answer(const RequestContext& context, const Cors& cors, AnswerPtr answer) {
  answer = plain_answer(context, cors.status, "", other_latency(context), std::move(answer));
  answer->response.headers.clear();
  for (const auto& [name, value] : preflight_headers(cors, context.request.headers)) {
    answer->response.headers.add(name, value);
  }
  answer->response.body = cors.body;
  return answer;
}

bool needs_key(Route route) {
  return route == Route::chat || route == Route::models || route == Route::model;
}

std::optional<Condition> refused_key(const AuthConfig& auth, std::string_view key) {
  if (key.empty()) {
    return auth.required ? std::optional(Condition::auth_missing) : std::nullopt;
  }
  if (auth.keys.empty()) return std::nullopt;
  const bool is_known = std::find(auth.keys.begin(), auth.keys.end(), key) != auth.keys.end();
  return is_known ? std::nullopt : std::optional(Condition::auth_invalid);
}

// Clients encode an id's slashes (openai's does), people do not. What a chat may name is found.
AnswerPtr one_model(RequestContext& context, std::string_view parameter, AnswerPtr answer) {
  const std::optional<std::string> decoded = percent_decoded(parameter);
  const std::string id = decoded.value_or(std::string(parameter));
  const ModelConfig* const found = decoded ? context.state.config.models.find(id) : nullptr;
  context.model = id;
  if (!found) {
    return error_answer(context, Condition::model_not_listed, {}, other_latency(context),
                        std::move(answer));
  }
  const lab::ModelEntry entry{.id = id, .created = found->created, .owned_by = found->owned_by};
  return json_answer(context, 200, lab::write_model(entry), std::move(answer));
}

AnswerPtr text_answer(const RequestContext& context, std::string_view text, AnswerPtr answer) {
  answer = plain_answer(context, 200, "text/plain; charset=utf-8", other_latency(context),
                        std::move(answer));
  answer->response.body = text;
  return answer;
}

HealthReport health_report(const RequestContext& context) {
  const HealthConfig& health = context.state.config.health;
  const bool follows_breaker = health.source == HealthConfig::Source::breaker &&
                               health.status == HealthConfig::Status::healthy;
  if (!follows_breaker) return {.status = health.status};
  return report_of(context.state.breakers->snapshots(context.now));
}

AnswerPtr health(const RequestContext& context, AnswerPtr answer) {
  const HealthAnswer health =
      health_answer(context.state.config.health.style, health_report(context), context.wall_now);
  answer = plain_answer(context, health.status, health.content_type, other_latency(context),
                        std::move(answer));
  answer->response.body = health.body;
  return answer;
}

// How the words and the status of an answer to an unreadable request follow from the reason.
struct Unreadable {
  lab::ErrorCode reason;
  unsigned status;  // 0: the profile's own for a bad request.
  std::string_view detail;
};

const Unreadable& unreadable(lab::ErrorCode reason) {
  namespace errc = boost::system::errc;
  static const auto kReasons = std::to_array<Unreadable>({
      // RFC 6585, 5
      {lab::Errc::header_too_large, 431, "The header section of the request is too large."},
      {lab::Errc::timeout, 408, "The request did not arrive in time."},
      {lab::Errc::partial_message, 0, "The request ended too early."},
      {errc::make_error_code(errc::not_supported), 501,
       "The only transfer coding supported is chunked."},
      {errc::make_error_code(errc::protocol_not_supported), 505,
       "The only versions of HTTP supported are 1.0 and 1.1."},
      {lab::Errc::bad_message, 0, "The request is not valid HTTP/1.1."},
  });
  const auto found = std::ranges::find(kReasons, reason, &Unreadable::reason);
  return found == kReasons.end() ? kReasons.back() : *found;
}

AnswerPtr answer_route(RequestContext& context, const Routing& routing, AnswerPtr answer) {
  switch (routing.route) {
    case Route::health:
      return health(context, std::move(answer));
    case Route::ready:
      return text_answer(context, "ready", std::move(answer));
    case Route::live:
      return text_answer(context, "alive", std::move(answer));
    case Route::models:
      return json_answer(context, 200, context.state.models_body, std::move(answer));
    case Route::model:
      return one_model(context, routing.parameter, std::move(answer));
    case Route::chat:
      return answer_chat(context, std::move(answer));
    case Route::server:
      break;
  }
  return answer;
}

AnswerPtr answer_routing(RequestContext& context, const Routing& routing, AnswerPtr answer) {
  switch (routing.outcome) {
    case Routing::Outcome::not_found:
      return error_answer(context, Condition::not_found, {}, other_latency(context),
                          std::move(answer));
    case Routing::Outcome::method_not_allowed:
      return method_not_allowed(context, routing.allow, std::move(answer));
    case Routing::Outcome::options:
      return options_answer(context, routing.allow, std::move(answer));
    case Routing::Outcome::found:
      break;
  }
  if (needs_key(routing.route)) {
    if (const auto refused = refused_key(context.state.config.auth, context.api_key)) {
      return error_answer(context, *refused, {}, other_latency(context), std::move(answer));
    }
  }
  return answer_route(context, routing, std::move(answer));
}

}  // namespace

AnswerPtr answer_request(const std::shared_ptr<GatewayState>& state,
                         const lab::HttpRequest& request, const Arrival& arrival, AnswerPtr reuse) {
  AnswerPtr answer = std::move(reuse);
  answer->start(state);
  RequestContext context = context_of(*state, request, arrival);
  const Routing routing = find_route(request.method, context.path);
  answer->route = route_label(routing);
  const auto& cors = state->config.profile.cors;
  if (cors && is_preflight(request.method, request.headers)) {
    return preflight_answer(context, *cors, std::move(answer));
  }
  const bool is_chat = routing.outcome == Routing::Outcome::found && routing.route == Route::chat;
  if (is_chat) return answer_routing(context, routing, std::move(answer));
  plan_route_faults(context, routing.parameter, *answer);
  answer = answer_routing(context, routing, std::move(answer));
  return apply_route_faults(context, std::move(answer));
}

AnswerPtr answer_unreadable(const std::shared_ptr<GatewayState>& state,
                            const lab::HttpRequest& request, const Arrival& arrival,
                            lab::ErrorCode reason) {
  auto answer = std::make_unique<Answer>();
  answer->start(state);
  answer->route = "unreadable";
  const RequestContext context = context_of(*state, request, arrival);
  ErrorDetails details;
  if (reason == lab::Errc::body_too_large) {
    details.values.set(Placeholder::limit, std::to_string(state->config.limits.max_body_bytes));
    return error_answer(context, Condition::body_too_large, std::move(details), {},
                        std::move(answer));
  }
  const Unreadable& why = unreadable(reason);
  details.values.set(Placeholder::detail, std::string(why.detail));
  if (why.status != 0) details.status = why.status;
  return error_answer(context, Condition::validation, std::move(details), {}, std::move(answer));
}

}  // namespace mockgw
