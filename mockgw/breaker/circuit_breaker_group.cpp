#include "mockgw/breaker/circuit_breaker_group.h"

#include <algorithm>

namespace mockgw {

CircuitBreakerGroup::CircuitBreakerGroup(const CircuitBreakerConfig& config,
                                         std::vector<std::string> names, const lab::Rng& rng,
                                         lab::Duration unix_at_origin, lab::TimePoint started)
    : config_(config) {
  if (names.size() > kMembersMax) names.resize(kMembersMax);
  if (names.empty()) names.emplace_back("all");
  for (std::string& name : names) {
    const lab::Rng child = rng.child("breaker", name);
    members_.push_back({std::move(name), CircuitBreaker(config, child, unix_at_origin, started)});
  }
}

std::size_t CircuitBreakerGroup::member_of(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &Member::name);
  const auto index = static_cast<std::size_t>(found - members_.begin());
  return std::min(index, members_.size() - 1);
}

std::size_t CircuitBreakerGroup::open_count(lab::TimePoint now) {
  return static_cast<std::size_t>(std::ranges::count_if(
      members_, [now](Member& member) { return member.breaker.state(now) == CircuitState::open; }));
}

// The first ejection is always allowed, as in Envoy: 10 % of three hosts would else be none.
void CircuitBreakerGroup::limit_ejection(std::size_t member, lab::TimePoint now) {
  if (config_.ejection.max_percent >= 100) return;
  const std::size_t others_open = open_count(now);
  const double percent =
      100.0 * static_cast<double>(others_open + 1) / static_cast<double>(members_.size());
  members_[member].breaker.allow_opening(others_open == 0 ||
                                         percent <= config_.ejection.max_percent);
}

bool CircuitBreakerGroup::is_panicking(lab::TimePoint now) {
  if (config_.ejection.panic_threshold_percent <= 0) return false;
  const std::size_t healthy = members_.size() - open_count(now);
  return 100.0 * static_cast<double>(healthy) / static_cast<double>(members_.size()) <
         config_.ejection.panic_threshold_percent;
}

CircuitBreakerGroup::Permit CircuitBreakerGroup::try_acquire(std::string_view name,
                                                             lab::TimePoint now) {
  Permit permit;
  if (!config_.enabled) {
    permit.permit.is_granted = true;
    permit.is_bypass = true;
    return permit;
  }
  permit.member = member_of(name);
  limit_ejection(permit.member, now);
  permit.permit = members_[permit.member].breaker.try_acquire(now);
  if (!permit.permit.is_granted && is_panicking(now)) {
    permit.permit.is_granted = true;
    permit.is_bypass = true;
  }
  return permit;
}

void CircuitBreakerGroup::on_result(const Permit& permit, const CallOutcome& outcome,
                                    lab::TimePoint now) {
  if (permit.is_bypass) return;
  limit_ejection(permit.member, now);
  members_[permit.member].breaker.on_result(permit.permit, outcome, now);
}

void CircuitBreakerGroup::on_attempt(const Permit& permit, const CallOutcome& outcome,
                                     lab::TimePoint now) {
  if (permit.is_bypass) return;
  limit_ejection(permit.member, now);
  members_[permit.member].breaker.on_attempt(permit.permit, outcome, now);
}

bool CircuitBreakerGroup::force(std::string_view name, std::optional<CircuitState> state,
                                lab::TimePoint now) {
  const auto found = std::ranges::find(members_, name, &Member::name);
  if (found == members_.end()) return false;
  found->breaker.force(state, now);
  return true;
}

std::vector<std::pair<std::string, CircuitSnapshot>> CircuitBreakerGroup::snapshots(
    lab::TimePoint now) {
  std::vector<std::pair<std::string, CircuitSnapshot>> out;
  for (Member& member : members_) out.emplace_back(member.name, member.breaker.snapshot(now));
  return out;
}

bool CircuitBreakerGroup::is_degraded(lab::TimePoint now) {
  return config_.enabled && std::ranges::any_of(members_, [now](Member& member) {
           return member.breaker.state(now) != CircuitState::closed;
         });
}

}  // namespace mockgw
