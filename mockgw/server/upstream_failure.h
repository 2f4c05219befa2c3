// What the client is answered when the upstream fails, or when a fault rule says that it did.
#pragma once

#include "mockgw/chat/upstream_timeout.h"
#include "mockgw/limits/circuit_breaker.h"
#include "mockgw/server/answer.h"
#include "mockgw/server/request_context.h"

namespace mockgw {

/// What of a profile's stream is not the model's; `failed` is why the stream ends as a failed one.
[[nodiscard]] StreamTexts stream_texts(const RequestContext& context, lab::Duration due,
                                       const std::optional<Condition>& failed,
                                       PlaceholderValues values);

/// Makes `answer` one that streams its script.
[[nodiscard]] AnswerPtr stream_answer(const RequestContext& context, AnswerPtr answer);

/// A call that fails before its first token.
struct FailedCall {
  Condition condition = Condition::upstream_5xx;
  PlaceholderValues values{};
  lab::Duration due{};
  bool is_stream = false;
};

/// The profile's answer: its error, or, where its streams have sent their heads by then, a stream
/// that fails.
[[nodiscard]] AnswerPtr failed_answer(const RequestContext& context, FailedCall call,
                                      AnswerPtr answer);

/// The same for an upstream that was given up.
[[nodiscard]] AnswerPtr timed_out_answer(const RequestContext& context,
                                         const UpstreamTimeout& timeout, bool is_stream,
                                         AnswerPtr answer);

/// What ends a stream under way whose upstream is given up.
[[nodiscard]] StreamTexts timeout_texts(const RequestContext& context,
                                        const UpstreamTimeout& timeout);

/// What a fault of kind `status` or `error` makes of the answer.
[[nodiscard]] AnswerPtr faulted_answer(const RequestContext& context, const Fault& fault,
                                       lab::Duration due, bool is_stream, AnswerPtr answer);

/// How the breaker sees such a fault.
[[nodiscard]] CallOutcome outcome_of(const Fault& fault);

/// {upstream_message}, {upstream_status} and the like, of a fault of any kind.
[[nodiscard]] PlaceholderValues values_of(const RequestContext& context, const Fault& fault);

}  // namespace mockgw
