// The rate limits that all requests of a gateway share, behind one lock.
#pragma once

#include <mutex>

#include "mockgw/limits/rate_limiter.h"

namespace mockgw {

/// Thread-safe. Threads may come with times that are a little out of order; they are put in order
/// here.
class SharedRateLimiter {
 public:
  /// `unix_at_origin` is the Unix time of TimePoint{}.
  SharedRateLimiter(const RateLimitConfig& config, lab::Duration unix_at_origin);

  /// False when nothing is limited: requests pay for what is configured only.
  [[nodiscard]] bool is_limited() const { return is_limited_; }

  [[nodiscard]] RateLimitDecision admit(const RateLimitSubject& subject, const RateLimitCost& cost,
                                        lab::TimePoint now);
  void complete(const RateLimitTicket& ticket, std::int64_t tokens_used, lab::TimePoint now);

 private:
  [[nodiscard]] lab::TimePoint in_order(lab::TimePoint now);

  const bool is_limited_;
  std::mutex mutex_;
  lab::TimePoint latest_{};
  RateLimiter rate_limiter_;
};

}  // namespace mockgw
