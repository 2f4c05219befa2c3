#include "mockgw/gateway/shared_rate_limiter.h"

#include <algorithm>

namespace mockgw {

SharedRateLimiter::SharedRateLimiter(const RateLimitConfig& config, lab::Duration unix_at_origin)
    : is_limited_(!config.rules.empty()),
      rate_limiter_(config.rules, unix_at_origin, config.headers.tell_every_rule()) {}

RateLimitDecision SharedRateLimiter::admit(const RateLimitSubject& subject,
                                           const RateLimitCost& cost, lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  return rate_limiter_.admit(subject, cost, in_order(now));
}

void SharedRateLimiter::complete(const RateLimitTicket& ticket, std::int64_t tokens_used,
                                 lab::TimePoint now) {
  const std::lock_guard lock(mutex_);
  rate_limiter_.complete(ticket, tokens_used, in_order(now));
}

lab::TimePoint SharedRateLimiter::in_order(lab::TimePoint now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

}  // namespace mockgw
