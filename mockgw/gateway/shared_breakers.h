// The circuit breakers that all requests of a gateway share, behind one lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/breaker/circuit_breaker_group.h"
#include "mockgw/config/models_config.h"
#include "mockgw/gateway/gateway_clock.h"
#include "mockgw/gateway/shared_in_order.h"

namespace mockgw {

/// Thread-safe.
class SharedBreakers {
 public:
  SharedBreakers(const CircuitBreakerConfig& config, const ModelsConfig& models,
                 const lab::Rng& rng, GatewayClock clock);

  /// Requests pay for breakers that are configured only.
  [[nodiscard]] bool is_enabled() const { return is_enabled_; }

  /// Of the upstream that serves `model`.
  [[nodiscard]] CircuitBreakerGroup::Permit try_acquire(const ModelConfig& model,
                                                        lab::TimePoint now);
  void on_result(const CircuitBreakerGroup::Permit& permit, const CallOutcome& outcome,
                 lab::TimePoint now);
  /// See CircuitBreaker::on_attempt().
  void on_attempt(const CircuitBreakerGroup::Permit& permit, const CallOutcome& outcome,
                  lab::TimePoint now);
  /// By upstream, in the order of the models; none when breakers are off.
  [[nodiscard]] std::vector<std::pair<std::string, CircuitSnapshot>> snapshots(lab::TimePoint now);
  /// Puts a breaker into a state that stays until it is taken back with std::nullopt (half-open is
  /// only entered). False if there is no such breaker.
  bool force(std::string_view upstream, std::optional<CircuitState> state, lab::TimePoint now);

 private:
  const bool is_enabled_;
  const CircuitBreakerConfig::Scope scope_;
  SharedInOrder<CircuitBreakerGroup> breakers_;
};

}  // namespace mockgw
