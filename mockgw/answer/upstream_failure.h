// What the client is answered when the upstream fails, or when a fault rule says that it did.
#pragma once

#include "mockgw/answer/plain_answer.h"
#include "mockgw/breaker/circuit_breaker.h"

namespace mockgw {

/// What of a profile's stream is not the model's; `failed` is why the stream ends as a failed one.
[[nodiscard]] StreamTexts stream_texts(const Exchange& exchange, lab::Duration due,
                                       const std::optional<ErrorCondition>& failed,
                                       PlaceholderValues values);

/// Replies with the exchange's script.
void answer_script(Exchange& exchange);

/// A call that fails before its first token.
struct FailedCall {
  ErrorCondition condition = ErrorCondition::upstream_5xx;
  PlaceholderValues values{};
  lab::Duration due{};
  bool is_stream = false;
};

/// The profile's error, or, where its streams have sent their heads by then, a stream that fails.
void answer_failure(Exchange& exchange, FailedCall call);

/// The same for an upstream that was given up; the breaker is told so.
void answer_timeout(Exchange& exchange, const UpstreamTimeout& timeout, bool is_stream);

/// What ends a stream under way whose upstream is given up.
[[nodiscard]] StreamTexts timeout_texts(const Exchange& exchange, const UpstreamTimeout& timeout);

/// Replies with what a fault of kind `status` or `error` makes of the answer.
void answer_fault(Exchange& exchange, const Fault& fault, lab::Duration due, bool is_stream);

/// How the breaker sees such a fault.
[[nodiscard]] CallOutcome outcome_of(const Fault& fault);

/// {upstream_message}, {upstream_status} and the like, of a fault of any kind.
[[nodiscard]] PlaceholderValues values_of(const Exchange& exchange, const Fault& fault);

}  // namespace mockgw
