#include "mockgw/gateway/gateway_state.h"

#include <algorithm>
#include <vector>

#include "mockgw/gateway/admission_gate.h"
#include "shared/base/json.h"
#include "shared/protocol/model_list.h"

namespace mockgw {
namespace {

std::string models_json(const ModelsConfig& models) {
  std::vector<lab::ModelEntry> entries;
  for (const ModelConfig& model : models.models) {
    entries.push_back({.id = model.id, .created = model.created, .owned_by = model.owned_by});
  }
  return lab::write_model_list(entries);
}

// The same upstreams, in the eyes of a circuit breaker.
bool same_upstreams(const ModelsConfig& a, const ModelsConfig& b) {
  const auto same = [](const ModelConfig& x, const ModelConfig& y) {
    return x.id == y.id && x.owned_by == y.owned_by;
  };
  return std::equal(a.models.begin(), a.models.end(), b.models.begin(), b.models.end(), same) &&
         std::equal(a.any.begin(), a.any.end(), b.any.begin(), b.any.end(), same);
}

std::shared_ptr<FaultRules> faults_of(const GatewayConfig& config, const GatewayState* previous) {
  if (previous && to_json(previous->config.faults) == to_json(config.faults)) {
    return previous->faults;
  }
  return std::make_shared<FaultRules>(config.faults);
}

std::shared_ptr<SharedInOrder<RateLimiter>> rate_limits_of(const RateLimitConfig& config,
                                                           lab::Duration unix_at_origin,
                                                           const GatewayState* previous) {
  if (previous && to_json(previous->config.rate_limits) == to_json(config)) {
    return previous->rate_limits;
  }
  return std::make_shared<SharedInOrder<RateLimiter>>(config.rules, unix_at_origin,
                                                      config.headers.tell_every_rule());
}

std::shared_ptr<SharedBreakers> breakers_of(const GatewayConfig& config, GatewayClock clock,
                                            const GatewayState* previous) {
  if (previous && to_json(previous->config.circuit_breaker) == to_json(config.circuit_breaker) &&
      same_upstreams(previous->config.models, config.models)) {
    return previous->breakers;
  }
  return std::make_shared<SharedBreakers>(config.circuit_breaker, config.models,
                                          lab::Rng(config.seed), clock);
}

bool same_caches(const ModelsConfig& a, const ModelsConfig& b) {
  const auto same = [](const ModelConfig& x, const ModelConfig& y) {
    return x.id == y.id && x.latency.prefix_cache == y.latency.prefix_cache;
  };
  return std::equal(a.models.begin(), a.models.end(), b.models.begin(), b.models.end(), same) &&
         std::equal(a.any.begin(), a.any.end(), b.any.begin(), b.any.end(), same);
}

std::shared_ptr<PromptCaches> prompt_caches_of(const ModelsConfig& models,
                                               const GatewayState* previous) {
  if (previous && same_caches(previous->config.models, models)) return previous->prompt_caches;
  auto caches = std::make_shared<PromptCaches>();
  for (const auto* list : {&models.models, &models.any}) {
    for (const ModelConfig& model : *list) {
      if (const auto& cache = model.latency.prefix_cache) caches->try_emplace(model.id, *cache);
    }
  }
  return caches;
}

bool same_overload(const GatewayConfig& config, const GatewayState* previous) {
  return previous && to_json(previous->config.overload) == to_json(config.overload);
}

}  // namespace

GatewayState::GatewayState(GatewayConfig gateway_config, GatewayClock clock,
                           const GatewayState* previous)
    : config(std::move(gateway_config)),
      identity_headers(config.profile),
      rng(config.seed),
      models_body(models_json(config.models)),
      faults(faults_of(config, previous)),
      rate_limits(rate_limits_of(config.rate_limits, clock.unix_at_origin, previous)),
      breakers(breakers_of(config, clock, previous)),
      gate(same_overload(config, previous) ? previous->gate
                                           : std::make_shared<AdmissionGate>(config.overload)),
      batch(same_overload(config, previous) ? previous->batch
                                            : std::make_shared<BatchGate>(config.overload.batch)),
      prompt_caches(prompt_caches_of(config.models, previous)) {
  for (const auto& phase : config.phases) {
    phases_.push_back(std::make_shared<GatewayState>(*phase, clock, this));
  }
}

const std::shared_ptr<GatewayState>& GatewayState::at(const std::shared_ptr<GatewayState>& state,
                                                      lab::Duration elapsed) {
  // The caller keeps `state` alive (it is the gateway's own), and calls this for every request.
  if (state->phases_.empty()) return state;  // NOLINT(bugprone-return-const-ref-from-parameter)
  const auto phase = phase_at(state->config.timeline, elapsed);
  return phase ? state->phases_[*phase] : state;
}

}  // namespace mockgw
