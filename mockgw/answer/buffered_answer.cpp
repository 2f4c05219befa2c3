#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mockgw/answer/completion_answer.h"
#include "mockgw/answer/upstream_failure.h"
#include "mockgw/answer/upstream_limits.h"
#include "mockgw/chat/chat_body.h"
#include "mockgw/chat/chat_body_pieces.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// A body that is larger is made without keeping what it was made of.
constexpr std::size_t kBodyBytesMax = std::size_t{64} << 10;

bool is_damaged(const FaultPlan& faults) {
  return faults.has(FaultKind::malformed_chunk) || faults.has(FaultKind::truncate_no_done);
}

bool has_envelope(const Exchange& exchange) {
  return !exchange.config().profile.success_envelope->is_null();
}

std::string wrapped(const Exchange& exchange, std::string completion) {
  return wrap_completion(exchange.config().profile, std::move(completion),
                         placeholders_of(exchange, {}, exchange.reply.due));
}

// The profile's envelope is written around a text that stands for the completion.
void plan_pieces(Exchange& exchange) {
  constexpr std::string_view kPlace = R"("\u0000")";
  Reply& reply = exchange.reply;
  reply.kind = Reply::Kind::pieces;
  const bool resets = reply.faults.has(FaultKind::reset_mid_stream);
  const bool breaks = resets || is_damaged(reply.faults);
  exchange.pieces = {.breaks = breaks, .resets = resets};
  if (!has_envelope(exchange) || breaks) return;
  const std::string whole = wrapped(exchange, std::string(kPlace));
  const std::size_t place = std::min(whole.find(kPlace), whole.size());
  exchange.pieces.before = whole.substr(0, place);
  exchange.pieces.after = whole.substr(std::min(place + kPlace.size(), whole.size()));
}

void append_body(Exchange& exchange) {
  const FaultPlan& faults = exchange.reply.faults;
  std::string& body = exchange.response.body;
  append_chat_body(body, exchange.plan, faults, exchange.choices);
  if (body.size() > kBodyBytesMax) {
    // A large answer may wait long for its client: what it was made of need not.
    std::vector<lab::CompletionChoice>().swap(exchange.choices);
    std::vector<Completion>().swap(exchange.plan.choices);
  }
  if (has_envelope(exchange) && !is_damaged(faults)) body = wrapped(exchange, std::move(body));
  if (faults.has(FaultKind::reset_mid_stream)) exchange.reply.kind = Reply::Kind::broken_body;
}

UpstreamTimes buffered_times(const ChatPlan& plan, const FaultPlan& faults) {
  UpstreamTimes times{.first_token = std::max(plan.schedule.first_token(), plan.head_held_until),
                      .end = std::max(plan.schedule.end, plan.head_held_until)};
  if (const Fault* stall = faults.find(FaultKind::stall)) times.end += stall->duration;
  if (const Fault* silent = faults.find(FaultKind::keepalive_only)) {
    times.end = times.first_token + silent->duration;
    times.first_token = times.end;
  }
  return times;
}

void answer_error_event(Exchange& exchange, const Fault& fault, lab::Duration due) {
  exchange.reply.call.outcome = {.kind = CallOutcome::Kind::response, .status = 500};
  answer_failure(exchange, {.condition = ErrorCondition::upstream_5xx,
                            .values = values_of(exchange, fault),
                            .due = due});
}

}  // namespace

void answer_buffered(Exchange& exchange) {
  Reply& reply = exchange.reply;
  const UpstreamTimes times = buffered_times(exchange.plan, reply.faults);
  if (give_up_if_late(exchange, limits_of(exchange), times)) return;
  if (const Fault* fault = reply.faults.find(FaultKind::stream_error_event)) {
    return answer_error_event(exchange, *fault, times.end);
  }
  answer_plainly(exchange, 200, "application/json", times.end);
  if (reply.faults.has(FaultKind::abort_before_headers)) {
    reply.kind = Reply::Kind::reset;
    return;
  }
  if (reply.faults.has(FaultKind::keepalive_only)) return;
  reply.is_completion = true;
  if (is_worth_pieces(exchange.plan)) {
    plan_pieces(exchange);
  } else {
    append_body(exchange);
  }
}

}  // namespace mockgw
