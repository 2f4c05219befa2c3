#include "mockgw/gateway/gateway.h"

#include <algorithm>

namespace mockgw {

Gateway::Gateway(GatewayConfig config, lab::TimePoint started, lab::WallTime wall_started,
                 ConfigOverrides overrides)
    : started_(started),
      unix_at_origin_(wall_started.time_since_epoch() - started.time_since_epoch()),
      began_(started),
      overrides_(std::move(overrides)),
      state_(std::make_shared<GatewayState>(std::move(config),
                                            GatewayClock{unix_at_origin_, started}, nullptr)) {}

lab::Duration Gateway::elapsed(lab::TimePoint now) const {
  return std::max(lab::Duration::zero(), now - began_.load(std::memory_order_relaxed));
}

std::shared_ptr<GatewayState> Gateway::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Gateway::replace(GatewayConfig config, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  state_ = std::make_shared<GatewayState>(std::move(config), GatewayClock{unix_at_origin_, now},
                                          state_.get());
  began_.store(now, std::memory_order_relaxed);
  version_.fetch_add(1, std::memory_order_release);
}

void Gateway::reset(lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (const auto& thread : threads_) thread->reset();
  state_ =
      std::make_shared<GatewayState>(state_->config, GatewayClock{unix_at_origin_, now}, nullptr);
  began_.store(now, std::memory_order_relaxed);
  version_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<ThreadCounters> Gateway::add_thread() {
  const std::lock_guard lock(mutex_);
  return threads_.emplace_back(std::make_shared<ThreadCounters>());
}

RequestCounts Gateway::counts() const {
  const std::lock_guard lock(mutex_);
  RequestCounts counts;
  for (const auto& thread : threads_) counts.add(thread->counts());
  return counts;
}

Gateway::Gauges Gateway::gauges() const {
  const std::lock_guard lock(mutex_);
  Gauges gauges;
  for (const auto& thread : threads_) {
    gauges.in_flight += thread->in_flight();
    gauges.connections_open += thread->connections_open();
  }
  return gauges;
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
