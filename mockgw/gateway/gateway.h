// What all threads of a gateway share: the configuration in force and what is counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "mockgw/gateway/gateway_state.h"
#include "mockgw/gateway/request_counters.h"
#include "shared/base/time.h"

namespace mockgw {

/// Thread-safe.
class Gateway {
 public:
  /// `started` and `wall_started` are the same instant. `overrides` are the flags that `config` was
  /// read with; a file that replaces it later is to be read with the same.
  Gateway(GatewayConfig config, lab::TimePoint started, lab::WallTime wall_started,
          ConfigOverrides overrides = {});

  [[nodiscard]] std::shared_ptr<GatewayState> state() const;
  /// Changes with every replace(), so that a thread need not take the lock to see that nothing has
  /// changed.
  [[nodiscard]] std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Puts another configuration in force for the requests to come. Its faults, drift and timeline
  /// count from `now`.
  void replace(GatewayConfig config, lab::TimePoint now);
  /// Counters are zero again; limits, breakers, fault rules, the queue, and the clock of faults,
  /// drift and timeline begin afresh, as at the start. Answers under way go on with what they began
  /// with.
  void reset(lab::TimePoint now);
  [[nodiscard]] const ConfigOverrides& overrides() const { return overrides_; }

  [[nodiscard]] lab::TimePoint started() const { return started_; }
  /// What faults, drift and timeline go by. Zero for a `now` before their clock began: a request
  /// may have arrived on another thread just before that.
  [[nodiscard]] lab::Duration elapsed(lab::TimePoint now) const;
  /// 1 for the first request.
  [[nodiscard]] std::uint64_t next_request_number() {
    return requests_.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  [[nodiscard]] std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }

  /// The counters of one more thread.
  [[nodiscard]] std::shared_ptr<ThreadCounters> add_thread();
  /// Those of all threads together.
  [[nodiscard]] RequestCounts counts() const;
  struct Gauges {
    std::int64_t in_flight = 0;  ///< Requests.
    std::int64_t connections_open = 0;
  };
  [[nodiscard]] Gauges gauges() const;

 private:
  const lab::TimePoint started_;
  const lab::Duration unix_at_origin_;
  std::atomic<lab::TimePoint> began_;  // Started, or last begun afresh.
  const ConfigOverrides overrides_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> version_{1};
  mutable std::mutex mutex_;
  std::shared_ptr<GatewayState>
      state_;  // Shared with the threads' copies and the answers under way.
  std::vector<std::shared_ptr<ThreadCounters>> threads_;  // Shared with the threads' servers.
};

/// One thread's view of the gateway's state.
class StateView {
 public:
  explicit StateView(Gateway& gateway) : gateway_(gateway) {}

  /// The state in force so long after the gateway's clock began.
  [[nodiscard]] const std::shared_ptr<GatewayState>& get(lab::Duration elapsed);

 private:
  Gateway& gateway_;
  std::uint64_t version_ = 0;
  std::shared_ptr<GatewayState> state_;
};

}  // namespace mockgw
