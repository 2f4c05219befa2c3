#include "mockgw/server/decode_limits.h"

#include "mockgw/server/upstream_failure.h"

namespace mockgw {
namespace {

// The views of a kept context, but for the model's, are of the request, which its connection keeps.
RequestContext kept(const RequestContext& context) {
  return {.state = context.state,
          .request = context.request,
          .path = context.path,
          .api_key = context.api_key,
          .identity = context.identity,
          .number = context.number,
          .now = context.now,
          .elapsed = context.elapsed,
          .wall_now = context.wall_now,
          .waited = context.waited,
          .retries = context.retries,
          .is_last_attempt = context.is_last_attempt,
          .remote_address = context.remote_address,
          .provider = context.provider,
          .limit_headers = context.limit_headers};
}

void note_timeout(Answer& answer) {
  answer.condition = Condition::upstream_timeout;
  answer.settlement.outcome = {.kind = CallOutcome::Kind::timeout};
}

}  // namespace

void keep_decode_limits(const RequestContext& context, const UpstreamLimits& limits,
                        Answer& answer) {
  answer.decode_limits.reset(new DecodeLimits{limits, kept(context), std::string(context.model)});
  answer.decode_limits->context.model = answer.decode_limits->model;
}

std::optional<UpstreamTimeout> next_decode_timeout(const Answer& answer,
                                                   std::optional<lab::Duration> last) {
  if (!answer.decode_limits) return std::nullopt;
  const lab::Duration called = answer.decode_limits->context.waited;
  return next_timeout(
      answer.decode_limits->limits,
      {.called = called, .has_first_token = last.has_value(), .last_sign = last.value_or(called)});
}

void give_up_buffered(Answer& answer, const UpstreamTimeout& timeout) {
  AnswerPtr instead =
      timed_out_answer(answer.decode_limits->context, timeout, false, std::make_unique<Answer>());
  answer.kind = instead->kind;
  answer.due = instead->due;
  answer.response = std::move(instead->response);
  answer.is_completion = false;
  answer.settlement.prompt_tokens = 0;
  note_timeout(answer);
}

std::vector<StreamStep> give_up_stream(Answer& answer, const UpstreamTimeout& timeout) {
  const RequestContext& context = answer.decode_limits->context;
  answer.texts = timeout_texts(context, timeout);
  note_timeout(answer);
  return script_failed_end(context.state.config.profile.streaming, timeout.at);
}

}  // namespace mockgw
