// The five rate-limit algorithms as clock-free meters: what would be admitted now, what remains,
// when it fits again. All arithmetic is in whole numbers (amount × nanoseconds, 128 bits), so an
// answer is exact to the nanosecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <variant>

#include "mockgw/rate_limit/rate_limit_config.h"
#include "shared/base/time.h"

namespace mockgw {

/// What a meter measures against. An *amount* is a number of requests or of tokens.
struct RateLimitSpec {
  RateLimitAlgorithm algorithm = RateLimitAlgorithm::token_bucket;
  std::int64_t limit = 1;  ///< Amount a window, ≥ 1.
  std::int64_t capacity =
      1;  ///< Most that fits at once into a bucket (token_bucket, gcra), ≥ 1; windows use `limit`.
  lab::Duration window{};  ///< > 0
  RateLimitRule::Anchor anchor = RateLimitRule::Anchor::calendar;
  lab::Duration unix_at_origin{};  ///< Unix time of TimePoint{}: where calendar windows begin.
};

/// The answer of a meter for one cost at one moment. Time zero means now.
struct RateLimitAnswer {
  static constexpr lab::Duration kNever = lab::Duration::max();

  bool admits = true;
  std::int64_t remaining =
      0;  ///< Whole amount left; negative when more was charged than was there.
  lab::Duration
      reset_in{};  ///< Until the meter is back in its initial state, if nothing more is charged.
  lab::Duration retry_in{};  ///< Until the cost fits; kNever when it is more than ever fits.
};

// Every meter has the same four members. Times must not go backwards between calls.
//   ask(cost, now): nothing changes that a client could see.
//   charge(cost, now): whether or not it fits, so that what is known only afterwards can overrun
//   the limit. refund(amount, charged_at, now): gives back a part of an earlier charge; what its
//   window has forgotten stays forgotten.

/// Refills continuously by `limit` a window up to `capacity`.
class TokenBucket {
 public:
  explicit TokenBucket(const RateLimitSpec& spec);
  [[nodiscard]] RateLimitAnswer ask(std::int64_t cost, lab::TimePoint now);
  void charge(std::int64_t cost, lab::TimePoint now);
  void refund(std::int64_t amount, lab::TimePoint charged_at, lab::TimePoint now);

 private:
  __extension__ using Int128 = __int128;
  void refill(lab::TimePoint now);

  RateLimitSpec spec_;
  Int128 level_;  // Amount × window nanoseconds.
  lab::TimePoint refilled_at_{};
};

/// The generic cell rate algorithm: remembers only the theoretical arrival time. Answers as a token
/// bucket of the same capacity does.
class Gcra {
 public:
  explicit Gcra(const RateLimitSpec& spec);
  [[nodiscard]] RateLimitAnswer ask(std::int64_t cost, lab::TimePoint now) const;
  void charge(std::int64_t cost, lab::TimePoint now);
  void refund(std::int64_t amount, lab::TimePoint charged_at, lab::TimePoint now);

 private:
  __extension__ using Int128 = __int128;
  [[nodiscard]] Int128 backlog(lab::TimePoint now) const;

  RateLimitSpec spec_;
  Int128 arrival_;  // The theoretical arrival time × limit.
};

/// Counts in windows that begin at multiples of their length, or with the first request.
class FixedWindow {
 public:
  explicit FixedWindow(const RateLimitSpec& spec) : spec_(spec) {}
  [[nodiscard]] RateLimitAnswer ask(std::int64_t cost, lab::TimePoint now) const;
  void charge(std::int64_t cost, lab::TimePoint now);
  void refund(std::int64_t amount, lab::TimePoint charged_at, lab::TimePoint now);

 private:
  [[nodiscard]] bool is_open(lab::TimePoint now) const;

  RateLimitSpec spec_;
  bool has_begun_ = false;
  lab::TimePoint begin_{};
  std::int64_t count_ = 0;
};

/// Remembers every charge for one window. Exact up to kExactEntries remembered charges; beyond,
/// charges that are nearer than window / kExactEntries share an entry and are forgotten together,
/// so memory is at most 2 × kExactEntries + 1.
class SlidingWindowLog {
 public:
  static constexpr std::size_t kExactEntries = 1024;

  explicit SlidingWindowLog(const RateLimitSpec& spec) : spec_(spec) {}
  [[nodiscard]] RateLimitAnswer ask(std::int64_t cost, lab::TimePoint now);
  void charge(std::int64_t cost, lab::TimePoint now);
  void refund(std::int64_t amount, lab::TimePoint charged_at, lab::TimePoint now);
  [[nodiscard]] std::size_t entry_count() const { return entries_.size(); }

 private:
  struct Entry {
    lab::TimePoint first;
    lab::TimePoint last;  // Forgotten one window after this.
    std::int64_t amount;
  };
  void forget(lab::TimePoint now);
  [[nodiscard]] lab::Duration retry_in(std::int64_t cost, lab::TimePoint now) const;

  RateLimitSpec spec_;
  std::deque<Entry> entries_;
  std::int64_t used_ = 0;
};

/// Counts two fixed windows and weighs the previous one by how much of it the sliding window still
/// covers, rounded down, as those who have it in production do: a request is let in while
/// previous × (window − elapsed) / window + current is below the limit, without the request itself
/// (Cloudflare, "How we built rate limiting capable of scaling to millions of domains"; Upstash's
/// slidingWindow floors the same product and refuses from the limit on). Otherwise a limit of one
/// would let in one request every second window.
class SlidingWindowCounter {
 public:
  explicit SlidingWindowCounter(const RateLimitSpec& spec) : spec_(spec) {}
  [[nodiscard]] RateLimitAnswer ask(std::int64_t cost, lab::TimePoint now);
  void charge(std::int64_t cost, lab::TimePoint now);
  void refund(std::int64_t amount, lab::TimePoint charged_at, lab::TimePoint now);

 private:
  void roll(lab::TimePoint now);
  [[nodiscard]] lab::Duration retry_in(std::int64_t cost, lab::Duration elapsed) const;

  RateLimitSpec spec_;
  bool has_begun_ = false;
  lab::TimePoint begin_{};
  std::int64_t previous_ = 0;
  std::int64_t current_ = 0;
};

using RateLimitMeter =
    std::variant<TokenBucket, Gcra, FixedWindow, SlidingWindowLog, SlidingWindowCounter>;

[[nodiscard]] RateLimitMeter make_meter(const RateLimitSpec& spec);

}  // namespace mockgw
