#include "mockgw/answer/request_handler.h"

#include <algorithm>

#include "mockgw/answer/chat_handler.h"
#include "mockgw/answer/plain_answer.h"
#include "mockgw/answer/request_record.h"
#include "mockgw/answer/route_answers.h"
#include "mockgw/answer/route_faults.h"
#include "mockgw/answer/router.h"

namespace mockgw {
namespace {

void answer_method_not_allowed(Exchange& exchange, std::string_view allow) {
  Refusal refusal{.condition = ErrorCondition::method_not_allowed};
  refusal.values.set(Placeholder::allow, std::string(allow));
  answer_error(exchange, std::move(refusal));
  // RFC 9110, 15.5.6 asks for Allow with a 405, whatever the profile's template says.
  if (exchange.response.status == 405) exchange.response.headers.set("allow", allow);
}

void answer_options(Exchange& exchange, std::string_view allow) {
  answer_plainly(exchange, 204, "", other_latency(exchange));
  exchange.response.headers.add("allow", allow);
}

// Whatever the path is: browsers ask before they know, and gateways answer before they look.
void answer_preflight(Exchange& exchange, const Cors& cors) {
  answer_body(exchange, cors.status, "", cors.body);
  exchange.response.headers.clear();
  for (const auto& [name, value] : preflight_headers(cors, exchange.request.headers())) {
    exchange.response.headers.add(name, value);
  }
}

bool needs_key(Route route) {
  return route == Route::chat || route == Route::models || route == Route::model;
}

std::optional<ErrorCondition> refused_key(const AuthConfig& auth, std::string_view key) {
  if (key.empty()) {
    return auth.required ? std::optional(ErrorCondition::auth_missing) : std::nullopt;
  }
  if (auth.keys.empty()) return std::nullopt;
  const bool is_known = std::find(auth.keys.begin(), auth.keys.end(), key) != auth.keys.end();
  return is_known ? std::nullopt : std::optional(ErrorCondition::auth_invalid);
}

void answer_route(Exchange& exchange, const Routing& routing) {
  switch (routing.route) {
    case Route::health:
      return answer_health(exchange);
    case Route::ready:
      return answer_text(exchange, "ready");
    case Route::live:
      return answer_text(exchange, "alive");
    case Route::models:
      return answer_models(exchange);
    case Route::model:
      return answer_model(exchange, routing.parameter);
    case Route::chat:
      return answer_chat(exchange);
    case Route::server:
      break;
  }
}

void answer_routing(Exchange& exchange, const Routing& routing) {
  switch (routing.outcome) {
    case Routing::Outcome::not_found:
      return answer_error(exchange, {.condition = ErrorCondition::not_found});
    case Routing::Outcome::method_not_allowed:
      return answer_method_not_allowed(exchange, routing.allow);
    case Routing::Outcome::options:
      return answer_options(exchange, routing.allow);
    case Routing::Outcome::found:
      break;
  }
  if (needs_key(routing.route)) {
    const auto refused = refused_key(exchange.config().auth, exchange.request.api_key);
    if (refused) return answer_error(exchange, {.condition = *refused});
  }
  answer_route(exchange, routing);
}

}  // namespace

void answer_request(Exchange& exchange) {
  const lab::HttpRequest& http = *exchange.request.http;
  const Routing routing =
      find_route(http.method, exchange.request.path, exchange.config().profile.has_short_paths);
  exchange.record.route = route_label(routing);
  const auto& cors = exchange.config().profile.cors;
  if (cors && is_preflight(http.method, http.headers)) return answer_preflight(exchange, *cors);
  const bool is_chat = routing.outcome == Routing::Outcome::found && routing.route == Route::chat;
  if (is_chat) return answer_routing(exchange, routing);
  plan_route_faults(exchange, routing.parameter);
  answer_routing(exchange, routing);
  apply_route_faults(exchange);
}

}  // namespace mockgw
