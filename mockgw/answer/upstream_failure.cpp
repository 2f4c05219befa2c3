#include "mockgw/answer/upstream_failure.h"

#include <utility>

namespace mockgw {
namespace {

using std::chrono::milliseconds;

// What it is when the upstream answers with a status.
ErrorCondition condition_of(unsigned status) {
  switch (status) {
    case 408:
    case 504:
      return ErrorCondition::upstream_timeout;
    case 429:
      return ErrorCondition::upstream_429;
    case 502:
      return ErrorCondition::upstream_connect;
    case 503:
      return ErrorCondition::upstream_overloaded;
    default:
      return status >= 400 && status < 500 ? ErrorCondition::upstream_4xx
                                           : ErrorCondition::upstream_5xx;
  }
}

ErrorCondition condition_of(const Fault& fault) {
  return fault.kind == FaultKind::status ? condition_of(fault.status) : fault.condition;
}

bool is_of_upstream(ErrorCondition condition) {
  return condition == ErrorCondition::upstream_timeout ||
         condition == ErrorCondition::upstream_connect ||
         condition == ErrorCondition::upstream_4xx || condition == ErrorCondition::upstream_5xx ||
         condition == ErrorCondition::upstream_overloaded ||
         condition == ErrorCondition::upstream_429;
}

bool fails_in_band(const Exchange& exchange, const FailedCall& call) {
  const StreamingBehaviour& streaming = exchange.config().profile.streaming;
  return call.is_stream && is_of_upstream(call.condition) &&
         streaming.commit_headers == StreamingBehaviour::CommitHeaders::immediate &&
         streaming.pre_token_error == StreamingBehaviour::PreTokenError::in_band;
}

// What an upstream says that gave no words of its own.
std::string_view usual_message(ErrorCondition condition) {
  switch (condition) {
    case ErrorCondition::upstream_4xx:
      return "The request was refused.";
    case ErrorCondition::upstream_429:
      return "Rate limit reached for requests";
    case ErrorCondition::upstream_overloaded:
      return "The model is overloaded. Please try again later.";
    default:
      return "The server had an error while processing your request.";
  }
}

// Numbers for the texts of conditions that a fault rule brings about without their cause.
void set_limit_values(const Exchange& exchange, ErrorCondition condition,
                      PlaceholderValues& values) {
  const bool is_tokens = condition == ErrorCondition::rate_limited_tokens ||
                         condition == ErrorCondition::rate_limited_too_large;
  constexpr auto kWait = std::chrono::seconds(1);
  values.set(Placeholder::limit, "100");
  values.set(Placeholder::used, "100");
  values.set(Placeholder::requested, "101");
  values.set(Placeholder::remaining, "0");
  values.set(Placeholder::limit_unit,
             is_tokens ? "tokens per min (TPM)" : "requests per min (RPM)");
  values.set(Placeholder::limit_kind, is_tokens ? "tokens" : "requests");
  values.set(Placeholder::limit_scope, "api_key");
  values.set(Placeholder::limit_subject, mask_api_key(exchange.request.api_key));
  values.set(Placeholder::retry_after_seconds, "1");
  values.set(Placeholder::retry_after_text, "1s");
  values.set(Placeholder::reset_at, lab::format_rfc3339(exchange.moment.wall_now() + kWait));
  values.set(Placeholder::allow, "POST");
}

std::string milliseconds_text(lab::Duration d) {
  return std::to_string(std::chrono::duration_cast<milliseconds>(d).count());
}

PlaceholderValues timeout_values(const UpstreamTimeout& timeout) {
  PlaceholderValues values;
  values.set(Placeholder::timeout_ms, milliseconds_text(timeout.limit));
  return values;
}

void answer_verbatim(Exchange& exchange, const Fault& fault, lab::Duration due) {
  const std::string& body = *fault.body;
  const bool is_json = body.starts_with('{') || body.starts_with('[');
  answer_plainly(exchange, fault.status, is_json ? "application/json" : "text/plain", due);
  exchange.response.body = body;
}

}  // namespace

StreamTexts stream_texts(const Exchange& exchange, lab::Duration due,
                         const std::optional<ErrorCondition>& failed, PlaceholderValues values) {
  const Profile& profile = exchange.config().profile;
  const StreamingBehaviour& streaming = profile.streaming;
  StreamTexts texts{.error = {}, .trailer = {}, .comment = streaming.keepalive_comment};
  const bool has_trailer = !streaming.trailer_event.empty();
  if (!failed && !has_trailer) return texts;  // As nearly every stream.
  values = placeholders_of(exchange, std::move(values), due);
  if (failed) {
    texts.error.event = streaming.error_event;
    texts.error.data = render_stream_error(profile, *failed, values).value_or("");
  }
  if (has_trailer) {
    texts.trailer.event = streaming.trailer_event;
    texts.trailer.data = failed ? render_error(profile, *failed, values).body
                                : wrap_completion(profile, std::nullopt, values);
  }
  return texts;
}

void answer_script(Exchange& exchange) {
  answer_plainly(exchange, 200, "text/event-stream", exchange.script.front().due);
  exchange.response.headers.add("cache-control", "no-cache");
  exchange.reply.kind = Reply::Kind::stream;
}

void answer_failure(Exchange& exchange, FailedCall call) {
  if (!fails_in_band(exchange, call)) {
    return answer_error(exchange, {.condition = call.condition, .values = std::move(call.values)},
                        call.due);
  }
  exchange.texts = stream_texts(exchange, call.due, call.condition, std::move(call.values));
  exchange.reply.condition = call.condition;
  exchange.script = script_failed_stream(exchange.config().profile.streaming, call.due,
                                         std::move(exchange.script));
  answer_script(exchange);
}

void answer_timeout(Exchange& exchange, const UpstreamTimeout& timeout, bool is_stream) {
  Reply& reply = exchange.reply;
  reply.call.outcome = {.kind = CallOutcome::Kind::timeout};
  FailedCall call{.condition = ErrorCondition::upstream_timeout,
                  .values = timeout_values(timeout),
                  .due = timeout.at,
                  .is_stream = is_stream};
  if (reply.kind != Reply::Kind::stream) return answer_failure(exchange, std::move(call));
  exchange.script =
      script_given_up(exchange.config().profile.streaming, timeout.at, std::move(exchange.script));
  if (exchange.script.empty()) return answer_failure(exchange, std::move(call));
  exchange.texts = timeout_texts(exchange, timeout);
  reply.condition = call.condition;
}

StreamTexts timeout_texts(const Exchange& exchange, const UpstreamTimeout& timeout) {
  return stream_texts(exchange, timeout.at, ErrorCondition::upstream_timeout,
                      timeout_values(timeout));
}

PlaceholderValues values_of(const Exchange& exchange, const Fault& fault) {
  const ErrorCondition condition = condition_of(fault);
  PlaceholderValues values;
  if (fault.kind == FaultKind::status) {
    values.set(Placeholder::upstream_status, std::to_string(fault.status));
  }
  if (fault.kind == FaultKind::error) set_limit_values(exchange, condition, values);
  values.set(Placeholder::upstream_message,
             fault.message.empty() ? std::string(usual_message(condition)) : fault.message);
  values.set(Placeholder::detail, fault.message.empty()
                                      ? "A fault rule of the gateway refused this request."
                                      : fault.message);
  if (const auto limit = exchange.config().timeouts.request) {
    values.set(Placeholder::timeout_ms, milliseconds_text(*limit));
  }
  return values;
}

void answer_fault(Exchange& exchange, const Fault& fault, lab::Duration due, bool is_stream) {
  if (fault.body) {
    answer_verbatim(exchange, fault, due);
  } else {
    answer_failure(exchange, {.condition = condition_of(fault),
                              .values = values_of(exchange, fault),
                              .due = due,
                              .is_stream = is_stream});
  }
  lab::HttpHeaders& headers = exchange.response.headers;
  if (!fault.retry_after.empty()) headers.set("retry-after", fault.retry_after);
  for (const auto& [name, value] : fault.headers) headers.set(name, value);
}

CallOutcome outcome_of(const Fault& fault) {
  using Kind = CallOutcome::Kind;
  if (fault.kind == FaultKind::status) return {.kind = Kind::response, .status = fault.status};
  switch (fault.condition) {
    case ErrorCondition::upstream_timeout:
      return {.kind = Kind::timeout};
    case ErrorCondition::upstream_connect:
      return {.kind = Kind::connect};
    case ErrorCondition::upstream_4xx:
      return {.kind = Kind::response, .status = 400};
    case ErrorCondition::upstream_5xx:
      return {.kind = Kind::response, .status = 500};
    case ErrorCondition::upstream_overloaded:
      return {.kind = Kind::response, .status = 503};
    case ErrorCondition::upstream_429:
      return {.kind = Kind::response, .status = 429};
    case ErrorCondition::concurrency_limited:
    case ErrorCondition::queue_full:
    case ErrorCondition::queue_timeout:
      return {.kind = Kind::rejected};
    default:
      // The gateway itself refused: that says nothing of the upstream.
      return {.kind = Kind::cancelled};
  }
}

}  // namespace mockgw
