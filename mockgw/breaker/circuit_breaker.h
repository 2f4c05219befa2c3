// A circuit breaker as a clock-free state machine: asks for a permit before a call, is told the
// call's outcome after it.
#pragma once

#include <cstdint>
#include <optional>

#include "mockgw/breaker/circuit_breaker_config.h"
#include "mockgw/breaker/circuit_breaker_statistics.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"

namespace mockgw {

/// How a call to an upstream ended.
struct CallOutcome {
  enum class Kind {
    response,  ///< A status came, good or bad.
    timeout,
    connect,    ///< Refused or reset.
    rejected,   ///< The gateway's own admission refused it.
    broken,     ///< A stream that failed after its headers.
    cancelled,  ///< The client left: says nothing of the upstream.
  };
  Kind kind = Kind::response;
  unsigned status = 200;
  lab::Duration duration{};
};

enum class CallVerdict { success, failure, ignored };

[[nodiscard]] CallVerdict judge(const FailureConfig& failure, const CallOutcome& outcome);

/// Leave to call, or not. A granted permit must be handed back with on_result() once.
struct CircuitPermit {
  bool is_granted = false;
  bool is_probe = false;    ///< A call of the half-open state.
  std::uint64_t epoch = 0;  ///< In which stretch between two changes of state it was asked for.
  std::optional<lab::Duration>
      retry_in;  ///< When refused: until the breaker may let calls through again, if it will.
};

struct CircuitSnapshot {
  CircuitState state = CircuitState::closed;
  bool is_forced = false;
  lab::TimePoint since{};                 ///< Of the last change of state.
  std::optional<lab::Duration> retry_in;  ///< When open.
  CallTotals totals;  ///< Of the closed state's window, or of the half-open state's probes.
  std::int64_t opened_total = 0;
  std::int64_t closed_total = 0;
  std::int64_t half_opened_total = 0;
  std::int64_t refused_total = 0;
};

/// Not synchronised; times must not go backwards. Results of calls that began before the last
/// change of state are not counted. Jitter of the open time is drawn from `rng`, keyed by the
/// number of openings.
class CircuitBreaker {
 public:
  /// `unix_at_origin`: the Unix time of TimePoint{}, where calendar minutes begin. `started`: since
  /// when it has its first state.
  CircuitBreaker(const CircuitBreakerConfig& config, lab::Rng rng, lab::Duration unix_at_origin,
                 lab::TimePoint started = {});

  [[nodiscard]] CircuitPermit try_acquire(lab::TimePoint now);
  void on_result(const CircuitPermit& permit, const CallOutcome& outcome, lab::TimePoint now);
  /// An attempt failed that is followed by another one under the same permit, which stays granted.
  void on_attempt(const CircuitPermit& permit, const CallOutcome& outcome, lab::TimePoint now);

  /// Lets what is due by the clock alone happen (the end of the open time, scheduled evaluations).
  [[nodiscard]] CircuitState state(lab::TimePoint now);
  [[nodiscard]] CircuitSnapshot snapshot(lab::TimePoint now);

  /// Open and closed stay until they are taken back with std::nullopt, which starts afresh in the
  /// closed state; half-open is only entered.
  void force(std::optional<CircuitState> state, lab::TimePoint now);

  /// While false nothing opens it, however many failures there are (a group's ejection limit).
  void allow_opening(bool is_allowed) { may_open_ = is_allowed; }

 private:
  void advance(lab::TimePoint now);
  void evaluate_due(lab::TimePoint now);
  void evaluate(lab::TimePoint now);
  void record_closed(CallVerdict verdict, const CallOutcome& outcome, lab::TimePoint now);
  void record_probe(CallVerdict verdict, const CallOutcome& outcome, lab::TimePoint now);
  [[nodiscard]] bool admits_probe() const;
  [[nodiscard]] bool is_slow(const CallOutcome& outcome) const;
  [[nodiscard]] bool is_held_by_window() const;

  void enter(CircuitState state, lab::TimePoint now);
  void open(bool is_instant, lab::TimePoint now);
  void half_open(lab::TimePoint now);
  void close(bool is_proven, lab::TimePoint now);
  [[nodiscard]] lab::Duration next_open_duration() const;
  [[nodiscard]] std::optional<lab::Duration> retry_in(lab::TimePoint now) const;

  CircuitBreakerConfig config_;
  lab::Rng rng_;
  CallStatistics statistics_;
  std::optional<CircuitState> forced_;
  bool may_open_ = true;

  CircuitState state_ = CircuitState::closed;
  std::uint64_t epoch_ = 0;
  lab::TimePoint since_;
  lab::TimePoint open_until_{};
  bool is_open_instantly_ = false;  // By a single status: the window says nothing of its end.
  std::int64_t openings_in_row_ = 0;
  std::optional<std::int64_t> last_evaluation_;  // In multiples of evaluate_every.

  CallTotals probes_;
  std::int64_t probes_running_ = 0;

  std::int64_t opened_total_ = 0;
  std::int64_t closed_total_ = 0;
  std::int64_t half_opened_total_ = 0;
  std::int64_t refused_total_ = 0;
};

}  // namespace mockgw
