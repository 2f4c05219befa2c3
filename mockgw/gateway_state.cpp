#include "mockgw/gateway_state.h"

#include <vector>

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

}  // namespace

GatewayState::GatewayState(GatewayConfig gateway_config, lab::Duration unix_at_origin)
    : config(std::move(gateway_config)),
      identity_headers(config.profile),
      rng(config.seed),
      models_body(models_json(config.models)),
      faults(config.faults),
      limits(config.rate_limits, config.circuit_breaker, config.models, rng, unix_at_origin) {}

}  // namespace mockgw
