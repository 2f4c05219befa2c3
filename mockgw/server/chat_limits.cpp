#include "mockgw/server/chat_limits.h"

#include <string>

#include "mockgw/profiles/rate_limit_headers.h"

namespace mockgw {
namespace {

// What tells clients behind one proxy apart.
std::string_view client_address(const RequestContext& context) {
  const auto forwarded = context.request.headers.find("x-forwarded-for");
  if (!forwarded) return context.remote_address;
  return forwarded->substr(0, forwarded->find(','));
}

RateLimitCost cost_of(const RequestContext& context, const lab::ChatRequest& request,
                      const ModelConfig& model) {
  const auto prompt = static_cast<std::int64_t>(context.prompt_tokens.total());
  const auto expected = static_cast<std::int64_t>(model.tokens.output.mean());
  const std::int64_t most = request.max_tokens.value_or(expected);
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

std::optional<Refusal> check_rate_limits(RequestContext& context, const lab::ChatRequest& request,
                                         const ModelConfig& model) {
  if (!context.state.rate_limits->is_limited()) return std::nullopt;
  const RateLimitSubject subject{.api_key = context.api_key,
                                 .model = request.model,
                                 .tenant = context.request.headers.find("x-tenant-id").value_or(""),
                                 .user = request.user,
                                 .ip = client_address(context)};
  RateLimitDecision decision =
      context.state.rate_limits->admit(subject, cost_of(context, request, model), context.now);
  const RateLimitHeaderOptions& options = context.state.config.rate_limits.headers;
  context.limit_headers = rate_limit_headers(decision, options, context.wall_now);
  if (decision.refusal) {
    Refusal refusal{decision.refusal->condition, {}};
    describe_refusal(*decision.refusal, options, context.wall_now, refusal.details.values);
    refusal.details.values.set(Placeholder::limit_subject,
                               subject_name(subject, decision.refusal->scope));
    return refusal;
  }
  context.settlement.ticket = std::move(decision.ticket);
  return std::nullopt;
}

std::optional<Refusal> check_breaker(RequestContext& context, const ModelConfig& model) {
  if (!context.state.breakers->is_enabled()) return std::nullopt;
  const CircuitBreakerGroup::Permit permit =
      context.state.breakers->try_acquire(model, context.now);
  if (permit.permit.is_granted) {
    context.settlement.permit = permit;
    context.settlement.called_at = context.now;
    return std::nullopt;
  }
  Refusal refusal{Condition::circuit_open, {}};
  if (const auto wait = retry_in(permit.permit, context.state.config.circuit_breaker)) {
    using std::chrono::ceil;
    const auto whole_seconds = ceil<std::chrono::seconds>(*wait).count();
    refusal.details.values.set(Placeholder::retry_after_seconds, std::to_string(whole_seconds));
    refusal.details.values.set(Placeholder::retry_after_text,
                               lab::format_duration(ceil<std::chrono::milliseconds>(*wait)));
  }
  return refusal;
}

}  // namespace mockgw
