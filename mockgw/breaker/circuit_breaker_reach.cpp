// Whether a configured circuit breaker can open at all. One that cannot would look like an upstream
// that never fails badly enough, and nobody would see the mistake.
#include "mockgw/breaker/circuit_breaker_config.h"

#include <algorithm>
#include <array>

namespace mockgw {
namespace {

bool sees_failures(const FailureConfig& failure) {
  return !failure.statuses.empty() || failure.timeouts || failure.connect || failure.rejected ||
         failure.stream_verdict == FailureConfig::StreamVerdict::end;
}

// A condition that the file gives, and what keeps it from ever being met.
struct TripCondition {
  bool is_given = false;
  std::string_view obstacle{};

  [[nodiscard]] bool can_be_met() const { return is_given && obstacle.empty(); }
};

constexpr std::string_view kNoFailures =
    "nothing counts as a failure; give failure.statuses, such as [\"5xx\", 429]";

TripCondition count_condition(const CircuitBreakerConfig& config) {
  const TripConfig& trip = config.trip;
  TripCondition condition{.is_given = trip.failure_count.has_value()};
  if (!sees_failures(config.failure)) condition.obstacle = kNoFailures;
  if (trip.mode == TripConfig::Mode::count_window && trip.failure_count > trip.window_size) {
    condition.obstacle = "trip.failure_count is at most trip.window_size";
  }
  return condition;
}

TripCondition rate_condition(const CircuitBreakerConfig& config) {
  const TripConfig& trip = config.trip;
  TripCondition condition{.is_given = trip.failure_rate_percent.has_value()};
  if (!sees_failures(config.failure)) condition.obstacle = kNoFailures;
  if (trip.failure_rate_exclusive && trip.failure_rate_percent >= 100) {
    condition.obstacle = "no rate is above 100; give a lower trip.failure_rate_percent";
  }
  return condition;
}

TripCondition slow_condition(const TripConfig& trip) {
  TripCondition condition{.is_given = trip.slow_call_rate_percent.has_value()};
  if (!trip.slow_call) condition.obstacle = "trip.slow_call_rate_percent needs trip.slow_call";
  return condition;
}

}  // namespace

CircuitBreakerConfig default_circuit_breaker() {
  CircuitBreakerConfig config;
  config.trip.failure_count = 5;
  config.failure.statuses = {{500, 599}, {429, 429}, {400, 499}};
  return config;
}

std::string never_opens(const CircuitBreakerConfig& config) {
  if (!config.trip.instant_trip_statuses.empty()) return {};
  const std::array conditions{count_condition(config), rate_condition(config),
                              slow_condition(config.trip)};
  const auto is_given = [](const TripCondition& condition) { return condition.is_given; };
  const auto can_be_met = [](const TripCondition& condition) { return condition.can_be_met(); };
  const auto is_in_vain = [](const TripCondition& c) { return c.is_given && !c.obstacle.empty(); };
  if (std::ranges::none_of(conditions, is_given)) {
    return "give at least one of trip.failure_count, trip.failure_rate_percent, "
           "trip.slow_call_rate_percent and trip.instant_trip_statuses";
  }
  const auto in_vain = std::ranges::find_if(conditions, is_in_vain);
  if (in_vain == conditions.end()) return {};
  const bool one_is_enough = config.trip.combine == TripConfig::Combine::any;
  if (one_is_enough && std::ranges::any_of(conditions, can_be_met)) return {};
  return std::string(in_vain->obstacle);
}

}  // namespace mockgw
