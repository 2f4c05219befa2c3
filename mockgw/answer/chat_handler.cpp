#include "mockgw/answer/chat_handler.h"

#include <charconv>

#include "mockgw/answer/chat_limits.h"
#include "mockgw/answer/upstream_answer.h"
#include "mockgw/chat/request_check.h"
#include "mockgw/profiles/profile.h"

namespace mockgw {
namespace {

constexpr unsigned kUnsupportedMediaType = 415;

Refusal refusal_of(const lab::RequestProblem& problem) {
  const bool is_json = problem.kind != lab::RequestProblem::Kind::invalid_json;
  Refusal refusal{.condition = is_json ? ErrorCondition::validation : ErrorCondition::invalid_json};
  refusal.values.set(Placeholder::detail, problem.message);
  if (problem.param) refusal.values.set(Placeholder::param, *problem.param);
  if (problem.code) refusal.values.set(Placeholder::code, *problem.code);
  return refusal;
}

// Why the request may not even be read, if the profile asks for a header that it lacks.
std::optional<Refusal> missing_header(const Exchange& exchange) {
  const auto& required = exchange.config().profile.required_header;
  if (!required || satisfies(*required, exchange.request.headers().find(required->name))) {
    return std::nullopt;
  }
  Refusal refusal;
  refusal.values.set(Placeholder::detail, required->detail);
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

// A coding is the sender's to undo: no gateway decodes requests.
std::optional<Refusal> unknown_encoding(const lab::HttpHeaders& headers) {
  constexpr std::string_view kIdentity = "identity";
  const auto coding = headers.find("content-encoding");
  if (!coding || coding->empty()) return std::nullopt;
  const bool is_identity =
      coding->size() == kIdentity.size() && headers.has_token("content-encoding", kIdentity);
  if (is_identity) return std::nullopt;
  Refusal refusal{.status = kUnsupportedMediaType};
  refusal.values.set(Placeholder::detail, "Unsupported Content-Encoding: '" + std::string(*coding) +
                                              "'. Send the request body without a content coding.");
  return refusal;
}

// Reads the request into the exchange.
std::optional<Refusal> read_chat(Exchange& exchange) {
  const RequestRules& rules = exchange.config().profile.requests;
  ClientRequest& request = exchange.request;
  if (auto refusal = missing_header(exchange)) return refusal;
  if (rules.refuses_content_encoding) {
    if (auto refusal = unknown_encoding(request.headers())) return refusal;
  }
  auto parsed =
      lab::parse_chat_request(request.http->body, {.has_vllm_sampling = rules.has_vllm_sampling,
                                                   .checks_like_openai = rules.checks_like_openai});
  if (!parsed) return refusal_of(parsed.error());
  if (const auto problem = long_model_name(*parsed)) return refusal_of(*problem);
  request.chat = std::move(*parsed);
  request.model_name = request.chat->model;
  return std::nullopt;
}

// Finds the model that is asked for, and whether it can do what is asked.
std::optional<Refusal> find_model(Exchange& exchange) {
  ClientRequest& request = exchange.request;
  const ModelConfig* const model = exchange.config().models.find(request.model_name);
  if (!model) return Refusal{.condition = ErrorCondition::model_not_found};
  request.chat_model = model;
  exchange.record.model = model->id;
  request.prompt_tokens = count_prompt_tokens(*request.chat);
  const auto problem = check_request(exchange.config().profile.requests, *request.chat, *model,
                                     request.prompt_tokens);
  return problem ? std::optional(refusal_of(*problem)) : std::nullopt;
}

// Past the gate: the breaker, then the model.
void answer_admitted(Exchange& exchange) {
  if (auto refusal = check_breaker(exchange)) return answer_error(exchange, std::move(*refusal));
  answer_upstream(exchange);
}

void turn_away(Exchange& exchange, ErrorCondition reason) {
  // Some breakers count what the gateway itself refuses (Hystrix).
  if (!check_breaker(exchange)) exchange.reply.call.outcome.kind = CallOutcome::Kind::rejected;
  answer_error(exchange, {.condition = reason});
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
  auto refusal = read_chat(exchange);
  if (!refusal) refusal = find_model(exchange);
  if (!refusal) refusal = check_rate_limits(exchange);
  if (refusal) {
    const bool is_encoded = refusal->status == kUnsupportedMediaType;
    answer_error(exchange, std::move(*refusal));
    // RFC 9110, 15.5.16
    if (is_encoded) exchange.response.headers.set("accept-encoding", "identity");
    return;
  }
  exchange.awaits_slot = exchange.config().overload.max_concurrency > 0;
  if (!exchange.awaits_slot) answer_admitted(exchange);
}

void resume_chat(Exchange& exchange, std::optional<ErrorCondition> refused) {
  exchange.awaits_slot = false;
  if (refused) return turn_away(exchange, *refused);
  answer_admitted(exchange);
}

}  // namespace mockgw
