#include "mockgw/gateway/gateway_limits.h"

#include <algorithm>
#include <string>
#include <vector>

namespace mockgw {
namespace {

using Scope = CircuitBreakerConfig::Scope;

// Models of one owner share a provider; each model is a deployment of its own.
std::string_view member_name(Scope scope, const ModelConfig& model) {
  switch (scope) {
    case Scope::provider:
      return model.owned_by;
    case Scope::model:
    case Scope::deployment:
      return model.id;
    case Scope::global:
      return "gateway";
  }
  return "gateway";
}

std::vector<std::string> member_names(Scope scope, const ModelsConfig& models) {
  std::vector<std::string> names;
  const auto add = [&](const ModelConfig& model) {
    const std::string_view name = member_name(scope, model);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  };
  for (const ModelConfig& model : models.models) add(model);
  for (const ModelConfig& model : models.any) add(model);
  return names;
}

}  // namespace

GatewayLimits::GatewayLimits(const RateLimitConfig& rate_limits,
                             const CircuitBreakerConfig& breaker, const ModelsConfig& models,
                             const lab::Rng& rng, lab::Duration unix_at_origin)
    : has_rate_limits_(!rate_limits.rules.empty()),
      has_breaker_(breaker.enabled),
      scope_(breaker.scope),
      rate_limiter_(rate_limits.rules, unix_at_origin),
      breakers_(breaker, member_names(breaker.scope, models), rng.child("breaker"),
                unix_at_origin) {}

lab::TimePoint GatewayLimits::in_order(lab::TimePoint now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

RateLimitDecision GatewayLimits::admit(const RateLimitSubject& subject, const RateLimitCost& cost,
                                       lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  return rate_limiter_.admit(subject, cost, in_order(now));
}

void GatewayLimits::complete(const RateLimitTicket& ticket, std::int64_t tokens_used,
                             lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  rate_limiter_.complete(ticket, tokens_used, in_order(now));
}

CircuitBreakerGroup::Permit GatewayLimits::try_acquire(const ModelConfig& model,
                                                       lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  return breakers_.try_acquire(member_name(scope_, model), in_order(now));
}

void GatewayLimits::on_result(const CircuitBreakerGroup::Permit& permit, const CallOutcome& outcome,
                              lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  breakers_.on_result(permit, outcome, in_order(now));
}

std::vector<std::pair<std::string, CircuitSnapshot>> GatewayLimits::breakers(lab::TimePoint now) {
  if (!has_breaker_) return {};
  const std::lock_guard lock(mutex_);
  return breakers_.snapshots(in_order(now));
}

bool GatewayLimits::force_breaker(std::string_view upstream, std::optional<CircuitState> state,
                                  lab::TimePoint now) {
  if (!has_breaker_) return false;
  const std::lock_guard lock(mutex_);
  return breakers_.force(upstream, state, in_order(now));
}

}  // namespace mockgw
