// The limits and breakers that all requests of a gateway share, behind one lock.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/config/models_config.h"
#include "mockgw/limits/circuit_breaker_group.h"
#include "mockgw/limits/rate_limiter.h"

namespace mockgw {

/// Thread-safe. Threads may come with times that are a little out of order; they are put in order
/// here.
class GatewayLimits {
 public:
  /// `unix_at_origin` is the Unix time of TimePoint{}.
  GatewayLimits(const RateLimitConfig& rate_limits, const CircuitBreakerConfig& breaker,
                const ModelsConfig& models, const lab::Rng& rng, lab::Duration unix_at_origin);

  // Requests pay for what is configured only.
  [[nodiscard]] bool has_rate_limits() const { return has_rate_limits_; }
  [[nodiscard]] bool has_breaker() const { return has_breaker_; }

  [[nodiscard]] RateLimitDecision admit(const RateLimitSubject& subject, const RateLimitCost& cost,
                                        lab::TimePoint now);
  void complete(const RateLimitTicket& ticket, std::int64_t tokens_used, lab::TimePoint now);

  /// Of the upstream that serves `model`.
  [[nodiscard]] CircuitBreakerGroup::Permit try_acquire(const ModelConfig& model,
                                                        lab::TimePoint now);
  void on_result(const CircuitBreakerGroup::Permit& permit, const CallOutcome& outcome,
                 lab::TimePoint now);
  /// The breakers by upstream, in the order of the models; none when breakers are off.
  [[nodiscard]] std::vector<std::pair<std::string, CircuitSnapshot>> breakers(lab::TimePoint now);
  /// Puts a breaker into a state that stays until it is taken back with std::nullopt (half-open is
  /// only entered). False if there is no such breaker.
  bool force_breaker(std::string_view upstream, std::optional<CircuitState> state,
                     lab::TimePoint now);

 private:
  [[nodiscard]] lab::TimePoint in_order(lab::TimePoint now);

  const bool has_rate_limits_;
  const bool has_breaker_;
  const CircuitBreakerConfig::Scope scope_;
  std::mutex mutex_;
  lab::TimePoint latest_{};
  RateLimiter rate_limiter_;
  CircuitBreakerGroup breakers_;
};

}  // namespace mockgw
