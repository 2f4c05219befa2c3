#include "mockgw/answer/chat_limits.h"

#include <string>

#include "mockgw/profiles/rate_limit_headers.h"

namespace mockgw {
namespace {

// What tells clients behind one proxy apart.
std::string_view client_address(const ClientRequest& request) {
  const auto forwarded = request.headers().find("x-forwarded-for");
  if (!forwarded) return request.remote_address;
  return forwarded->substr(0, forwarded->find(','));
}

RateLimitCost cost_of(const ClientRequest& request) {
  const auto prompt = static_cast<std::int64_t>(request.prompt_tokens.total());
  const auto expected = static_cast<std::int64_t>(request.chat_model->tokens.output.mean());
  const std::int64_t most = request.chat->max_tokens.value_or(expected);
  return {.tokens_max = prompt + most, .tokens_estimate = prompt + std::min(most, expected)};
}

// Whose limit it is, as an error message may show it.
std::string subject_name(const RateLimitSubject& subject, RateLimitRule::KeyPart part) {
  switch (part) {
    case RateLimitRule::KeyPart::api_key:
      return mask_api_key(subject.api_key);
    case RateLimitRule::KeyPart::model:
      return std::string(subject.model);
    case RateLimitRule::KeyPart::tenant:
      return std::string(subject.tenant);
    case RateLimitRule::KeyPart::user:
      return std::string(subject.user);
    case RateLimitRule::KeyPart::ip:
      return std::string(subject.ip);
    case RateLimitRule::KeyPart::global:
      return "all";
  }
  return {};
}

// A breaker that is held open by force says no time; clients are told its usual one then.
std::optional<lab::Duration> retry_in(const CircuitPermit& permit,
                                      const CircuitBreakerConfig& breaker) {
  if (permit.retry_in) return permit.retry_in;
  const bool is_endless = breaker.open.duration == lab::Duration::max();
  return is_endless ? std::nullopt : std::optional(breaker.open.duration);
}

}  // namespace

std::optional<Refusal> check_rate_limits(Exchange& exchange) {
  // Requests pay for what is configured only.
  if (exchange.config().rate_limits.rules.empty()) return std::nullopt;
  const ClientRequest& request = exchange.request;
  const RateLimitSubject subject{.api_key = request.api_key,
                                 .model = request.model_name,
                                 .tenant = request.headers().find("x-tenant-id").value_or(""),
                                 .user = request.chat->user,
                                 .ip = client_address(request)};
  RateLimitDecision decision = exchange.state->rate_limits->at(
      exchange.moment.now(), &RateLimiter::admit, subject, cost_of(request));
  const RateLimitHeaderOptions& options = exchange.config().rate_limits.headers;
  const lab::WallTime wall_now = exchange.moment.wall_now();
  exchange.limit_headers = rate_limit_headers(decision, options, wall_now);
  if (decision.refusal) {
    Refusal refusal{.condition = decision.refusal->condition};
    describe_refusal(*decision.refusal, options, wall_now, refusal.values);
    refusal.values.set(Placeholder::limit_subject, subject_name(subject, decision.refusal->scope));
    return refusal;
  }
  exchange.owed.ticket = std::move(decision.ticket);
  return std::nullopt;
}

std::optional<Refusal> check_breaker(Exchange& exchange) {
  SharedBreakers& breakers = *exchange.state->breakers;
  if (!breakers.is_enabled()) return std::nullopt;
  const lab::TimePoint now = exchange.moment.now();
  const auto permit = breakers.try_acquire(*exchange.request.chat_model, now);
  if (permit.permit.is_granted) {
    exchange.owed.permit = permit;
    exchange.owed.called_at = now;
    return std::nullopt;
  }
  Refusal refusal{.condition = ErrorCondition::circuit_open};
  if (const auto wait = retry_in(permit.permit, exchange.config().circuit_breaker)) {
    using std::chrono::ceil;
    const auto whole_seconds = ceil<std::chrono::seconds>(*wait).count();
    refusal.values.set(Placeholder::retry_after_seconds, std::to_string(whole_seconds));
    refusal.values.set(Placeholder::retry_after_text,
                       lab::format_duration(ceil<std::chrono::milliseconds>(*wait)));
  }
  return refusal;
}

}  // namespace mockgw
