#include "mockgw/gateway/shared_breakers.h"

#include <algorithm>

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

SharedBreakers::SharedBreakers(const CircuitBreakerConfig& config, const ModelsConfig& models,
                               const lab::Rng& rng, GatewayClock clock)
    : is_enabled_(config.enabled),
      scope_(config.scope),
      breakers_(config, member_names(config.scope, models), rng.child("breaker"),
                clock.unix_at_origin, clock.began) {}

CircuitBreakerGroup::Permit SharedBreakers::try_acquire(const ModelConfig& model,
                                                        lab::TimePoint now) {
  return breakers_.at(now, &CircuitBreakerGroup::try_acquire, member_name(scope_, model));
}

void SharedBreakers::on_result(const CircuitBreakerGroup::Permit& permit,
                               const CallOutcome& outcome, lab::TimePoint now) {
  breakers_.at(now, &CircuitBreakerGroup::on_result, permit, outcome);
}

void SharedBreakers::on_attempt(const CircuitBreakerGroup::Permit& permit,
                                const CallOutcome& outcome, lab::TimePoint now) {
  breakers_.at(now, &CircuitBreakerGroup::on_attempt, permit, outcome);
}

std::vector<std::pair<std::string, CircuitSnapshot>> SharedBreakers::snapshots(lab::TimePoint now) {
  if (!is_enabled_) return {};
  return breakers_.at(now, &CircuitBreakerGroup::snapshots);
}

bool SharedBreakers::force(std::string_view upstream, std::optional<CircuitState> state,
                           lab::TimePoint now) {
  if (!is_enabled_) return false;
  return breakers_.at(now, &CircuitBreakerGroup::force, upstream, state);
}

}  // namespace mockgw
