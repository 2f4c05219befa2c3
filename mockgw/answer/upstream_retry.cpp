#include "mockgw/answer/upstream_retry.h"

#include <algorithm>

#include "shared/base/distribution.h"

namespace mockgw {
namespace {

// Whether anything of the model's was sent: then no other attempt can take the answer's place.
bool has_begun(const Exchange& exchange) {
  if (exchange.reply.kind != Reply::Kind::stream) return false;
  return std::ranges::any_of(exchange.script, [](const StreamStep& step) {
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

lab::Duration end_of(const Exchange& exchange) {
  const bool is_stream = exchange.reply.kind == Reply::Kind::stream;
  return is_stream ? exchange.script.back().due : exchange.reply.due;
}

// An upstream that was given up, or broke off, has sent no header.
std::string_view retry_after_of(const Reply& reply) {
  if (reply.call.outcome.kind != CallOutcome::Kind::response) return {};
  const Fault* const fault = reply.faults.refusal();
  return fault ? std::string_view(fault->retry_after) : std::string_view();
}

void note_for_breaker(Exchange& exchange, lab::Duration at) {
  if (!exchange.config().circuit_breaker.failure.count_attempts) return;
  const lab::Duration end = end_of(exchange);
  FailedAttempt failed{.outcome = exchange.reply.call.outcome, .at = exchange.moment.arrival + end};
  failed.outcome.duration = end - exchange.moment.offset;
  exchange.owed.failed_attempts.push_back(failed);
  exchange.owed.called_at = exchange.moment.arrival + at;
}

}  // namespace

std::optional<lab::Duration> retry_at(const Exchange& exchange) {
  if (has_begun(exchange)) return std::nullopt;
  const auto wait = wait_before_retry(exchange.config().retries, exchange.record.retries + 1,
                                      exchange.reply.call.outcome, retry_after_of(exchange.reply),
                                      exchange.rng());
  if (!wait) return std::nullopt;
  const lab::Duration at = end_of(exchange) + *wait;
  // However long each attempt takes, the sum must stay a time that can be added to a clock's.
  if (at > lab::Distribution::kLongestSample) return std::nullopt;
  return at;
}

void begin_retry(Exchange& exchange, lab::Duration at) {
  note_for_breaker(exchange, at);
  const auto& rules = exchange.reply.faults.rules();
  auto& retried = exchange.record.retried_faults;
  retried.insert(retried.end(), rules.begin(), rules.end());
  ++exchange.record.retries;
  exchange.moment.offset = at;
  exchange.request.identity.rng = exchange.rng().child("retry");
  exchange.reply = {};
}

}  // namespace mockgw
