// What an answer owes to the gateway's limits once it is over.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mockgw/breaker/circuit_breaker_group.h"
#include "mockgw/gateway/gateway_state.h"
#include "mockgw/rate_limit/rate_limiter.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace mockgw {

/// An attempt that failed and is followed by another one, as it was decided.
struct FailedAttempt {
  CallOutcome outcome;
  lab::TimePoint at{};  ///< When it failed.
};

/// Collected while the answer is decided.
struct Settlement {
  std::optional<RateLimitTicket> ticket{};
  std::optional<CircuitBreakerGroup::Permit> permit{};  ///< A granted one.
  /// When the call began: the time in the gateway's own queue is not the upstream's.
  lab::TimePoint called_at{};
  std::uint64_t number = 0;  ///< The request's, in the gateway.
  bool has_slot = false;     ///< Of the admission gate.
  /// Attempts before the last, for a breaker that counts them. It is told of them when the answer
  /// is over: until then it sees less of a failing upstream than there is.
  std::vector<FailedAttempt> failed_attempts{};
};

/// What the call of the upstream that is answered came to, as decided.
struct UpstreamCall {
  CallOutcome outcome{};
  std::int64_t prompt_tokens = 0;
  bool is_in_batch = false;        ///< Tokens come when the batch server has them, if later.
  bool is_judged_by_head = false;  ///< By the breaker: a stream whose head is out is a success.
};

/// How sending it went.
struct Sent {
  lab::ErrorCode ec{};
  std::int64_t tokens = 0;  ///< Of the answer, sent in full or in part.
  bool was_cut_by_client =
      false;                   ///< The error is the client's, not one of the answer's own faults.
  bool was_abandoned = false;  ///< The client left before anything was sent.
};

/// Once the head of a stream is out: tells a breaker that waits for no more, as the probe that it
/// may be must not keep a half-open breaker waiting for its last token.
void settle_head(const GatewayState& state, Settlement& owed, const UpstreamCall& call,
                 lab::TimePoint now);

/// Gives back, once, what the request holds of the state that it was answered in. A client that
/// left says nothing about the upstream.
void settle(const GatewayState& state, const Settlement& owed, const UpstreamCall& call,
            const Sent& sent, lab::TimePoint now);

}  // namespace mockgw
