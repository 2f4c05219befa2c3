#include "loader/flow/gateway_client.h"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "loader/flow/flow_samples.h"

namespace loader {
namespace {

constexpr std::size_t kBodyBytesKept = 8 * 1024;

// Where an answer points to; none if it is no redirect.
std::optional<lab::Result<Url>> redirect_target(const HttpOutcome& outcome, const Url& current) {
  switch (outcome.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      break;
    default:
      return std::nullopt;
  }
  const auto location = outcome.headers.find("Location");
  if (!location || location->empty()) return std::nullopt;
  return resolve_url(current, *location);
}

// As k6 has it, an answer that points nowhere is none.
void fail_redirect(HttpOutcome& outcome, const lab::Error& error) {
  outcome.status = 0;
  outcome.error = {kErrorGeneric, error.what};
}

// RFC 9110, 15.4: 307 and 308 keep the method; of the others, user agents make a GET.
void redirect(lab::HttpRequest& request, unsigned status, const Url& from, const Url& to) {
  const bool keeps_method = status == 307 || status == 308;
  if (!keeps_method && request.method != "GET" && request.method != "HEAD") {
    request.method = "GET";
    request.body.clear();
    request.headers.remove("Content-Type");
    request.headers.remove("Content-Length");
  }
  // The key is for the gateway, not for whomever it points to; and so is a Host of the step's own.
  if (from.host != to.host || from.port != to.port) {
    request.headers.remove("Authorization");
    request.headers.remove("Host");
  }
  request.target = to.target;
}

// As Go's client does: where a redirect came from, but not out of a secure page (RFC 9110, 10.1.3).
void refer(lab::HttpRequest& request, const Url& from, const Url& to) {
  if (from.is_https && !to.is_https) {
    request.headers.remove("Referer");
  } else {
    request.headers.set("Referer", from.to_string());
  }
}

// What a header sets, a redirect does not take along.
void send_cookies(const GatewayCall& call, const Url& url, bool is_redirected,
                  const lab::Runtime& runtime) {
  lab::HttpHeaders& headers = call.request->headers;
  if (is_redirected) headers.remove("Cookie");
  const std::string cookies = cookie_field(call, url, runtime);
  if (!cookies.empty()) headers.set("Cookie", cookies);
}

// As Go's client does where it keeps no connection: a server need not wait for another request.
void say_if_last(lab::HttpHeaders& headers, const ClientOptions& client) {
  if (!client.no_connection_reuse || headers.has_token("Connection", "close")) return;
  headers.add("Connection", "close");
}

void take_cookies(const HttpOutcome& outcome, CookieJar& jar, const Url& url,
                  const lab::Runtime& runtime) {
  if (!outcome.has_response()) return;
  for (std::size_t i = 0; i < outcome.headers.size(); ++i) {
    const lab::HttpHeaders::Field field = outcome.headers[i];
    if (lab::equals_ignore_case(field.name, "Set-Cookie")) {
      jar.store(url, field.value, runtime.wall_now());
    }
  }
}

// A step's name stands for all its URLs, and would hide which of them was not to be reached.
void name_unreached(HttpOutcome& outcome, const Url& url) {
  std::string& text = outcome.error.text;
  const bool is_unreached = text.starts_with("dial: ") || text.starts_with("lookup: ");
  if (is_unreached) text += " (" + url.authority() + ")";
}

// As in k6, whose users say how many they want if they mean to see a redirect itself.
void warn_of_last_redirect(RunContext& context, std::uint32_t followed, const HttpOutcome& outcome,
                           const Url& url) {
  if (followed != kRedirectsMaxDefault || !redirect_target(outcome, url)) return;
  context.warn_once("stopped after " + std::to_string(followed) +
                    " redirects, and took the last for the answer: " + url.to_string() +
                    "; the option maxRedirects says how many are followed");
}

boost::asio::awaitable<void> wait_for_turn(RunContext* context) {
  lab::Runtime& runtime = context->runtime();
  const lab::TimePoint turn = context->settings().rate_gate->reserve(runtime.now());
  if (turn <= runtime.now()) co_return;
  const lab::ErrorCode ec = co_await runtime.sleep_until(turn);
  if (ec) throw boost::system::system_error(ec);
}

void add_samples(Metrics& metrics, const GatewayCall& call, const GatewayResponse& response) {
  const Metrics::OfRequest of_request(metrics, request_id_of(*call.request), call.metadata);
  add_http_samples(metrics, response.outcome, response.tags, call.step->has_expectation);
}

void note_hop(RunContext& context, const GatewayCall& call, const StepTarget& target,
              bool is_redirected, GatewayResponse& response) {
  response.outcome.is_expected = call.step->expects(response.outcome.status);
  response.tags = context.tags().request({.step = call.step,
                                          .base = call.base,
                                          .url = &target.text,
                                          .method = call.request->method,
                                          .model = call.model,
                                          .outcome = &response.outcome,
                                          .is_redirected = is_redirected});
  add_samples(context.metrics(), call, response);
}

}  // namespace

// As in k6: first those of a header, then those of the request's own, then the jar's.
std::string cookie_field(const GatewayCall& call, const Url& url, const lab::Runtime& runtime) {
  std::string cookies(call.request->headers.find("Cookie").value_or(""));
  const auto append = [&cookies](const std::string& field) {
    if (!field.empty()) cookies += (cookies.empty() ? "" : "; ") + field;
  };
  std::span<const std::string> replaced;
  if (call.own_cookies != nullptr) {
    append(call.own_cookies->field);
    replaced = call.own_cookies->replaced;
  }
  if (call.cookies != nullptr && !call.cookies->empty()) {
    append(call.cookies->header_for(url, runtime.wall_now(), replaced));
  }
  return cookies;
}

void trim_body(std::string& body) {
  if (body.capacity() > kBodyBytesKept) std::string().swap(body);
}

void GatewayExchange::trim() {
  trim_body(request.body);
  trim_body(response.outcome.body);
}

void fail_unsent(RunContext& context, const GatewayCall& call, RequestError error,
                 GatewayResponse& response) {
  const lab::TimePoint now = context.runtime().now();
  response.outcome = {};
  response.outcome.error = std::move(error);
  response.outcome.started = now;
  response.outcome.send_started = now;
  response.outcome.finished = now;
  response.redirected.reset();
  note_hop(context, call, *call.target, false, response);
}

boost::asio::awaitable<void> send_to_gateway(RunContext* context, HttpClient* client,
                                             GatewayCall call, GatewayResponse* response) {
  const StepTarget* target = call.target;
  lab::TimePoint started{};
  lab::Duration left = call.timeout;
  const bool has_referer = call.request->headers.find("Referer").has_value();
  response->redirected.reset();
  say_if_last(call.request->headers, context->client());
  if (context->settings().rate_gate) co_await wait_for_turn(context);
  for (std::uint32_t hop = 0;; ++hop) {
    if (call.cookies != nullptr || call.own_cookies != nullptr) {
      send_cookies(call, target->url, hop > 0, context->runtime());
    }
    co_await client->perform({.url = &target->url,
                              .request = call.request,
                              .meter = call.meter,
                              .keeps_body = call.keeps_body,
                              .discards_body = call.discards_body,
                              .sink = call.sink,
                              .timeout = left,
                              .is_due = call.is_due || hop > 0},
                             &response->outcome);
    if (call.cookies != nullptr) {
      take_cookies(response->outcome, *call.cookies, target->url, context->runtime());
    }
    if (hop == 0) started = response->outcome.started;
    std::optional<lab::Result<Url>> next;
    if (hop < call.redirects_max) {
      next = redirect_target(response->outcome, target->url);
    } else {
      warn_of_last_redirect(*context, call.redirects_max, response->outcome, target->url);
    }
    if (hop > 0 && call.names_unreached) name_unreached(response->outcome, target->url);
    if (next && next->has_error()) fail_redirect(response->outcome, next->error());
    note_hop(*context, call, *target, hop > 0, *response);
    if (!next || next->has_error()) break;
    left = std::max(started + call.timeout - response->outcome.finished, lab::Duration(1));
    redirect(*call.request, response->outcome.status, target->url, **next);
    if (!has_referer) refer(*call.request, target->url, **next);
    std::string text = (*next)->to_string();
    target = &response->redirected.emplace(std::move(**next), std::move(text));
  }
  response->outcome.started = started;
}

}  // namespace loader
