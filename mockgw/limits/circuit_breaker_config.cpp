#include "mockgw/limits/circuit_breaker_config.h"

#include "mockgw/limits/choices.h"

#include <algorithm>
#include <string>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using Config = CircuitBreakerConfig;

constexpr Choices<CircuitState, 3> kStates{{
    {"closed", CircuitState::closed},
    {"open", CircuitState::open},
    {"half_open", CircuitState::half_open},
}};
constexpr Choices<Config::Scope, 4> kScopes{{
    {"provider", Config::Scope::provider},
    {"model", Config::Scope::model},
    {"deployment", Config::Scope::deployment},
    {"global", Config::Scope::global},
}};
constexpr Choices<TripConfig::Mode, 5> kModes{{
    {"consecutive", TripConfig::Mode::consecutive},
    {"cumulative", TripConfig::Mode::cumulative},
    {"count_window", TripConfig::Mode::count_window},
    {"time_window", TripConfig::Mode::time_window},
    {"calendar_minute", TripConfig::Mode::calendar_minute},
}};
constexpr Choices<TripConfig::Combine, 2> kCombines{{
    {"any", TripConfig::Combine::any},
    {"all", TripConfig::Combine::all},
}};
constexpr Choices<TripConfig::EvaluateOn, 2> kEvaluateOns{{
    {"failure", TripConfig::EvaluateOn::failure},
    {"result", TripConfig::EvaluateOn::result},
}};
constexpr Choices<FailureConfig::StreamVerdict, 2> kVerdicts{{
    {"headers", FailureConfig::StreamVerdict::headers},
    {"end", FailureConfig::StreamVerdict::end},
}};
constexpr Choices<OpenConfig::Backoff, 2> kBackoffs{{
    {"exponential", OpenConfig::Backoff::exponential},
    {"linear", OpenConfig::Backoff::linear},
}};

constexpr std::int64_t kCountMax = 1'000'000'000;
constexpr double kBackoffMultiplierMax = 100;

// Optional members: null takes a preset's value away.
void read_count(lab::JsonObject& object, std::string_view key, std::optional<std::int64_t>& field) {
  const auto value = object.find(key);
  if (!value) return;
  field.reset();
  if (!value->is_null()) field = value->as_integer(1, kCountMax, 1);
}

void read_percent(lab::JsonObject& object, std::string_view key, std::optional<double>& field) {
  const auto value = object.find(key);
  if (!value) return;
  field.reset();
  if (!value->is_null()) field = value->as_number(0, 100, 100);
}

void check_slow_calls(lab::JsonObject& object, const TripConfig& trip) {
  const auto slow = object.find("slow_call");
  if (slow && trip.slow_call && !trip.slow_call_rate_percent) {
    slow->problem("has no effect without slow_call_rate_percent, the share that opens the breaker");
  }
}

void read_trip(lab::JsonObject object, TripConfig& trip) {
  trip.mode = choose(object, "mode", kModes, trip.mode);
  trip.window_size =
      object.integer("window_size", trip.window_size, 1, TripConfig::kCountWindowMax);
  trip.window = object.duration("window", trip.window);
  if (trip.window <= lab::Duration::zero()) {
    object.value().problem("window must be longer than 0");
    trip.window = std::chrono::seconds(1);
  }
  trip.buckets = object.integer("buckets", trip.buckets, 1, TripConfig::kBucketsMax);
  trip.minimum_requests = object.integer("minimum_requests", trip.minimum_requests, 0, kCountMax);
  read_count(object, "failure_count", trip.failure_count);
  read_percent(object, "failure_rate_percent", trip.failure_rate_percent);
  trip.failure_rate_exclusive =
      object.boolean("failure_rate_exclusive", trip.failure_rate_exclusive);
  if (const auto slow = object.find("slow_call")) {
    trip.slow_call.reset();
    if (!slow->is_null()) trip.slow_call = slow->as_duration();
  }
  read_percent(object, "slow_call_rate_percent", trip.slow_call_rate_percent);
  check_slow_calls(object, trip);
  trip.combine = choose(object, "combine", kCombines, trip.combine);
  trip.evaluate_on = choose(object, "evaluate_on", kEvaluateOns, trip.evaluate_on);
  trip.evaluate_every = object.duration("evaluate_every", trip.evaluate_every);
  trip.instant_trip_statuses =
      read_status_patterns(object, "instant_trip_statuses", trip.instant_trip_statuses);
  object.finish();
}

void read_failure(lab::JsonObject object, FailureConfig& failure) {
  failure.statuses = read_status_patterns(object, "statuses", failure.statuses);
  failure.ignored = read_status_patterns(object, "ignored", failure.ignored);
  failure.timeouts = object.boolean("timeouts", failure.timeouts);
  failure.connect = object.boolean("connect", failure.connect);
  failure.rejected = object.boolean("rejected", failure.rejected);
  failure.count_attempts = object.boolean("count_attempts", failure.count_attempts);
  failure.stream_verdict = choose(object, "stream_verdict", kVerdicts, failure.stream_verdict);
  object.finish();
}

void read_open(lab::JsonObject object, OpenConfig& open) {
  open.duration = object.duration("duration", open.duration);
  open.backoff = choose(object, "backoff", kBackoffs, open.backoff);
  open.multiplier = object.number("multiplier", open.multiplier, 1, kBackoffMultiplierMax);
  open.max = object.duration("max", std::max(open.max, open.duration));
  if (open.max < open.duration) {
    object.value().problem("max must not be below duration, which is " +
                           lab::format_duration(open.duration));
  }
  open.jitter = object.number("jitter", open.jitter, 0, 1);
  open.forgive_every = object.duration("forgive_every", open.forgive_every);
  open.until_recovered = object.boolean("until_recovered", open.until_recovered);
  object.finish();
}

void read_half_open(lab::JsonObject object, HalfOpenConfig& half_open) {
  half_open.enabled = object.boolean("enabled", half_open.enabled);
  half_open.max_concurrent_calls =
      object.integer("max_concurrent_calls", half_open.max_concurrent_calls, 0, kCountMax);
  half_open.success_threshold =
      object.integer("success_threshold", half_open.success_threshold, 1, kCountMax);
  half_open.failure_threshold =
      object.integer("failure_threshold", half_open.failure_threshold, 1, kCountMax);
  half_open.rate_over_calls =
      object.integer("rate_over_calls", half_open.rate_over_calls, 0, kCountMax);
  half_open.auto_transition = object.boolean("auto_transition", half_open.auto_transition);
  object.finish();
}

void read_ejection(lab::JsonObject object, EjectionConfig& ejection) {
  ejection.max_percent = object.number("max_percent", ejection.max_percent, 0, 100);
  ejection.panic_threshold_percent =
      object.number("panic_threshold_percent", ejection.panic_threshold_percent, 0, 100);
  object.finish();
}

bool has_condition(const TripConfig& trip) {
  return trip.failure_count || trip.failure_rate_percent || trip.slow_call_rate_percent ||
         !trip.instant_trip_statuses.empty();
}

bool says(const lab::Json& section, std::string_view part, std::string_view key) {
  const auto member = section.find(part);
  return member != section.end() && member->is_object() && member->contains(key);
}

// Only where nobody has said anything: a preset's condition that the section takes away is not
// replaced by one that the user has never heard of.
void add_defaults(const lab::Json& section, const Config& base, Config& config) {
  const Config defaults = default_circuit_breaker();
  if (!has_condition(base.trip) && !has_condition(config.trip) &&
      !says(section, "trip", "failure_count")) {
    config.trip.failure_count = defaults.trip.failure_count;
  }
  if (base.failure.statuses.empty() && !says(section, "failure", "statuses")) {
    config.failure.statuses = defaults.failure.statuses;
  }
}

void check(const lab::JsonValue& section, const Config& config) {
  if (!config.enabled || config.forced) return;
  if (const std::string reason = never_opens(config); !reason.empty()) {
    section.problem("this breaker can never open: " + reason);
  }
}

Config read_base(lab::JsonObject& section, const Config& base) {
  const auto value = section.find("preset");
  if (!value) return base;
  const std::string name = value->as_string();
  if (const auto preset = circuit_breaker_preset(name)) return *preset;
  std::string allowed;
  for (const std::string_view known : circuit_breaker_preset_names()) {
    allowed += " " + std::string(known);
  }
  value->problem("no preset \"" + name + "\"; there are" + allowed);
  return base;
}

template <class T>
lab::Json or_null(const std::optional<T>& value) {
  return value ? lab::Json(*value) : lab::Json();
}

lab::Json to_json(const TripConfig& trip) {
  return {{"mode", name_of(kModes, trip.mode)},
          {"window_size", trip.window_size},
          {"window", lab::format_duration(trip.window)},
          {"buckets", trip.buckets},
          {"minimum_requests", trip.minimum_requests},
          {"failure_count", or_null(trip.failure_count)},
          {"failure_rate_percent", or_null(trip.failure_rate_percent)},
          {"failure_rate_exclusive", trip.failure_rate_exclusive},
          {"slow_call",
           trip.slow_call ? lab::Json(lab::format_duration(*trip.slow_call)) : lab::Json()},
          {"slow_call_rate_percent", or_null(trip.slow_call_rate_percent)},
          {"combine", name_of(kCombines, trip.combine)},
          {"evaluate_on", name_of(kEvaluateOns, trip.evaluate_on)},
          {"evaluate_every", lab::format_duration(trip.evaluate_every)},
          {"instant_trip_statuses", to_json(trip.instant_trip_statuses)}};
}

lab::Json to_json(const FailureConfig& failure) {
  return {{"statuses", to_json(failure.statuses)},
          {"ignored", to_json(failure.ignored)},
          {"timeouts", failure.timeouts},
          {"connect", failure.connect},
          {"rejected", failure.rejected},
          {"count_attempts", failure.count_attempts},
          {"stream_verdict", name_of(kVerdicts, failure.stream_verdict)}};
}

lab::Json to_json(const OpenConfig& open) {
  return {{"duration", lab::format_duration(open.duration)},
          {"backoff", name_of(kBackoffs, open.backoff)},
          {"multiplier", open.multiplier},
          {"max", lab::format_duration(open.max)},
          {"jitter", open.jitter},
          {"forgive_every", lab::format_duration(open.forgive_every)},
          {"until_recovered", open.until_recovered}};
}

lab::Json to_json(const HalfOpenConfig& half_open) {
  return {{"enabled", half_open.enabled},
          {"max_concurrent_calls", half_open.max_concurrent_calls},
          {"success_threshold", half_open.success_threshold},
          {"failure_threshold", half_open.failure_threshold},
          {"rate_over_calls", half_open.rate_over_calls},
          {"auto_transition", half_open.auto_transition}};
}

}  // namespace

Config read_circuit_breaker(lab::JsonObject section, const Config& profiles) {
  const Config base = read_base(section, profiles);
  Config config = base;
  config.enabled = section.boolean("enabled", true);
  config.scope = choose(section, "scope", kScopes, config.scope);
  if (const auto value = section.find("trip")) read_trip(value->as_object(), config.trip);
  if (const auto value = section.find("failure")) read_failure(value->as_object(), config.failure);
  if (const auto value = section.find("open")) read_open(value->as_object(), config.open);
  if (const auto value = section.find("half_open")) {
    read_half_open(value->as_object(), config.half_open);
  }
  if (const auto value = section.find("ejection")) {
    read_ejection(value->as_object(), config.ejection);
  }
  if (const auto value = section.find("forced")) {
    config.forced.reset();
    if (!value->is_null()) {
      config.forced = choose(*value, kStates, CircuitState::closed);
    }
  }
  section.finish();
  add_defaults(section.value().json(), base, config);
  check(section.value(), config);
  return config;
}

lab::Json to_json(const Config& config) {
  return {{"enabled", config.enabled},
          {"scope", name_of(kScopes, config.scope)},
          {"trip", to_json(config.trip)},
          {"failure", to_json(config.failure)},
          {"open", to_json(config.open)},
          {"half_open", to_json(config.half_open)},
          {"ejection",
           {{"max_percent", config.ejection.max_percent},
            {"panic_threshold_percent", config.ejection.panic_threshold_percent}}},
          {"forced", config.forced ? lab::Json(to_string(*config.forced)) : lab::Json()}};
}

std::string_view to_string(CircuitState state) {
  return kStates[static_cast<std::size_t>(state)].first;
}

}  // namespace mockgw
