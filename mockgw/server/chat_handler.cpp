#include "mockgw/server/chat_handler.h"

#include <algorithm>
#include <charconv>

#include "mockgw/chat/chat_body.h"
#include "mockgw/chat/prompt_blocks.h"
#include "mockgw/profiles/profile.h"
#include "mockgw/server/chat_limits.h"

namespace mockgw {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

AnswerPtr refuse(const RequestContext& context, const lab::RequestProblem& problem,
                 AnswerPtr answer) {
  ErrorDetails details;
  details.values.set(Placeholder::detail, problem.message);
  if (problem.param) details.values.set(Placeholder::param, *problem.param);
  if (problem.code) details.values.set(Placeholder::code, *problem.code);
  const bool is_json = problem.kind != lab::RequestProblem::Kind::invalid_json;
  return error_answer(context, is_json ? Condition::validation : Condition::invalid_json,
                      std::move(details), other_latency(context), std::move(answer));
}

// The condition whose words fit a status that a fault rule asks for without a body of its own.
Condition condition_of(unsigned status) {
  switch (status) {
    case 400:
      return Condition::validation;
    case 401:
      return Condition::auth_invalid;
    case 403:
      return Condition::forbidden;
    case 404:
      return Condition::model_not_found;
    case 408:
    case 504:
      return Condition::upstream_timeout;
    case 429:
      return Condition::upstream_429;
    case 502:
      return Condition::upstream_connect;
    default:
      return Condition::upstream_5xx;
  }
}

bool fails_in_band(const RequestContext& context, bool is_stream) {
  const StreamingBehaviour& streaming = context.state.config.profile.streaming;
  return is_stream && streaming.commit_headers == StreamingBehaviour::CommitHeaders::immediate &&
         streaming.pre_token_error == StreamingBehaviour::PreTokenError::in_band;
}

StreamError stream_error(const RequestContext& context, Condition cause, PlaceholderValues values) {
  const Profile& profile = context.state.config.profile;
  const auto data =
      render_stream_error(profile, cause, placeholders_of(context, std::move(values)));
  return {profile.streaming.error_event, data.value_or("{}")};
}

AnswerPtr stream_answer(const RequestContext& context, AnswerPtr answer) {
  const lab::Duration due = answer->script.front().due;
  answer = plain_answer(context, 200, "text/event-stream", due, std::move(answer));
  answer->response.headers.add("cache-control", "no-cache");
  answer->kind = Answer::Kind::stream;
  return answer;
}

// The upstream failed before its first token.
AnswerPtr upstream_failure(const RequestContext& context, Condition condition, ErrorDetails details,
                           lab::Duration due, bool is_stream, AnswerPtr answer) {
  if (!fails_in_band(context, is_stream)) {
    return error_answer(context, condition, std::move(details), due, std::move(answer));
  }
  answer->stream_error = stream_error(context, condition, std::move(details.values));
  answer->condition = condition;
  answer->script =
      script_failed_stream(context.state.config.profile.streaming, due, std::move(answer->script));
  return stream_answer(context, std::move(answer));
}

AnswerPtr status_fault(const RequestContext& context, const Fault& fault, lab::Duration due,
                       bool is_stream, AnswerPtr answer) {
  if (fault.body) {
    const bool is_json = fault.body->starts_with('{') || fault.body->starts_with('[');
    answer = plain_answer(context, fault.status, is_json ? "application/json" : "text/plain", due,
                          std::move(answer));
    answer->response.body = *fault.body;
  } else {
    ErrorDetails details{.values = {}, .status = fault.status};
    details.values.set(Placeholder::detail, "A fault rule of the gateway refused this request.");
    details.values.set(Placeholder::upstream_status, std::to_string(fault.status));
    answer = upstream_failure(context, condition_of(fault.status), std::move(details), due,
                              is_stream, std::move(answer));
  }
  lab::HttpHeaders& headers = answer->response.headers;
  if (!fault.retry_after.empty()) headers.set("retry-after", fault.retry_after);
  for (const auto& [name, value] : fault.headers) headers.set(name, value);
  return answer;
}

// A planned time that the imitated upstream would not have been given.
bool times_out(const TimeoutsConfig& timeouts, const TokenSchedule& schedule, bool is_stream) {
  if (timeouts.ttft && schedule.first_token() > *timeouts.ttft) return true;
  return timeouts.request && !is_stream && schedule.end > *timeouts.request;
}

AnswerPtr timeout_answer(const RequestContext& context, bool is_stream, AnswerPtr answer) {
  const TimeoutsConfig& timeouts = context.state.config.timeouts;
  const lab::Duration limit = std::min(timeouts.request.value_or(lab::Duration::max()),
                                       timeouts.ttft.value_or(lab::Duration::max()));
  const auto limit_ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  ErrorDetails details;
  details.values.set(Placeholder::timeout_ms, std::to_string(limit_ms));
  return upstream_failure(context, Condition::upstream_timeout, std::move(details), limit,
                          is_stream, std::move(answer));
}

AnswerPtr streamed(const RequestContext& context, AnswerPtr answer) {
  answer->script = script_stream(answer->plan, context.state.config.profile.streaming,
                                 answer->include_usage, answer->faults, std::move(answer->script));
  if (answer->faults.has(FaultKind::stream_error_event)) {
    answer->stream_error = stream_error(context, Condition::upstream_5xx, {});
  }
  return stream_answer(context, std::move(answer));
}

AnswerPtr buffered(const RequestContext& context, AnswerPtr answer) {
  lab::Duration due = std::max(answer->plan.schedule.end, answer->plan.head_held_until);
  if (const Fault* stall = answer->faults.find(FaultKind::stall)) due += stall->duration;
  answer = plain_answer(context, 200, "application/json", due, std::move(answer));
  append_chat_body(answer->response.body, answer->plan, answer->faults, answer->choices);
  if (answer->faults.has(FaultKind::abort_before_headers)) answer->kind = Answer::Kind::reset;
  if (answer->faults.has(FaultKind::reset_mid_stream)) answer->kind = Answer::Kind::broken_body;
  return answer;
}

// What the upstream will have done, as its circuit breaker sees it.
CallOutcome outcome_of(const FaultPlan& faults) {
  if (const Fault* fault = faults.find(FaultKind::status)) {
    return {.kind = CallOutcome::Kind::response, .status = fault->status};
  }
  if (faults.has(FaultKind::abort_before_headers)) return {.kind = CallOutcome::Kind::connect};
  if (faults.has(FaultKind::reset_mid_stream) || faults.has(FaultKind::stream_error_event) ||
      faults.has(FaultKind::truncate_no_done)) {
    return {.kind = CallOutcome::Kind::broken};
  }
  return {};
}

std::int64_t cached_tokens(const RequestContext& context, const lab::ChatRequest& request,
                           const ModelConfig& model) {
  if (!model.latency.prefix_cache) return 0;
  const std::int64_t block_tokens = model.latency.prefix_cache->block_tokens;
  const auto cache = context.state.prompt_caches->find(model.id);
  if (cache == context.state.prompt_caches->end()) return 0;
  return cache->second.take(prompt_blocks(request, block_tokens), context.now);
}

ChatPlan plan_of(const RequestContext& context, const lab::ChatRequest& request,
                 const ModelConfig& model, const FaultPlan& faults, ChatPlan reuse) {
  const StreamingBehaviour& streaming = context.state.config.profile.streaming;
  return plan_chat(
      {.request = request,
       .model = model,
       .request_id = context.identity.id,
       .created = floor<seconds>(context.wall_now).time_since_epoch().count(),
       .elapsed = context.elapsed,
       .cached_tokens = cached_tokens(context, request, model),
       .delay = context.waited,
       .tokens_at_once = context.state.batch->is_used(),
       .head_at_once = streaming.commit_headers == StreamingBehaviour::CommitHeaders::immediate,
       .omits_nulls = !streaming.finish_reason_null},
      faults, context.identity.rng, std::move(reuse));
}

// The model's turn: nothing in front of it refuses any more.
AnswerPtr answer_upstream(RequestContext& context, const lab::ChatRequest& request,
                          const ModelConfig& model, AnswerPtr answer) {
  const TimeoutsConfig& timeouts = context.state.config.timeouts;
  answer->faults = context.state.faults->plan({.model = request.model,
                                               .path = context.path,
                                               .api_key = context.api_key,
                                               .stream = request.stream,
                                               .headers = context.request.headers},
                                              context.elapsed, context.identity.rng);
  answer->include_usage = request.include_usage;
  answer->plan = plan_of(context, request, model, answer->faults, std::move(answer->plan));
  context.settlement.number = context.number;
  context.settlement.prompt_tokens = answer->plan.usage.prompt_tokens;
  context.settlement.outcome = outcome_of(answer->faults);
  if (const Fault* fault = answer->faults.find(FaultKind::status)) {
    const bool waits = answer->faults.has(FaultKind::latency);
    const lab::Duration due = waits ? answer->plan.schedule.first_token() : other_latency(context);
    return status_fault(context, *fault, due, request.stream, std::move(answer));
  }
  if (times_out(timeouts, answer->plan.schedule, request.stream)) {
    context.settlement.outcome.kind = CallOutcome::Kind::timeout;
    return timeout_answer(context, request.stream, std::move(answer));
  }
  answer->is_completion = true;
  answer->decodes_in_batch =
      context.state.batch->is_used() && !answer->plan.schedule.tokens.empty();
  context.settlement.is_in_batch = answer->decodes_in_batch;
  answer =
      request.stream ? streamed(context, std::move(answer)) : buffered(context, std::move(answer));
  if (const Fault* fault = answer->faults.find(FaultKind::wrong_content_type)) {
    answer->response.headers.set("content-type", fault->content_type);
  }
  return answer;
}

AnswerPtr refused_answer(const RequestContext& context, Refusal refusal, AnswerPtr answer) {
  return error_answer(context, refusal.condition, std::move(refusal.details),
                      other_latency(context), std::move(answer));
}

// Past the gate: the breaker, then the model.
AnswerPtr answer_admitted(RequestContext& context, const lab::ChatRequest& request,
                          const ModelConfig& model, AnswerPtr answer) {
  if (auto refusal = check_breaker(context, model)) {
    answer = refused_answer(context, std::move(*refusal), std::move(answer));
  } else {
    answer = answer_upstream(context, request, model, std::move(answer));
  }
  answer->settlement = std::move(context.settlement);
  return answer;
}

AnswerPtr turned_away(RequestContext& context, const ModelConfig& model, Condition reason,
                      AnswerPtr answer) {
  // Some breakers count what the gateway itself refuses (Hystrix).
  if (!check_breaker(context, model)) {
    context.settlement.outcome.kind = CallOutcome::Kind::rejected;
  }
  answer = refused_answer(context, {reason, {}}, std::move(answer));
  answer->settlement = std::move(context.settlement);
  return answer;
}

// A value that is no number is the middle.
int priority_of(const lab::HttpHeaders& headers) {
  const auto text = headers.find("x-priority");
  int priority = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), priority);
  return priority;
}

}  // namespace

AnswerPtr answer_chat(RequestContext& context, AnswerPtr answer) {
  auto parsed = lab::parse_chat_request(context.request.body);
  if (!parsed) return refuse(context, parsed.error(), std::move(answer));
  context.model = parsed->model;
  const ModelConfig* model = context.state.config.models.find(parsed->model);
  if (!model) {
    return refused_answer(context, {Condition::model_not_found, {}}, std::move(answer));
  }
  answer->model = model;
  if (auto refusal = check_rate_limits(context, *parsed, *model)) {
    return refused_answer(context, std::move(*refusal), std::move(answer));
  }
  if (!context.state.gate->is_limited()) {
    return answer_admitted(context, *parsed, *model, std::move(answer));
  }
  const int priority = priority_of(context.request.headers);
  answer->pending.reset(new PendingChat{std::move(context), std::move(*parsed), *model, priority});
  answer->pending->context.model = answer->pending->request.model;
  return answer;
}

AnswerPtr resume_chat(std::unique_ptr<PendingChat> chat, std::optional<Condition> refused,
                      lab::Duration waited, AnswerPtr answer) {
  RequestContext& context = chat->context;
  context.waited = waited;
  context.now += waited;
  context.elapsed += waited;
  context.wall_now += waited;
  if (refused) return turned_away(context, chat->model, *refused, std::move(answer));
  context.settlement.number = context.number;
  context.settlement.has_slot = true;
  return answer_admitted(context, chat->request, chat->model, std::move(answer));
}

}  // namespace mockgw
