// The breakers of known gateways and libraries, from their sources or documentation.
#include "mockgw/breaker/circuit_breaker_config.h"

#include <array>
#include <utility>

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using Config = CircuitBreakerConfig;

constexpr StatusPattern k4xx{400, 499};
constexpr StatusPattern k5xx{500, 599};
constexpr StatusPattern k429{429, 429};

// Counts since the last close, so that even a small error rate opens it in the end; judges streams
// by their headers.
Config refgw() {
  Config config{.enabled = true};
  config.trip.failure_count = 5;
  config.failure.statuses = {k4xx, k5xx};
  config.failure.stream_verdict = FailureConfig::StreamVerdict::headers;
  return config;
}

Config refgw_documented() {
  Config config = refgw();
  config.trip.minimum_requests = 0;
  config.half_open.success_threshold = 3;
  return config;
}

// Outlier detection, one host. Envoy's panic routing would hide every ejection of a group of one
// host or two, so it is off here; panic_threshold_percent 50 is Envoy's own default.
Config envoy() {
  Config config{.enabled = true, .scope = Config::Scope::deployment};
  config.trip.mode = TripConfig::Mode::consecutive;
  config.trip.minimum_requests = 0;
  config.trip.failure_count = 5;
  config.failure.statuses = {k5xx};
  config.failure.stream_verdict = FailureConfig::StreamVerdict::headers;
  config.open = {
      .duration = 30s, .backoff = OpenConfig::Backoff::linear, .max = 300s, .forgive_every = 10s};
  config.half_open.enabled = false;
  config.ejection = {.max_percent = 10, .panic_threshold_percent = 0};
  return config;
}

Config hystrix() {
  Config config{.enabled = true};
  config.trip.mode = TripConfig::Mode::time_window;
  config.trip.window = 10s;
  config.trip.buckets = 10;
  config.trip.minimum_requests = 20;
  config.trip.failure_rate_percent = 50;
  config.trip.evaluate_on = TripConfig::EvaluateOn::result;
  config.failure.statuses = {k5xx, k429};
  config.failure.ignored = {k4xx};
  config.failure.rejected = true;
  config.open.duration = 5s;
  config.half_open.max_concurrent_calls = 1;
  config.half_open.success_threshold = 1;
  return config;
}

Config resilience4j() {
  Config config{.enabled = true};
  config.trip.mode = TripConfig::Mode::count_window;
  config.trip.window_size = 100;
  config.trip.minimum_requests = 100;
  config.trip.failure_rate_percent = 50;
  config.trip.slow_call = 60s;
  config.trip.slow_call_rate_percent = 100;
  config.trip.evaluate_on = TripConfig::EvaluateOn::result;
  config.failure.statuses = {k5xx, k429};
  config.open.duration = 60s;
  config.half_open.rate_over_calls = 10;
  return config;
}

// A cooldown per deployment, by the calendar minute.
Config litellm() {
  Config config{.enabled = true, .scope = Config::Scope::deployment};
  config.trip.mode = TripConfig::Mode::calendar_minute;
  config.trip.window = 60s;
  config.trip.minimum_requests = 5;
  config.trip.failure_rate_percent = 50;
  config.trip.failure_rate_exclusive = true;
  config.trip.instant_trip_statuses = {k429, {401, 401}, {404, 404}};
  config.failure.statuses = {k5xx, k429, {401, 401}, {404, 404}, {408, 408}};
  config.open.duration = 5s;
  config.half_open.enabled = false;
  return config;
}

// Open targets are skipped, but when all are open the breaker is bypassed.
Config portkey() {
  Config config{.enabled = true, .scope = Config::Scope::deployment};
  config.trip.mode = TripConfig::Mode::time_window;
  config.trip.window = 60s;
  config.trip.failure_count = 5;
  config.trip.failure_rate_percent = 50;
  config.failure.statuses = {{501, 599}};
  config.open.duration = 30s;
  config.half_open.enabled = false;
  config.ejection.panic_threshold_percent = 1;
  return config;
}

// The provider leaves the balancer until its error ratio has fallen; a 429 takes it out for 30 s.
Config helicone() {
  Config config{.enabled = true};
  config.trip.mode = TripConfig::Mode::time_window;
  config.trip.window = 60s;
  config.trip.buckets = 10;
  config.trip.minimum_requests = 20;
  config.trip.failure_rate_percent = 10;
  config.trip.evaluate_every = 5s;
  config.trip.instant_trip_statuses = {k429};
  config.failure.statuses = {k5xx};
  config.open.duration = 30s;
  config.open.until_recovered = true;
  config.half_open.enabled = false;
  return config;
}

// Passive health checks: off until counters are set, and an unhealthy target returns only by the
// admin interface.
Config kong() {
  Config config{.enabled = false, .scope = Config::Scope::deployment};
  config.trip.mode = TripConfig::Mode::consecutive;
  config.trip.minimum_requests = 0;
  config.trip.failure_count = 5;
  config.failure.statuses = {k429, {500, 500}, {503, 503}};
  config.open.duration = OpenConfig::kForEver;
  config.open.max = OpenConfig::kForEver;
  config.half_open.enabled = false;
  return config;
}

using Maker = Config (*)();
constexpr std::array<std::pair<std::string_view, Maker>, 9> kPresets{{
    {"refgw", refgw},
    {"refgw-documented", refgw_documented},
    {"envoy", envoy},
    {"hystrix", hystrix},
    {"resilience4j", resilience4j},
    {"litellm", litellm},
    {"portkey", portkey},
    {"helicone", helicone},
    {"kong", kong},
}};

}  // namespace

std::optional<CircuitBreakerConfig> circuit_breaker_preset(std::string_view name) {
  for (const auto& [known, make] : kPresets) {
    if (known == name) return make();
  }
  return std::nullopt;
}

std::vector<std::string_view> circuit_breaker_preset_names() {
  std::vector<std::string_view> names;
  for (const auto& preset : kPresets) names.push_back(preset.first);
  return names;
}

}  // namespace mockgw
