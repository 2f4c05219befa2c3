// What all threads of a gateway share: the configuration in force and the count of requests.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "mockgw/gateway/gateway_state.h"
#include "shared/base/time.h"

namespace mockgw {

/// Thread-safe.
class Gateway {
 public:
  /// `started` and `wall_started` are the same instant.
  Gateway(GatewayConfig config, lab::TimePoint started, lab::WallTime wall_started);

  [[nodiscard]] std::shared_ptr<GatewayState> state() const;
  /// Changes with every replace(), so that a thread need not take the lock to see that nothing has
  /// changed.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Puts another configuration in force for the requests to come. Its timeline counts from the
  /// gateway's start, as the first one's did.
  void replace(GatewayConfig config);

  [[nodiscard]] lab::TimePoint started() const { return started_; }
  /// 1 for the first request.
  [[nodiscard]] std::uint64_t next_request_number() {
    return requests_.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  [[nodiscard]] std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }

 private:
  const lab::TimePoint started_;
  const lab::Duration unix_at_origin_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> version_{1};
  mutable std::mutex mutex_;
  std::shared_ptr<GatewayState>
      state_;  // Shared with the threads' copies and the answers under way.
};

/// One thread's view of the gateway's state.
class StateView {
 public:
  explicit StateView(Gateway& gateway) : gateway_(gateway) {}

  /// The state in force so long after the gateway's start.
  [[nodiscard]] const std::shared_ptr<GatewayState>& get(lab::Duration elapsed);

 private:
  Gateway& gateway_;
  std::uint64_t version_ = 0;
  std::shared_ptr<GatewayState> state_;
};

}  // namespace mockgw
