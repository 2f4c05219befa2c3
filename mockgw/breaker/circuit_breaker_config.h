// The section `circuit_breaker` of a gateway file: one parameter set that the breakers of known
// gateways fit into.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/breaker/status_pattern.h"
#include "shared/base/json_reader.h"
#include "shared/base/time.h"

namespace mockgw {

enum class CircuitState { closed, open, half_open };

/// When a closed breaker opens. A condition that is absent does not count; with none, only
/// instant_trip_statuses open.
struct TripConfig {
  enum class Mode {
    consecutive,      ///< Failures in a row; any success starts afresh.
    cumulative,       ///< Everything since the breaker last closed.
    count_window,     ///< The last window_size calls.
    time_window,      ///< The last `window`, in `buckets` steps.
    calendar_minute,  ///< Since the last multiple of `window` on the wall clock.
  };
  enum class Combine { any, all };
  enum class EvaluateOn {
    failure,  ///< Only a failed or slow call can open.
    result,   ///< A success can be the call that completes the minimum, and opens.
  };
  Mode mode = Mode::cumulative;
  std::int64_t window_size = 100;                   ///< Calls, count_window; 1 to kCountWindowMax.
  lab::Duration window = std::chrono::seconds(10);  ///< time_window, calendar_minute.
  std::int64_t buckets = 10;                        ///< time_window; 1 to kBucketsMax.
  std::int64_t minimum_requests = 10;  ///< Fewer calls never open; at most window_size is needed.
  std::optional<std::int64_t> failure_count;     ///< Opens at ≥.
  std::optional<double> failure_rate_percent;    ///< Opens at ≥, or at > if …
  bool failure_rate_exclusive = false;           ///< … this is set.
  std::optional<lab::Duration> slow_call;        ///< A call that takes longer is slow.
  std::optional<double> slow_call_rate_percent;  ///< Opens at ≥.
  Combine combine = Combine::any;
  EvaluateOn evaluate_on = EvaluateOn::failure;
  lab::Duration
      evaluate_every{};  ///< Zero: at once. Else conditions are looked at only every so often.
  std::vector<StatusPattern> instant_trip_statuses;  ///< One such answer opens.

  static constexpr std::int64_t kCountWindowMax = 100'000;
  static constexpr std::int64_t kBucketsMax = 1'000;
};

/// What counts as a failure. What is neither a failure nor ignored is a success.
struct FailureConfig {
  enum class StreamVerdict {
    headers,  ///< A stream is judged when its headers are sent: what fails later is a success.
    end,
  };
  std::vector<StatusPattern> statuses;
  std::vector<StatusPattern> ignored;  ///< Neither, unless in `statuses`.
  bool timeouts = true;
  bool connect = true;          ///< Refused or reset connections.
  bool rejected = false;        ///< Calls the gateway's own admission refused.
  bool count_attempts = false;  ///< Each attempt is a call; else a request is one, by its last.
  StreamVerdict stream_verdict = StreamVerdict::end;
};

struct OpenConfig {
  enum class Backoff { exponential, linear };
  /// The longest duration that a file can hold; a breaker that is open for so long does not say
  /// when it will close.
  static constexpr lab::Duration kForEver = std::chrono::hours(24 * 365 * 100);
  lab::Duration duration = std::chrono::seconds(30);
  Backoff backoff = Backoff::exponential;
  double multiplier = 1;  ///< Exponential: each opening in a row lasts so many times the last.
                          ///< Linear: duration × count.
  lab::Duration max = std::chrono::minutes(5);
  double jitter = 0;              ///< 0.1 = up to 10 % shorter or longer.
  lab::Duration forgive_every{};  ///< So long in closed state makes the count one less; zero = only
                                  ///< a real close does.
  bool until_recovered =
      false;  ///< Ends when the trip conditions no longer hold; `duration` is for instant trips.
};

struct HalfOpenConfig {
  bool enabled = true;  ///< False: when the time is over the breaker is simply closed.
  std::int64_t max_concurrent_calls = 0;  ///< 0 = unlimited.
  std::int64_t success_threshold = 2;     ///< Successes that close.
  std::int64_t failure_threshold = 1;     ///< Failures that open again.
  std::int64_t rate_over_calls =
      0;  ///< > 0: exactly so many calls are let in, and the trip rates over them decide.
  bool auto_transition = false;  ///< Half-open as soon as the time is over, not with the next call.
};

struct EjectionConfig {
  double max_percent = 100;  ///< Most breakers that may be open at once; one always may.
  double panic_threshold_percent =
      0;  ///< When fewer than this are not open, all are bypassed. 1 = when all are open.
};

struct CircuitBreakerConfig {
  static constexpr std::string_view kSchemaName = "circuitBreaker";
  enum class Scope { provider, model, deployment, global };
  bool enabled = false;
  Scope scope = Scope::provider;
  TripConfig trip{};
  FailureConfig failure{};
  OpenConfig open{};
  HalfOpenConfig half_open{};
  EjectionConfig ejection{};
  std::optional<CircuitState> forced{};
};

/// Where neither profile nor preset says anything: five failures since the last close open it, and
/// each 5xx, 429 and 4xx is one. Not enabled.
[[nodiscard]] CircuitBreakerConfig default_circuit_breaker();

/// Why no outcome of any calls could open the breaker, and what would; empty if some could.
[[nodiscard]] std::string never_opens(const CircuitBreakerConfig& config);

/// refgw, refgw-documented, envoy, hystrix, resilience4j, litellm, portkey, helicone, kong.
[[nodiscard]] std::optional<CircuitBreakerConfig> circuit_breaker_preset(std::string_view name);
[[nodiscard]] std::vector<std::string_view> circuit_breaker_preset_names();

void fields(lab::Fields& f, TripConfig& c);
void check(const lab::JsonValue& section, TripConfig& c);
void fields(lab::Fields& f, FailureConfig& c);
void fields(lab::Fields& f, OpenConfig& c);
void check(const lab::JsonValue& section, OpenConfig& c);
void fields(lab::Fields& f, HalfOpenConfig& c);
void fields(lab::Fields& f, EjectionConfig& c);
void fields(lab::Fields& f, CircuitBreakerConfig& c);

/// Reads the section over its own "preset", or else over the profile's. A section
/// that does not say "enabled" is enabled. One that gives no condition to open opens by the default
/// one, and what counts as a failure is the default too if none of the three say. A breaker that
/// could never open is a problem, unless it is forced.
[[nodiscard]] CircuitBreakerConfig read_circuit_breaker(const lab::JsonObject& section,
                                                        const CircuitBreakerConfig& profiles);
[[nodiscard]] lab::Json to_json(const CircuitBreakerConfig& config);

[[nodiscard]] std::string_view to_string(CircuitState state);

}  // namespace mockgw
