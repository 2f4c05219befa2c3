#include "mockgw/breaker/circuit_breaker.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mockgw {
namespace {

using lab::Duration;
using lab::TimePoint;
using Kind = CallOutcome::Kind;

// Scheduled evaluations made up for after a quiet time; what a time window held is forgotten well
// before.
constexpr std::int64_t kMissedEvaluationsMax = 1'000;

Duration scaled(Duration d, double factor) {
  return lab::from_seconds(lab::to_seconds(d) * factor);
}

TimePoint saturating_add(TimePoint t, Duration d) {
  return d > TimePoint::max() - t ? TimePoint::max() : t + d;
}

}  // namespace

CallVerdict judge(const FailureConfig& failure, const CallOutcome& outcome) {
  const auto failure_if = [](bool counts) {
    return counts ? CallVerdict::failure : CallVerdict::ignored;
  };
  switch (outcome.kind) {
    case Kind::timeout:
      return failure_if(failure.timeouts);
    case Kind::connect:
      return failure_if(failure.connect);
    case Kind::rejected:
      return failure_if(failure.rejected);
    case Kind::broken:
      return failure.stream_verdict == FailureConfig::StreamVerdict::end ? CallVerdict::failure
                                                                         : CallVerdict::success;
    case Kind::cancelled:
      return CallVerdict::ignored;
    case Kind::response:
      break;
  }
  if (matches(failure.statuses, outcome.status)) return CallVerdict::failure;
  if (matches(failure.ignored, outcome.status)) return CallVerdict::ignored;
  return CallVerdict::success;
}

CircuitBreaker::CircuitBreaker(const CircuitBreakerConfig& config, lab::Rng rng,
                               Duration unix_at_origin, TimePoint started)
    : config_(config),
      rng_(rng),
      statistics_(make_call_statistics(config.trip, unix_at_origin)),
      since_(started) {
  if (config.forced) force(config.forced, started);
}

CircuitPermit CircuitBreaker::try_acquire(TimePoint now) {
  advance(now);
  if (state_ == CircuitState::open && !forced_ && !is_held_by_window() && now >= open_until_) {
    half_open(now);
  }
  const bool is_granted =
      state_ == CircuitState::closed || (state_ == CircuitState::half_open && admits_probe());
  CircuitPermit permit;
  permit.is_granted = is_granted;
  permit.epoch = epoch_;
  if (!is_granted) {
    ++refused_total_;
    permit.retry_in = retry_in(now);
    return permit;
  }
  permit.is_probe = state_ == CircuitState::half_open;
  if (permit.is_probe) ++probes_running_;
  return permit;
}

void CircuitBreaker::on_result(const CircuitPermit& permit, const CallOutcome& outcome,
                               TimePoint now) {
  assert(permit.is_granted);
  advance(now);
  if (permit.epoch != epoch_) return;
  const CallVerdict verdict = judge(config_.failure, outcome);
  if (permit.is_probe) {
    record_probe(verdict, outcome, now);
  } else {
    record_closed(verdict, outcome, now);
  }
}

void CircuitBreaker::on_attempt(const CircuitPermit& permit, const CallOutcome& outcome,
                                TimePoint now) {
  advance(now);
  // The next attempt keeps the probe's place.
  if (permit.is_probe && permit.epoch == epoch_) ++probes_running_;
  on_result(permit, outcome, now);
}

bool CircuitBreaker::is_slow(const CallOutcome& outcome) const {
  return config_.trip.slow_call && outcome.duration > *config_.trip.slow_call;
}

void CircuitBreaker::record_closed(CallVerdict verdict, const CallOutcome& outcome, TimePoint now) {
  if (verdict == CallVerdict::ignored) return;
  const bool is_failure = verdict == CallVerdict::failure;
  const bool is_slow_call = is_slow(outcome);
  std::visit([&](auto& s) { s.record(is_failure, is_slow_call, now); }, statistics_);
  const bool is_instant =
      outcome.kind == Kind::response && matches(config_.trip.instant_trip_statuses, outcome.status);
  if (is_instant) {
    open(true, now);
    return;
  }
  if (config_.trip.evaluate_every > Duration::zero()) return;
  const bool is_occasion =
      config_.trip.evaluate_on == TripConfig::EvaluateOn::result || is_failure || is_slow_call;
  if (is_occasion) evaluate(now);
}

void CircuitBreaker::evaluate(TimePoint now) {
  const CallTotals totals = std::visit([&](auto& s) { return s.totals(now); }, statistics_);
  const bool is_tripping = trips(config_.trip, totals);
  if (state_ == CircuitState::closed && is_tripping) open(false, now);
  if (state_ == CircuitState::open && is_held_by_window() && !is_tripping) close(false, now);
}

bool CircuitBreaker::admits_probe() const {
  const HalfOpenConfig& half_open = config_.half_open;
  if (half_open.rate_over_calls > 0 &&
      probes_running_ + probes_.calls >= half_open.rate_over_calls) {
    return false;
  }
  return half_open.max_concurrent_calls == 0 || probes_running_ < half_open.max_concurrent_calls;
}

void CircuitBreaker::record_probe(CallVerdict verdict, const CallOutcome& outcome, TimePoint now) {
  --probes_running_;
  // The place of a probe that says nothing is given to another one.
  if (verdict == CallVerdict::ignored) return;
  probes_.add(verdict == CallVerdict::failure, is_slow(outcome));
  const HalfOpenConfig& half_open = config_.half_open;
  if (half_open.rate_over_calls > 0) {
    if (probes_.calls < half_open.rate_over_calls) return;
    TripConfig rates = config_.trip;
    rates.minimum_requests = 0;
    if (trips(rates, probes_)) {
      open(false, now);
    } else {
      close(true, now);
    }
    return;
  }
  if (probes_.failures >= half_open.failure_threshold) {
    open(false, now);
  } else if (probes_.calls - probes_.failures >= half_open.success_threshold) {
    close(true, now);
  }
}

bool CircuitBreaker::is_held_by_window() const {
  return config_.open.until_recovered && !is_open_instantly_;
}

void CircuitBreaker::advance(TimePoint now) {
  if (forced_) return;
  evaluate_due(now);
  if (state_ != CircuitState::open || is_held_by_window() || now < open_until_) return;
  if (!config_.half_open.enabled) {
    close(false, open_until_);
  } else if (config_.half_open.auto_transition) {
    half_open(open_until_);
  }
}

void CircuitBreaker::evaluate_due(TimePoint now) {
  const Duration every = config_.trip.evaluate_every;
  if (every <= Duration::zero()) {
    if (state_ == CircuitState::open && is_held_by_window()) evaluate(now);
    return;
  }
  const std::int64_t current = now.time_since_epoch() / every;
  const std::int64_t last = last_evaluation_.value_or(current);
  const std::int64_t end = std::min(current, last + kMissedEvaluationsMax);
  for (std::int64_t i = last + 1; i <= end; ++i) evaluate(TimePoint(i * every));
  last_evaluation_ = current;
}

void CircuitBreaker::enter(CircuitState state, TimePoint now) {
  state_ = state;
  since_ = now;
  ++epoch_;
  probes_ = {};
  probes_running_ = 0;
}

void CircuitBreaker::open(bool is_instant, TimePoint now) {
  if (forced_ || (!may_open_ && state_ == CircuitState::closed)) return;
  const Duration forgive_every = config_.open.forgive_every;
  if (state_ == CircuitState::closed && forgive_every > Duration::zero()) {
    openings_in_row_ = std::max<std::int64_t>(0, openings_in_row_ - (now - since_) / forgive_every);
  }
  ++openings_in_row_;
  ++opened_total_;
  is_open_instantly_ = is_instant;
  open_until_ = saturating_add(now, next_open_duration());
  enter(CircuitState::open, now);
}

void CircuitBreaker::half_open(TimePoint now) {
  ++half_opened_total_;
  enter(CircuitState::half_open, now);
}

// A close that probes have proven forgets everything. One by expiry alone proves nothing: it keeps
// the number of openings, and what a time window forgets by itself (LiteLLM's minute goes on
// counting over a cooldown).
void CircuitBreaker::close(bool is_proven, TimePoint now) {
  ++closed_total_;
  if (is_proven) openings_in_row_ = 0;
  if (is_proven || !std::holds_alternative<TimeWindow>(statistics_)) {
    std::visit([](auto& s) { s.clear(); }, statistics_);
  }
  enter(CircuitState::closed, now);
}

Duration CircuitBreaker::next_open_duration() const {
  const OpenConfig& open = config_.open;
  const auto count = static_cast<double>(openings_in_row_);
  const double factor =
      open.backoff == OpenConfig::Backoff::linear ? count : std::pow(open.multiplier, count - 1);
  const Duration planned = factor == 1 ? open.duration : scaled(open.duration, factor);
  const Duration bounded = std::min(planned, open.max);
  if (open.jitter == 0) return bounded;
  lab::Rng rng = rng_.child("open", static_cast<std::uint64_t>(opened_total_));
  return scaled(bounded, 1 + open.jitter * (2 * rng.uniform01() - 1));
}

std::optional<Duration> CircuitBreaker::retry_in(TimePoint now) const {
  if (forced_ || state_ != CircuitState::open || is_held_by_window()) return std::nullopt;
  if (open_until_ - since_ >= OpenConfig::kForEver) return std::nullopt;
  return std::max(Duration::zero(), open_until_ - now);
}

CircuitState CircuitBreaker::state(TimePoint now) {
  advance(now);
  return state_;
}

CircuitSnapshot CircuitBreaker::snapshot(TimePoint now) {
  advance(now);
  CircuitSnapshot snapshot;
  snapshot.state = state_;
  snapshot.is_forced = forced_.has_value();
  snapshot.since = since_;
  snapshot.retry_in = retry_in(now);
  snapshot.totals = state_ == CircuitState::half_open
                        ? probes_
                        : std::visit([&](auto& s) { return s.totals(now); }, statistics_);
  snapshot.opened_total = opened_total_;
  snapshot.closed_total = closed_total_;
  snapshot.half_opened_total = half_opened_total_;
  snapshot.refused_total = refused_total_;
  return snapshot;
}

void CircuitBreaker::force(std::optional<CircuitState> state, TimePoint now) {
  forced_.reset();
  last_evaluation_.reset();
  if (!state || *state == CircuitState::closed) {
    close(true, now);
  } else if (*state == CircuitState::half_open) {
    half_open(now);
  } else {
    ++opened_total_;
    is_open_instantly_ = true;
    open_until_ = TimePoint::max();
    enter(CircuitState::open, now);
  }
  if (state && *state != CircuitState::half_open) forced_ = state;
}

}  // namespace mockgw
