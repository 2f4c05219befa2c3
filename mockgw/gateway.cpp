#include "mockgw/gateway.h"

namespace mockgw {

Gateway::Gateway(GatewayConfig config, lab::TimePoint started, lab::WallTime wall_started)
    : started_(started),
      unix_at_origin_(wall_started.time_since_epoch() - started.time_since_epoch()),
      state_(std::make_shared<GatewayState>(std::move(config), unix_at_origin_)) {}

std::shared_ptr<GatewayState> Gateway::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Gateway::replace(GatewayConfig config) {
  auto next = std::make_shared<GatewayState>(std::move(config), unix_at_origin_);
  const std::lock_guard lock(mutex_);
  state_ = std::move(next);
  version_.fetch_add(1, std::memory_order_release);
}

const std::shared_ptr<GatewayState>& StateView::get() {
  const std::uint64_t version = gateway_.version();
  if (version != version_) {
    state_ = gateway_.state();
    version_ = version;
  }
  return state_;
}

}  // namespace mockgw
