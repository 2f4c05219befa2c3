#include "mockgw/server/chat_handler.h"

#include <charconv>

#include "mockgw/chat/request_check.h"
#include "mockgw/profiles/profile.h"
#include "mockgw/server/chat_limits.h"
#include "mockgw/server/upstream_answer.h"

namespace mockgw {
namespace {

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

// Why the request may not even be read, if the profile asks for a header that it lacks.
std::optional<ErrorDetails> missing_header(const RequestContext& context) {
  const auto& required = context.state.config.profile.required_header;
  if (!required || satisfies(*required, context.request.headers.find(required->name))) {
    return std::nullopt;
  }
  ErrorDetails details;
  details.values.set(Placeholder::detail, required->detail);
  return details;
}

// Every chunk and some headers repeat the name. The words are OpenAI's for a string that is too
// long.
constexpr std::size_t kModelBytesMax = 256;

std::optional<lab::RequestProblem> long_model_name(const lab::ChatRequest& request) {
  if (request.model.size() <= kModelBytesMax) return std::nullopt;
  return lab::RequestProblem{
      .message = "Invalid 'model': string too long. Expected a string with maximum length " +
                 std::to_string(kModelBytesMax) + ", but got a string with length " +
                 std::to_string(request.model.size()) + " instead.",
      .param = "model",
      .code = "string_above_max_length"};
}

// A coding is the sender's to undo: no gateway decodes requests (RFC 9110, 15.5.16).
bool is_encoded(const lab::HttpHeaders& headers) {
  const auto coding = headers.find("content-encoding");
  constexpr std::string_view kIdentity = "identity";
  const bool is_identity = coding && coding->size() == kIdentity.size() &&
                           headers.has_token("content-encoding", kIdentity);
  return coding && !coding->empty() && !is_identity;
}

AnswerPtr refuse_encoding(const RequestContext& context, AnswerPtr answer) {
  ErrorDetails details;
  details.values.set(Placeholder::detail,
                     "Unsupported Content-Encoding: '" +
                         std::string(*context.request.headers.find("content-encoding")) +
                         "'. Send the request body without a content coding.");
  details.status = 415;
  answer = error_answer(context, Condition::validation, std::move(details), other_latency(context),
                        std::move(answer));
  answer->response.headers.set("accept-encoding", "identity");
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
  if (auto details = missing_header(context)) {
    return refused_answer(context, {Condition::validation, std::move(*details)}, std::move(answer));
  }
  const RequestRules& rules = context.state.config.profile.requests;
  if (rules.refuses_content_encoding && is_encoded(context.request.headers)) {
    return refuse_encoding(context, std::move(answer));
  }
  auto parsed =
      lab::parse_chat_request(context.request.body, {.has_vllm_sampling = rules.has_vllm_sampling});
  if (!parsed) return refuse(context, parsed.error(), std::move(answer));
  if (const auto problem = long_model_name(*parsed)) {
    return refuse(context, *problem, std::move(answer));
  }
  context.model = parsed->model;
  const ModelConfig* model = context.state.config.models.find(parsed->model);
  if (!model) {
    return refused_answer(context, {Condition::model_not_found, {}}, std::move(answer));
  }
  answer->model = model;
  context.provider = model->owned_by;
  context.prompt_tokens = count_prompt_tokens(*parsed);
  if (const auto problem = check_request(rules, *parsed, *model, context.prompt_tokens)) {
    return refuse(context, *problem, std::move(answer));
  }
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
