#include "mockgw/answer/upstream_answer.h"

#include "mockgw/answer/completion_answer.h"
#include "mockgw/answer/upstream_failure.h"
#include "mockgw/answer/upstream_limits.h"
#include "mockgw/answer/upstream_retry.h"
#include "mockgw/chat/prompt_blocks.h"

namespace mockgw {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

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
std::int64_t cached_tokens(const Exchange& exchange) {
  const ModelConfig& model = *exchange.request.chat_model;
  if (!model.latency.prefix_cache) return 0;
  const std::int64_t block_tokens = model.latency.prefix_cache->block_tokens;
  const auto cache = exchange.state->prompt_caches->find(model.id);
  if (cache == exchange.state->prompt_caches->end()) return 0;
  return cache->second.take(prompt_blocks(*exchange.request.chat, block_tokens),
                            exchange.moment.now());
}

void plan_faults(Exchange& exchange) {
  const ClientRequest& request = exchange.request;
  exchange.reply.faults = exchange.state->faults->plan({.model = request.model_name,
                                                        .path = request.path,
                                                        .api_key = request.api_key,
                                                        .stream = request.chat->stream,
                                                        .headers = request.headers()},
                                                       exchange.moment.elapsed(), exchange.rng());
}

void plan_answer(Exchange& exchange) {
  const ClientRequest& request = exchange.request;
  const Moment& moment = exchange.moment;
  const FaultPlan& faults = exchange.reply.faults;
  const GatewayConfig& config = exchange.config();
  const StreamingBehaviour& streaming = config.profile.streaming;
  const bool is_worked_on = !faults.refusal() && !faults.has(FaultKind::abort_before_headers);
  plan_chat(
      {.request = *request.chat,
       .model = *request.chat_model,
       .request_id = request.identity.id,
       .created = floor<seconds>(moment.wall_now()).time_since_epoch().count(),
       .elapsed = moment.elapsed(),
       .prompt_tokens = static_cast<std::int64_t>(request.prompt_tokens.total()),
       .cached_tokens = is_worked_on ? cached_tokens(exchange) : 0,
       .delay = moment.offset,
       .tokens_at_once = exchange.state->batch->is_used(),
       .head_at_once = streaming.commit_headers == StreamingBehaviour::CommitHeaders::immediate,
       .omits_nulls = !streaming.finish_reason_null,
       .has_annotations = config.profile.message_annotations,
       .pads_chunks = streaming.obfuscation,
       .tokens_max = config.limits.max_answer_tokens},
      faults, exchange.rng(), exchange.plan);
}

// A fault that answers for the upstream, which may be too late for that.
void answer_refusal(Exchange& exchange, const Fault& fault) {
  const bool is_stream = exchange.request.chat->stream;
  const bool waits = exchange.reply.faults.has(FaultKind::latency);
  const lab::Duration due = waits ? exchange.plan.schedule.first_token() : other_latency(exchange);
  const lab::Duration called = exchange.moment.offset;
  const UpstreamLimits limits = limits_of(exchange);
  UpstreamTimes times{.first_token = due, .end = due};
  if (limits.stream_idle && due - called > *limits.stream_idle) times.silent_since = called;
  if (give_up_if_late(exchange, limits, times)) return;
  exchange.reply.call.outcome = outcome_of(fault);
  answer_fault(exchange, fault, due, is_stream);
}

// What an answer with the model's tokens means to limits and batch.
void note_completion(Exchange& exchange) {
  Reply& reply = exchange.reply;
  const bool is_sent = !reply.faults.has(FaultKind::abort_before_headers);
  reply.call.prompt_tokens = is_sent ? exchange.plan.usage.prompt_tokens : 0;
  reply.call.is_in_batch =
      exchange.state->batch->is_used() && !exchange.plan.schedule.tokens.empty();
  if (reply.call.is_in_batch) reply.decode_limits = limits_of(exchange);
  if (const Fault* fault = reply.faults.find(FaultKind::wrong_content_type)) {
    exchange.response.headers.set("content-type", fault->content_type);
  }
}

// One call of the upstream, at the exchange's moment.
void attempt(Exchange& exchange) {
  using StreamVerdict = FailureConfig::StreamVerdict;
  const lab::ChatRequest& chat = *exchange.request.chat;
  Reply& reply = exchange.reply;
  plan_faults(exchange);
  plan_answer(exchange);
  reply.include_usage = chat.include_usage;
  const StreamVerdict verdict = exchange.config().circuit_breaker.failure.stream_verdict;
  reply.call.is_judged_by_head = chat.stream && verdict == StreamVerdict::headers;
  if (const Fault* fault = reply.faults.refusal()) return answer_refusal(exchange, *fault);
  reply.call.outcome = outcome_of(reply.faults, chat.stream);
  chat.stream ? answer_streamed(exchange) : answer_buffered(exchange);
  if (reply.is_completion) note_completion(exchange);
}

}  // namespace

void answer_upstream(Exchange& exchange) {
  attempt(exchange);
  if (!exchange.config().retries.applies_to(exchange.request.chat->stream)) return;
  while (const auto at = retry_at(exchange)) {
    begin_retry(exchange, *at);
    attempt(exchange);
  }
}

}  // namespace mockgw
