// The breakers of all upstreams, by name, with what only a group can decide: ejection limits and
// panic.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/breaker/circuit_breaker.h"

namespace mockgw {

/// One breaker for each name; names are known beforehand (providers, models, deployments, or one
/// for all). Not synchronised; times must not go backwards.
class CircuitBreakerGroup {
 public:
  static constexpr std::size_t kMembersMax = 1'000;

  struct Permit {
    CircuitPermit permit;
    std::size_t member = 0;
    bool is_bypass = false;  ///< Granted although the breaker is open: nothing is recorded.
  };

  /// A config that is not enabled grants everything. `names` beyond kMembersMax share the last
  /// breaker.
  CircuitBreakerGroup(const CircuitBreakerConfig& config, std::vector<std::string> names,
                      const lab::Rng& rng, lab::Duration unix_at_origin,
                      lab::TimePoint started = {});

  /// A name that is not known shares the last breaker.
  [[nodiscard]] Permit try_acquire(std::string_view name, lab::TimePoint now);
  void on_result(const Permit& permit, const CallOutcome& outcome, lab::TimePoint now);
  /// See CircuitBreaker::on_attempt().
  void on_attempt(const Permit& permit, const CallOutcome& outcome, lab::TimePoint now);

  /// False if there is no such name.
  bool force(std::string_view name, std::optional<CircuitState> state, lab::TimePoint now);

  [[nodiscard]] std::vector<std::pair<std::string, CircuitSnapshot>> snapshots(lab::TimePoint now);
  /// True when any breaker is not closed: what /health calls degraded.
  [[nodiscard]] bool is_degraded(lab::TimePoint now);

  [[nodiscard]] const CircuitBreakerConfig& config() const { return config_; }

 private:
  struct Member {
    std::string name;
    CircuitBreaker breaker;
  };

  [[nodiscard]] std::size_t member_of(std::string_view name) const;
  [[nodiscard]] std::size_t open_count(lab::TimePoint now);
  [[nodiscard]] bool is_panicking(lab::TimePoint now);
  void limit_ejection(std::size_t member, lab::TimePoint now);

  CircuitBreakerConfig config_;
  std::vector<Member> members_;
};

}  // namespace mockgw
