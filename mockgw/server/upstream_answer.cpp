#include "mockgw/server/upstream_answer.h"

#include <algorithm>

#include "mockgw/chat/chat_body.h"
#include "mockgw/chat/chat_body_pieces.h"
#include "mockgw/chat/prompt_blocks.h"
#include "mockgw/server/decode_limits.h"
#include "mockgw/server/upstream_failure.h"
#include "mockgw/server/upstream_retry.h"

namespace mockgw {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

// A body that is larger is made without keeping what it was made of.
constexpr std::size_t kBodyBytesMax = std::size_t{64} << 10;

// What the upstream will have done with a request that it took, as its circuit breaker sees it.
CallOutcome outcome_of(const FaultPlan& faults, bool is_stream) {
  using Kind = CallOutcome::Kind;
  if (faults.has(FaultKind::abort_before_headers)) return {.kind = Kind::connect};
  const bool breaks =
      faults.has(FaultKind::reset_mid_stream) || faults.has(FaultKind::stream_error_event) ||
      faults.has(FaultKind::truncate_no_done) || faults.has(FaultKind::malformed_chunk) ||
      faults.has(FaultKind::keepalive_only);
  if (!breaks) return {};
  // Only a stream is ever judged by its head: a body that breaks is a broken connection.
  return {.kind = is_stream ? Kind::broken : Kind::connect};
}

// Only a prompt that the model works on is in its cache from then on.
std::int64_t cached_tokens(const RequestContext& context, const lab::ChatRequest& request,
                           const ModelConfig& model) {
  if (!model.latency.prefix_cache) return 0;
  const std::int64_t block_tokens = model.latency.prefix_cache->block_tokens;
  const auto cache = context.state.prompt_caches->find(model.id);
  if (cache == context.state.prompt_caches->end()) return 0;
  return cache->second.take(prompt_blocks(request, block_tokens), context.now);
}

void plan_answer(const RequestContext& context, const lab::ChatRequest& request,
                 const ModelConfig& model, Answer& answer) {
  const FaultPlan& faults = answer.faults;
  const StreamingBehaviour& streaming = context.state.config.profile.streaming;
  const bool is_worked_on = !faults.refusal() && !faults.has(FaultKind::abort_before_headers);
  plan_chat(
      {.request = request,
       .model = model,
       .request_id = context.identity.id,
       .created = floor<seconds>(context.wall_now).time_since_epoch().count(),
       .elapsed = context.elapsed,
       .prompt_tokens = static_cast<std::int64_t>(context.prompt_tokens.total()),
       .cached_tokens = is_worked_on ? cached_tokens(context, request, model) : 0,
       .delay = context.waited,
       .tokens_at_once = context.state.batch->is_used(),
       .head_at_once = streaming.commit_headers == StreamingBehaviour::CommitHeaders::immediate,
       .omits_nulls = !streaming.finish_reason_null,
       .has_annotations = context.state.config.profile.message_annotations,
       .pads_chunks = streaming.obfuscation,
       .tokens_max = context.state.config.limits.max_answer_tokens},
      faults, context.identity.rng, answer.plan);
}

UpstreamLimits limits_of(const RequestContext& context, bool is_stream) {
  const TimeoutsConfig& timeouts = context.state.config.timeouts;
  if (timeouts.client_header == TimeoutsConfig::ClientHeader::none) {
    return upstream_limits(timeouts, std::nullopt, is_stream);
  }
  const auto wish = context.request.headers.find(client_header_name(timeouts.client_header));
  return upstream_limits(timeouts, wish, is_stream);
}

AnswerPtr streamed(RequestContext& context, AnswerPtr answer) {
  answer->script = script_stream(answer->plan, context.state.config.profile.streaming,
                                 answer->include_usage, answer->faults, std::move(answer->script));
  const UpstreamLimits limits = limits_of(context, true);
  UpstreamTimes times = upstream_times(answer->script);
  if (limits.stream_idle) {
    times.silent_since = silent_since(answer->script, context.waited, *limits.stream_idle);
  }
  const Fault* fault = answer->faults.find(FaultKind::stream_error_event);
  if (fault) {
    answer->texts =
        stream_texts(context, times.end, Condition::upstream_5xx, values_of(context, *fault));
  } else {
    answer->texts = stream_texts(context, times.end, std::nullopt, {});
  }
  answer = stream_answer(context, std::move(answer));
  if (const auto timeout = upstream_timeout(limits, context.waited, times)) {
    context.settlement.outcome = {.kind = CallOutcome::Kind::timeout};
    answer = timed_out_answer(context, *timeout, true, std::move(answer));
  }
  return answer;
}

bool is_damaged(const FaultPlan& faults) {
  return faults.has(FaultKind::malformed_chunk) || faults.has(FaultKind::truncate_no_done);
}

std::string wrapped(const RequestContext& context, std::string completion, lab::Duration due) {
  return wrap_completion(context.state.config.profile, std::move(completion),
                         placeholders_of(context, {}, due));
}

// The profile's envelope is written around a text that stands for the completion.
void plan_pieces(const RequestContext& context, Answer& answer) {
  constexpr std::string_view kPlace = R"("\u0000")";
  answer.kind = Answer::Kind::pieces;
  answer.pieces.resets = answer.faults.has(FaultKind::reset_mid_stream);
  answer.pieces.breaks = answer.pieces.resets || is_damaged(answer.faults);
  if (context.state.config.profile.success_envelope->is_null() || answer.pieces.breaks) return;
  const std::string whole = wrapped(context, std::string(kPlace), answer.due);
  const std::size_t place = std::min(whole.find(kPlace), whole.size());
  answer.pieces.before = whole.substr(0, place);
  answer.pieces.after = whole.substr(std::min(place + kPlace.size(), whole.size()));
}

void append_body(const RequestContext& context, Answer& answer) {
  std::string& body = answer.response.body;
  append_chat_body(body, answer.plan, answer.faults, answer.choices);
  if (body.size() > kBodyBytesMax) {
    // A large answer may wait long for its client: what it was made of need not.
    std::vector<lab::CompletionChoice>().swap(answer.choices);
    std::vector<Completion>().swap(answer.plan.choices);
  }
  const Profile& profile = context.state.config.profile;
  if (profile.success_envelope->is_null() || is_damaged(answer.faults)) return;
  body = wrapped(context, std::move(body), answer.due);
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

AnswerPtr buffered(RequestContext& context, AnswerPtr answer) {
  const UpstreamTimes times = buffered_times(answer->plan, answer->faults);
  if (const auto timeout = upstream_timeout(limits_of(context, false), context.waited, times)) {
    context.settlement.outcome = {.kind = CallOutcome::Kind::timeout};
    return timed_out_answer(context, *timeout, false, std::move(answer));
  }
  if (const Fault* fault = answer->faults.find(FaultKind::stream_error_event)) {
    context.settlement.outcome = {.kind = CallOutcome::Kind::response, .status = 500};
    return failed_answer(context,
                         {.condition = Condition::upstream_5xx,
                          .values = values_of(context, *fault),
                          .due = times.end},
                         std::move(answer));
  }
  answer = plain_answer(context, 200, "application/json", times.end, std::move(answer));
  if (answer->faults.has(FaultKind::keepalive_only)) return answer;
  answer->is_completion = true;
  if (is_worth_pieces(answer->plan)) {
    plan_pieces(context, *answer);
  } else {
    append_body(context, *answer);
    if (answer->faults.has(FaultKind::reset_mid_stream)) answer->kind = Answer::Kind::broken_body;
  }
  if (answer->faults.has(FaultKind::abort_before_headers)) answer->kind = Answer::Kind::reset;
  return answer;
}

// A fault that answers for the upstream, which may be too late for that.
AnswerPtr refused(RequestContext& context, const Fault& fault, bool is_stream, AnswerPtr answer) {
  const bool waits = answer->faults.has(FaultKind::latency);
  const lab::Duration due = waits ? answer->plan.schedule.first_token() : other_latency(context);
  const UpstreamLimits limits = limits_of(context, is_stream);
  UpstreamTimes times{.first_token = due, .end = due};
  const bool is_silent = limits.stream_idle && due - context.waited > *limits.stream_idle;
  if (is_silent) times.silent_since = context.waited;
  if (const auto timeout = upstream_timeout(limits, context.waited, times)) {
    context.settlement.outcome = {.kind = CallOutcome::Kind::timeout};
    return timed_out_answer(context, *timeout, is_stream, std::move(answer));
  }
  context.settlement.outcome = outcome_of(fault);
  return faulted_answer(context, fault, due, is_stream, std::move(answer));
}

// One call of the upstream, at the context's time.
AnswerPtr attempt(RequestContext& context, const lab::ChatRequest& request,
                  const ModelConfig& model, AnswerPtr answer) {
  using StreamVerdict = FailureConfig::StreamVerdict;
  answer->faults = context.state.faults->plan({.model = request.model,
                                               .path = context.path,
                                               .api_key = context.api_key,
                                               .stream = request.stream,
                                               .headers = context.request.headers},
                                              context.elapsed, context.identity.rng);
  answer->include_usage = request.include_usage;
  plan_answer(context, request, model, *answer);
  Settlement& settlement = context.settlement;
  settlement.number = context.number;
  settlement.is_judged_by_head =
      request.stream &&
      context.state.config.circuit_breaker.failure.stream_verdict == StreamVerdict::headers;
  if (const Fault* fault = answer->faults.refusal()) {
    return refused(context, *fault, request.stream, std::move(answer));
  }
  settlement.outcome = outcome_of(answer->faults, request.stream);
  answer =
      request.stream ? streamed(context, std::move(answer)) : buffered(context, std::move(answer));
  if (answer->kind == Answer::Kind::stream) answer->is_completion = true;
  if (!answer->is_completion) return answer;
  const bool is_sent = !answer->faults.has(FaultKind::abort_before_headers);
  settlement.prompt_tokens = is_sent ? answer->plan.usage.prompt_tokens : 0;
  answer->decodes_in_batch =
      context.state.batch->is_used() && !answer->plan.schedule.tokens.empty();
  settlement.is_in_batch = answer->decodes_in_batch;
  if (answer->decodes_in_batch) {
    const UpstreamLimits limits = limits_of(context, request.stream);
    if (limits.any()) keep_decode_limits(context, limits, *answer);
  }
  if (const Fault* fault = answer->faults.find(FaultKind::wrong_content_type)) {
    answer->response.headers.set("content-type", fault->content_type);
  }
  return answer;
}

}  // namespace

AnswerPtr answer_upstream(RequestContext& context, const lab::ChatRequest& request,
                          const ModelConfig& model, AnswerPtr answer) {
  answer = attempt(context, request, model, std::move(answer));
  if (!context.state.config.retries.applies_to(request.stream)) return answer;
  while (const auto at = retry_at(context, *answer)) {
    begin_retry(context, *answer, *at);
    answer = attempt(context, request, model, std::move(answer));
  }
  return answer;
}

}  // namespace mockgw
