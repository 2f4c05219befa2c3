#include "mockgw/rate_limit/rate_limit_algorithms.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace mockgw {
namespace {

using lab::Duration;
using lab::TimePoint;
__extension__ using Int128 = __int128;

Int128 ceil_div(Int128 a, Int128 b) { return a <= 0 ? a / b : (a + b - 1) / b; }
Int128 floor_div(Int128 a, Int128 b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// Debts of absurd size are longer than any run; a century still fits behind any time of the wall
// clock.
Duration to_duration(Int128 nanoseconds) {
  constexpr Duration kMax = std::chrono::hours(24 * 365 * 100);
  return Duration(static_cast<std::int64_t>(std::clamp<Int128>(nanoseconds, 0, kMax.count())));
}

TimePoint window_begin(const RateLimitSpec& spec, TimePoint now) {
  if (spec.anchor == RateLimitRule::Anchor::first_request) return now;
  const Int128 unix_now = Int128(now.time_since_epoch().count()) + spec.unix_at_origin.count();
  const Int128 window = spec.window.count();
  return now - Duration(static_cast<std::int64_t>(unix_now - floor_div(unix_now, window) * window));
}

// What token buckets and GCRA answer for a level of amount × window nanoseconds.
RateLimitAnswer bucket_answer(const RateLimitSpec& spec, Int128 level, std::int64_t cost) {
  const Int128 window = spec.window.count();
  const Int128 full = window * spec.capacity;
  const Int128 needed = window * cost;
  RateLimitAnswer answer;
  answer.admits = level >= needed;
  answer.remaining = static_cast<std::int64_t>(floor_div(level, window));
  answer.reset_in = to_duration(ceil_div(full - level, spec.limit));
  if (needed > full) {
    answer.retry_in = RateLimitAnswer::kNever;
  } else if (!answer.admits) {
    answer.retry_in = to_duration(ceil_div(needed - level, spec.limit));
  }
  return answer;
}

}  // namespace

TokenBucket::TokenBucket(const RateLimitSpec& spec)
    : spec_(spec), level_(Int128(spec.window.count()) * spec.capacity) {}

void TokenBucket::refill(TimePoint now) {
  const Int128 full = Int128(spec_.window.count()) * spec_.capacity;
  const Int128 elapsed = (now - refilled_at_).count();
  level_ = std::min(full, level_ + elapsed * spec_.limit);
  refilled_at_ = now;
}

RateLimitAnswer TokenBucket::ask(std::int64_t cost, TimePoint now) {
  refill(now);
  return bucket_answer(spec_, level_, cost);
}

void TokenBucket::charge(std::int64_t cost, TimePoint now) {
  refill(now);
  level_ -= Int128(spec_.window.count()) * cost;
}

void TokenBucket::refund(std::int64_t amount, TimePoint, TimePoint now) {
  charge(-amount, now);
  refill(now);
}

Gcra::Gcra(const RateLimitSpec& spec)
    : spec_(spec), arrival_(Int128(std::numeric_limits<std::int64_t>::min()) * spec.limit) {}

// How far the theoretical arrival lies ahead of now, × limit.
Gcra::Int128 Gcra::backlog(TimePoint now) const {
  const Int128 at = Int128(now.time_since_epoch().count()) * spec_.limit;
  return std::max<Int128>(0, arrival_ - at);
}

RateLimitAnswer Gcra::ask(std::int64_t cost, TimePoint now) const {
  const Int128 full = Int128(spec_.window.count()) * spec_.capacity;
  return bucket_answer(spec_, full - backlog(now), cost);
}

void Gcra::charge(std::int64_t cost, TimePoint now) {
  const Int128 at = Int128(now.time_since_epoch().count()) * spec_.limit;
  arrival_ = at + backlog(now) + Int128(spec_.window.count()) * cost;
}

void Gcra::refund(std::int64_t amount, TimePoint, TimePoint now) { charge(-amount, now); }

bool FixedWindow::is_open(TimePoint now) const { return has_begun_ && now - begin_ < spec_.window; }

RateLimitAnswer FixedWindow::ask(std::int64_t cost, TimePoint now) const {
  const bool is_counting = is_open(now) && count_ > 0;
  const std::int64_t used = is_counting ? count_ : 0;
  const Duration left = is_counting ? begin_ + spec_.window - now : Duration::zero();
  RateLimitAnswer answer;
  answer.remaining = spec_.limit - used;
  answer.admits = cost <= answer.remaining;
  answer.reset_in = left;
  if (cost > spec_.limit) {
    answer.retry_in = RateLimitAnswer::kNever;
  } else if (!answer.admits) {
    answer.retry_in = left;
  }
  return answer;
}

void FixedWindow::charge(std::int64_t cost, TimePoint now) {
  if (!is_open(now)) {
    has_begun_ = true;
    begin_ = window_begin(spec_, now);
    count_ = 0;
  }
  count_ += cost;
}

void FixedWindow::refund(std::int64_t amount, TimePoint charged_at, TimePoint now) {
  if (is_open(now) && charged_at >= begin_) count_ = std::max<std::int64_t>(0, count_ - amount);
}

void SlidingWindowLog::forget(TimePoint now) {
  while (!entries_.empty() && now - entries_.front().last >= spec_.window) {
    used_ -= entries_.front().amount;
    entries_.pop_front();
  }
}

Duration SlidingWindowLog::retry_in(std::int64_t cost, TimePoint now) const {
  if (cost > spec_.limit) return RateLimitAnswer::kNever;
  std::int64_t used = used_;
  for (const Entry& entry : entries_) {
    used -= entry.amount;
    if (used + cost <= spec_.limit) return entry.last + spec_.window - now;
  }
  return Duration::zero();
}

RateLimitAnswer SlidingWindowLog::ask(std::int64_t cost, TimePoint now) {
  forget(now);
  RateLimitAnswer answer;
  answer.remaining = spec_.limit - used_;
  answer.admits = cost <= answer.remaining;
  if (!entries_.empty()) answer.reset_in = entries_.back().last + spec_.window - now;
  if (!answer.admits) answer.retry_in = retry_in(cost, now);
  return answer;
}

void SlidingWindowLog::charge(std::int64_t cost, TimePoint now) {
  forget(now);
  used_ += cost;
  const Duration resolution = spec_.window / static_cast<std::int64_t>(kExactEntries);
  const bool shares = entries_.size() >= kExactEntries && now - entries_.back().first < resolution;
  if (shares) {
    entries_.back().last = now;
    entries_.back().amount += cost;
  } else {
    entries_.push_back({now, now, cost});
  }
  assert(entries_.size() <= 2 * kExactEntries + 1);
}

void SlidingWindowLog::refund(std::int64_t amount, TimePoint charged_at, TimePoint now) {
  forget(now);
  const auto found = std::ranges::lower_bound(entries_, charged_at, {}, &Entry::last);
  if (found == entries_.end() || found->first > charged_at) return;
  const std::int64_t given_back = std::min(amount, found->amount);
  found->amount -= given_back;
  used_ -= given_back;
}

void SlidingWindowCounter::roll(TimePoint now) {
  const bool is_blank = previous_ == 0 && current_ == 0;
  if (!has_begun_ || (is_blank && spec_.anchor == RateLimitRule::Anchor::first_request)) {
    has_begun_ = true;
    begin_ = window_begin(spec_, now);
    return;
  }
  const std::int64_t windows = (now - begin_) / spec_.window;
  if (windows == 0) return;
  previous_ = windows == 1 ? current_ : 0;
  current_ = 0;
  begin_ += windows * spec_.window;
}

namespace {

// How many of a window's nanoseconds the sliding window may still cover for `count` of it to weigh
// `room` at most: the greatest c with floor(count × c / window) ≤ room.
Int128 covered_max(Int128 count, Int128 room, Int128 window) {
  return std::min(window, ((room + 1) * window - 1) / count);
}

}  // namespace

// Finds the first moment at which the weighed previous count and the current one leave room for the
// cost: in this window if the current count alone leaves it, else in the next, whose previous is
// this one's current.
Duration SlidingWindowCounter::retry_in(std::int64_t cost, Duration elapsed) const {
  if (cost > spec_.limit) return RateLimitAnswer::kNever;
  const Int128 window = spec_.window.count();
  const Int128 room_now = spec_.limit - cost - current_;
  if (room_now >= 0) {
    return to_duration(window - covered_max(previous_, room_now, window) - elapsed.count());
  }
  const Int128 room_next = spec_.limit - cost;
  return to_duration(window - elapsed.count() + window - covered_max(current_, room_next, window));
}

RateLimitAnswer SlidingWindowCounter::ask(std::int64_t cost, TimePoint now) {
  roll(now);
  const Duration elapsed = now - begin_;
  const Int128 window = spec_.window.count();
  const Int128 weighed = previous_ * (window - elapsed.count()) / window;
  RateLimitAnswer answer;
  answer.remaining = static_cast<std::int64_t>(spec_.limit - current_ - weighed);
  answer.admits = cost <= answer.remaining;
  if (previous_ > 0) answer.reset_in = spec_.window - elapsed;
  if (current_ > 0) answer.reset_in = 2 * spec_.window - elapsed;
  if (!answer.admits) answer.retry_in = retry_in(cost, elapsed);
  return answer;
}

void SlidingWindowCounter::charge(std::int64_t cost, TimePoint now) {
  roll(now);
  current_ += cost;
}

void SlidingWindowCounter::refund(std::int64_t amount, TimePoint charged_at, TimePoint now) {
  roll(now);
  if (charged_at >= begin_) {
    current_ = std::max<std::int64_t>(0, current_ - amount);
  } else if (begin_ - charged_at <= spec_.window) {
    previous_ = std::max<std::int64_t>(0, previous_ - amount);
  }
}

RateLimitMeter make_meter(const RateLimitSpec& spec) {
  assert(spec.limit >= 1 && spec.capacity >= 1 && spec.window > Duration::zero());
  switch (spec.algorithm) {
    case RateLimitAlgorithm::token_bucket:
      return TokenBucket(spec);
    case RateLimitAlgorithm::gcra:
      return Gcra(spec);
    case RateLimitAlgorithm::fixed_window:
      return FixedWindow(spec);
    case RateLimitAlgorithm::sliding_window_log:
      return SlidingWindowLog(spec);
    case RateLimitAlgorithm::sliding_window_counter:
      return SlidingWindowCounter(spec);
  }
  assert(false);
  return TokenBucket(spec);
}

}  // namespace mockgw
