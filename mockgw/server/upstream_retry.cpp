#include "mockgw/server/upstream_retry.h"

#include <algorithm>

#include "mockgw/server/decode_limits.h"
#include "shared/base/distribution.h"

namespace mockgw {
namespace {

// Whether anything of the model's was sent: then no other attempt can take the answer's place.
bool has_begun(const Answer& answer) {
  if (answer.kind != Answer::Kind::stream) return false;
  return std::ranges::any_of(answer.script, [](const StreamStep& step) {
    switch (step.kind) {
      case StreamStepKind::role:
      case StreamStepKind::role_and_tool_call:
      case StreamStepKind::tool_call:
      case StreamStepKind::content:
      case StreamStepKind::finish:
      case StreamStepKind::usage:
      case StreamStepKind::malformed:
        return true;
      default:
        return false;
    }
  });
}

lab::Duration end_of(const Answer& answer) {
  return answer.kind == Answer::Kind::stream ? answer.script.back().due : answer.due;
}

// An upstream that was given up, or broke off, has sent no header.
std::string_view retry_after_of(const Answer& answer, const CallOutcome& outcome) {
  if (outcome.kind != CallOutcome::Kind::response) return {};
  const Fault* const fault = answer.faults.refusal();
  return fault ? std::string_view(fault->retry_after) : std::string_view();
}

void note_for_breaker(RequestContext& context, lab::Duration end, lab::Duration at) {
  Settlement& settlement = context.settlement;
  if (!context.state.config.circuit_breaker.failure.count_attempts) return;
  const lab::TimePoint arrived = context.now - context.waited;
  FailedAttempt failed{.outcome = settlement.outcome, .at = arrived + end};
  failed.outcome.duration = end - context.waited;
  settlement.failed_attempts.push_back(failed);
  settlement.called_at = arrived + at;
}

}  // namespace

std::optional<lab::Duration> retry_at(const RequestContext& context, const Answer& answer) {
  if (has_begun(answer)) return std::nullopt;
  const CallOutcome& outcome = context.settlement.outcome;
  const auto wait = wait_before_retry(context.state.config.retries, context.retries + 1, outcome,
                                      retry_after_of(answer, outcome), context.identity.rng);
  if (!wait) return std::nullopt;
  const lab::Duration at = end_of(answer) + *wait;
  // However long each attempt takes, the sum must stay a time that can be added to a clock's.
  if (at > lab::Distribution::kLongestSample) return std::nullopt;
  return at;
}

void begin_retry(RequestContext& context, Answer& answer, lab::Duration at) {
  note_for_breaker(context, end_of(answer), at);
  const lab::Duration since_last = at - context.waited;
  context.waited = at;
  context.now += since_last;
  context.elapsed += since_last;
  context.wall_now += since_last;
  ++context.retries;
  context.is_last_attempt = context.retries == context.state.config.retries.max;
  context.identity.rng = context.identity.rng.child("retry");

  Settlement& settlement = context.settlement;
  settlement.outcome = {};
  settlement.prompt_tokens = 0;
  settlement.is_in_batch = false;
  answer.kind = Answer::Kind::response;
  answer.condition.reset();
  answer.is_completion = false;
  answer.decodes_in_batch = false;
  answer.decode_limits.reset();
  answer.retries = context.retries;
  const auto& rules = answer.faults.rules();
  answer.retried_faults.insert(answer.retried_faults.end(), rules.begin(), rules.end());
}

}  // namespace mockgw
