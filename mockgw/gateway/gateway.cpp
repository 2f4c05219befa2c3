#include "mockgw/gateway/gateway.h"

namespace mockgw {

Gateway::Gateway(GatewayConfig config, lab::TimePoint started, lab::WallTime wall_started)
    : started_(started),
      unix_at_origin_(wall_started.time_since_epoch() - started.time_since_epoch()),
      state_(std::make_shared<GatewayState>(std::move(config), unix_at_origin_, nullptr)) {}

std::shared_ptr<GatewayState> Gateway::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Gateway::replace(GatewayConfig config) {
  const std::lock_guard lock(mutex_);
  state_ = std::make_shared<GatewayState>(std::move(config), unix_at_origin_, state_.get());
  version_.fetch_add(1, std::memory_order_release);
}

const std::shared_ptr<GatewayState>& StateView::get(lab::Duration elapsed) {
  const std::uint64_t version = gateway_.version();
  if (version != version_) {
    state_ = gateway_.state();
    version_ = version;
  }
  return GatewayState::at(state_, elapsed);
}

}  // namespace mockgw
