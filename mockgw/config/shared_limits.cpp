#include "mockgw/config/shared_limits.h"

#include <algorithm>
#include <set>

namespace mockgw {
namespace {

bool has_cache(const GatewayConfig& config) {
  const auto is_cached = [](const ModelConfig& model) {
    return model.latency.prefix_cache.has_value();
  };
  return config.latency.prefix_cache.has_value() ||
         std::ranges::any_of(config.models.models, is_cached) ||
         std::ranges::any_of(config.models.any, is_cached);
}

void add_limits(const GatewayConfig& config, std::set<std::string>& limits) {
  const auto counts = [](const FaultRule& rule) {
    return rule.match.every_nth > 1 || rule.match.first_n > 0;
  };
  if (!config.rate_limits.rules.empty()) limits.insert("rate_limits");
  if (config.overload.max_concurrency > 0 || config.overload.batch) limits.insert("overload");
  if (config.circuit_breaker.enabled && !config.circuit_breaker.forced) {
    limits.insert("circuit_breaker");
  }
  if (std::ranges::any_of(config.faults, counts)) limits.insert("faults that count requests");
  if (has_cache(config)) limits.insert("latency.prefix_cache");
}

}  // namespace

std::vector<std::string> shared_limits(const GatewayConfig& config) {
  std::set<std::string> limits;
  add_limits(config, limits);
  for (const auto& phase : config.phases) add_limits(*phase, limits);
  return {limits.begin(), limits.end()};
}

}  // namespace mockgw
