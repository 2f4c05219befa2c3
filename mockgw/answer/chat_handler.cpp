#include "mockgw/answer/chat_handler.h"

#include <charconv>

#include "mockgw/answer/chat_limits.h"
#include "mockgw/answer/upstream_answer.h"
#include "mockgw/chat/request_check.h"
#include "mockgw/profiles/profile.h"

namespace mockgw {
namespace {

void refuse(Exchange& exchange, const lab::RequestProblem& problem) {
  ErrorDetails details;
  details.values.set(Placeholder::detail, problem.message);
  if (problem.param) details.values.set(Placeholder::param, *problem.param);
  if (problem.code) details.values.set(Placeholder::code, *problem.code);
  const bool is_json = problem.kind != lab::RequestProblem::Kind::invalid_json;
  answer_error(exchange, is_json ? Condition::validation : Condition::invalid_json,
               std::move(details));
}

void refuse(Exchange& exchange, Refusal refusal) {
  answer_error(exchange, refusal.condition, std::move(refusal.details));
}

// Why the request may not even be read, if the profile asks for a header that it lacks.
std::optional<Refusal> missing_header(const Exchange& exchange) {
  const auto& required = exchange.config().profile.required_header;
  if (!required || satisfies(*required, exchange.request.headers().find(required->name))) {
    return std::nullopt;
  }
  Refusal refusal{.condition = Condition::validation};
  refusal.details.values.set(Placeholder::detail, required->detail);
  return refusal;
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

void refuse_encoding(Exchange& exchange) {
  Refusal refusal{.condition = Condition::validation};
  refusal.details.values.set(Placeholder::detail,
                             "Unsupported Content-Encoding: '" +
                                 std::string(*exchange.request.headers().find("content-encoding")) +
                                 "'. Send the request body without a content coding.");
  refusal.details.status = 415;
  refuse(exchange, std::move(refusal));
  exchange.response.headers.set("accept-encoding", "identity");
}

// Reads the request into the exchange. False if it was refused.
bool read_chat(Exchange& exchange) {
  const RequestRules& rules = exchange.config().profile.requests;
  ClientRequest& request = exchange.request;
  if (auto refusal = missing_header(exchange)) {
    refuse(exchange, std::move(*refusal));
    return false;
  }
  if (rules.refuses_content_encoding && is_encoded(request.headers())) {
    refuse_encoding(exchange);
    return false;
  }
  auto parsed =
      lab::parse_chat_request(request.http->body, {.has_vllm_sampling = rules.has_vllm_sampling});
  if (!parsed) {
    refuse(exchange, parsed.error());
    return false;
  }
  if (const auto problem = long_model_name(*parsed)) {
    refuse(exchange, *problem);
    return false;
  }
  request.chat = std::move(*parsed);
  return true;
}

// Finds the model that is asked for, and whether it can do what is asked. False if not.
bool find_model(Exchange& exchange) {
  ClientRequest& request = exchange.request;
  request.model_name = request.chat->model;
  request.chat_model = exchange.config().models.find(request.model_name);
  if (!request.chat_model) {
    answer_error(exchange, Condition::model_not_found);
    return false;
  }
  exchange.record.model = request.chat_model->id;
  request.prompt_tokens = count_prompt_tokens(*request.chat);
  const auto problem = check_request(exchange.config().profile.requests, *request.chat,
                                     *request.chat_model, request.prompt_tokens);
  if (problem) refuse(exchange, *problem);
  return !problem;
}

// Past the gate: the breaker, then the model.
void answer_admitted(Exchange& exchange) {
  if (auto refusal = check_breaker(exchange)) return refuse(exchange, std::move(*refusal));
  answer_upstream(exchange);
}

void turn_away(Exchange& exchange, Condition reason) {
  // Some breakers count what the gateway itself refuses (Hystrix).
  if (!check_breaker(exchange)) exchange.reply.call.outcome.kind = CallOutcome::Kind::rejected;
  answer_error(exchange, reason);
}

}  // namespace

// A value that is no number is the middle.
int priority_of(const lab::HttpHeaders& headers) {
  const auto text = headers.find("x-priority");
  int priority = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), priority);
  return priority;
}

void answer_chat(Exchange& exchange) {
  if (!read_chat(exchange) || !find_model(exchange)) return;
  if (auto refusal = check_rate_limits(exchange)) return refuse(exchange, std::move(*refusal));
  exchange.awaits_slot = exchange.config().overload.max_concurrency > 0;
  if (!exchange.awaits_slot) answer_admitted(exchange);
}

void resume_chat(Exchange& exchange, std::optional<Condition> refused) {
  exchange.awaits_slot = false;
  if (refused) return turn_away(exchange, *refused);
  answer_admitted(exchange);
}

}  // namespace mockgw
