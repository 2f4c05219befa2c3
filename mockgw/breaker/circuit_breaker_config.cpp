#include "mockgw/breaker/circuit_breaker_config.h"

#include <algorithm>
#include <string>

#include "shared/base/choices.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using Config = CircuitBreakerConfig;

constexpr lab::Choices<CircuitState, 3> kStates{{
    {"closed", CircuitState::closed},
    {"open", CircuitState::open},
    {"half_open", CircuitState::half_open},
}};
constexpr lab::Choices<Config::Scope, 4> kScopes{{
    {"provider", Config::Scope::provider},
    {"model", Config::Scope::model},
    {"deployment", Config::Scope::deployment},
    {"global", Config::Scope::global},
}};
constexpr lab::Choices<TripConfig::Mode, 5> kModes{{
    {"consecutive", TripConfig::Mode::consecutive},
    {"cumulative", TripConfig::Mode::cumulative},
    {"count_window", TripConfig::Mode::count_window},
    {"time_window", TripConfig::Mode::time_window},
    {"calendar_minute", TripConfig::Mode::calendar_minute},
}};
constexpr lab::Choices<TripConfig::Combine, 2> kCombines{{
    {"any", TripConfig::Combine::any},
    {"all", TripConfig::Combine::all},
}};
constexpr lab::Choices<TripConfig::EvaluateOn, 2> kEvaluateOns{{
    {"failure", TripConfig::EvaluateOn::failure},
    {"result", TripConfig::EvaluateOn::result},
}};
constexpr lab::Choices<FailureConfig::StreamVerdict, 2> kVerdicts{{
    {"headers", FailureConfig::StreamVerdict::headers},
    {"end", FailureConfig::StreamVerdict::end},
}};
constexpr lab::Choices<OpenConfig::Backoff, 2> kBackoffs{{
    {"exponential", OpenConfig::Backoff::exponential},
    {"linear", OpenConfig::Backoff::linear},
}};

constexpr std::int64_t kCountMax = 1'000'000'000;
constexpr double kBackoffMultiplierMax = 100;

class PresetType : public lab::ValueType {
 public:
  // Read into the whole section, which goes on from there.
  void read(const lab::JsonValue& value, void* member) const override {
    const std::string name = value.as_string();
    if (const auto preset = circuit_breaker_preset(name)) {
      auto& config = *static_cast<Config*>(member);
      config = *preset;
      config.enabled = true;
      return;
    }
    std::string allowed;
    for (const std::string_view known : circuit_breaker_preset_names()) {
      allowed += " " + std::string(known);
    }
    value.problem("no preset \"" + name + "\"; there are" + allowed);
  }
  [[nodiscard]] lab::Json write(const void* /*member*/) const override { return nullptr; }
  [[nodiscard]] bool is_set(const void* /*member*/) const override { return false; }
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& /*printer*/,
                                 const void* /*member*/) const override {
    return lab::Json{{"enum", circuit_breaker_preset_names()}};
  }
};

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

void check_reach(const lab::JsonValue& section, const Config& config) {
  if (!config.enabled || config.forced) return;
  if (const std::string reason = never_opens(config); !reason.empty()) {
    section.problem("this breaker can never open: " + reason);
  }
}

}  // namespace

void fields(lab::Fields& f, TripConfig& c) {
  f("mode", c.mode, kModes, "Which calls are looked at.");
  f("window_size", c.window_size, lab::between(1, TripConfig::kCountWindowMax),
    "Calls, for count_window.");
  f("window", c.window, "For time_window and calendar_minute.");
  f("buckets", c.buckets, lab::between(1, TripConfig::kBucketsMax), "Of a time window.");
  f("minimum_requests", c.minimum_requests, lab::between(0, kCountMax),
    "Below this nothing trips; a full count_window is always enough.");
  f.or_null("failure_count", c.failure_count,
            "Failures that trip; null for none. 5 when nothing else says what trips.",
            lab::between(1, kCountMax));
  f.or_null("failure_rate_percent", c.failure_rate_percent,
            "Share of failures that trips; null for none.", lab::between(0, 100));
  f("failure_rate_exclusive", c.failure_rate_exclusive, "The share must be above, not at.");
  f.or_null("slow_call", c.slow_call,
            "A call this long is slow; null for none. Needs slow_call_rate_percent.");
  f.or_null("slow_call_rate_percent", c.slow_call_rate_percent,
            "Share of slow calls that trips; null for none.", lab::between(0, 100));
  f("combine", c.combine, kCombines, "Which of the given criteria must hold.");
  f("evaluate_on", c.evaluate_on, kEvaluateOns, "After which calls it is looked at.");
  f("evaluate_every", c.evaluate_every, "Looked at by the clock instead; \"0s\" for not.");
  f("instant_trip_statuses", c.instant_trip_statuses, kStatusPatterns,
    "One of these trips at once.");
}
void check(const lab::JsonValue& section, TripConfig& c) {
  if (c.window <= lab::Duration::zero()) {
    section.problem("window must be longer than 0");
    c.window = std::chrono::seconds(1);
  }
  lab::JsonObject object(section);
  const auto slow = object.find("slow_call");
  if (slow && c.slow_call && !c.slow_call_rate_percent) {
    slow->problem("has no effect without slow_call_rate_percent, the share that opens the breaker");
  }
}

void fields(lab::Fields& f, FailureConfig& c) {
  f("statuses", c.statuses, kStatusPatterns,
    "Of failures; [\"5xx\", 429, \"4xx\"] when neither profile nor preset says.");
  f("ignored", c.ignored, kStatusPatterns, "These count as neither success nor failure.");
  f("timeouts", c.timeouts, "An upstream that is too slow is a failure.");
  f("connect", c.connect, "A refused or reset connection is one.");
  f("rejected", c.rejected, "What the gateway itself refused is one.");
  f("count_attempts", c.count_attempts,
    "Each attempt of a request that is retried is a call; otherwise the last one alone.");
  f("stream_verdict", c.stream_verdict, kVerdicts, "What a stream is judged by.");
}

void fields(lab::Fields& f, OpenConfig& c) {
  f("duration", c.duration, "How long it stays open.");
  f("backoff", c.backoff, kBackoffs, "How that grows with repeated openings.");
  f("multiplier", c.multiplier, lab::between(1, kBackoffMultiplierMax),
    "Of the exponential growth.");
  // A duration beyond the maximum moves that, unless the file gives it.
  if (c.max < c.duration) c.max = c.duration;
  f("max", c.max, "The longest; at least the duration.");
  f("jitter", c.jitter, lab::between(0, 1), "A share of it, to either side.");
  f("forgive_every", c.forgive_every, "So long closed forgives one opening; \"0s\" for never.");
  f("until_recovered", c.until_recovered, "Until the window has forgotten, not for a time.");
}
void check(const lab::JsonValue& section, OpenConfig& c) {
  if (c.max >= c.duration) return;
  section.problem("max must not be below duration, which is " + lab::format_duration(c.duration));
}

void fields(lab::Fields& f, HalfOpenConfig& c) {
  f("enabled", c.enabled, "Off: it closes when its time is over.");
  f("max_concurrent_calls", c.max_concurrent_calls, lab::between(0, kCountMax),
    "Probes at once; 0 for no bound.");
  f("success_threshold", c.success_threshold, lab::between(1, kCountMax),
    "Successes that close it.");
  f("failure_threshold", c.failure_threshold, lab::between(1, kCountMax),
    "Failures that open it again.");
  f("rate_over_calls", c.rate_over_calls, lab::between(0, kCountMax),
    "Judged by the rates over so many probes instead; 0 for not.");
  f("auto_transition", c.auto_transition, "Entered by the clock, not with the next call.");
}

void fields(lab::Fields& f, EjectionConfig& c) {
  f("max_percent", c.max_percent, lab::between(0, 100), "Of the breakers may be open at once.");
  f("panic_threshold_percent", c.panic_threshold_percent, lab::between(0, 100),
    "With fewer closed than this, all are bypassed; 0 for never.");
}

void fields(lab::Fields& f, Config& c) {
  f("preset", c, PresetType(),
    lab::Says("A known gateway's or library's breaker, to start from.")
        .by_default("the profile's"));
  f("enabled", c.enabled,
    lab::Says("Whether there is a breaker.").by_default("true where the section is given"));
  f("scope", c.scope, kScopes, "What shares one breaker.");
  f("trip", c.trip, "What opens the breaker.");
  f("failure", c.failure, "Which calls are failures.");
  f("open", c.open, "How long it stays open.");
  f("half_open", c.half_open, "How it closes again.");
  f("ejection", c.ejection, "How many may be open at once.");
  f.or_null("forced", c.forced, "Held in a state from the start; null for not.", kStates);
}

Config read_circuit_breaker(const lab::JsonObject& section, const Config& profiles) {
  const lab::Json& json = section.value().json();
  const auto preset = json.find("preset");
  const bool has_preset = json.is_object() && preset != json.end() && preset->is_string();
  const Config base =
      has_preset ? circuit_breaker_preset(preset->get<std::string>()).value_or(profiles) : profiles;
  Config config = profiles;
  config.enabled = true;
  lab::read_fields(section.value(), config);
  add_defaults(json, base, config);
  check_reach(section.value(), config);
  return config;
}

lab::Json to_json(const Config& config) { return lab::write_fields(config); }

std::string_view to_string(CircuitState state) {
  return kStates[static_cast<std::size_t>(state)].first;
}

}  // namespace mockgw
