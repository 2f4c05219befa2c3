#include "mockgw/admin/gateway_view.h"

namespace mockgw {

GatewayView view_gateway(const Gateway& gateway, lab::TimePoint now, lab::WallTime wall_now) {
  const std::shared_ptr<GatewayState> whole = gateway.state();
  GatewayView view{.now = now, .wall_now = wall_now, .uptime = now - gateway.started()};
  const lab::Duration elapsed = gateway.elapsed(now);
  const auto phase = phase_at(whole->config.timeline, elapsed);
  if (phase) view.phase = whole->config.timeline[*phase].name;
  const GatewayState& state = *GatewayState::at(whole, elapsed);
  view.counts = gateway.counts();
  view.gauges = gateway.gauges();
  view.queue = state.gate->occupancy();
  view.metrics = state.config.metrics;
  for (const ModelConfig& model : state.config.models.models) {
    view.providers[model.id] = model.owned_by;
  }
  for (const ModelConfig& model : state.config.models.any)
    view.providers[model.id] = model.owned_by;
  view.breakers = state.breakers->snapshots(now);
  return view;
}

}  // namespace mockgw
