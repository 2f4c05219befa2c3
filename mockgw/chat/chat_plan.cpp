#include "mockgw/chat/chat_plan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <string>
#include <utility>

#include "mockgw/chat/content.h"
#include "mockgw/chat/request_identity.h"
#include "mockgw/chat/tool_calls.h"
#include "mockgw/config/drift.h"

namespace mockgw {
namespace {

std::string_view last_user_message(const lab::ChatRequest& request) {
  const auto found =
      std::find_if(request.messages.rbegin(), request.messages.rend(),
                   [](const lab::ChatMessage& message) { return message.role == lab::Role::user; });
  return found == request.messages.rend() ? std::string_view() : found->content;
}

// With `seed`, equal requests get equal answers whatever their id, as OpenAI promises (best
// effort).
lab::Rng content_rng(const lab::ChatRequest& request, const lab::Rng& rng) {
  if (!request.seed) return rng.child("content");
  lab::Rng seeded =
      lab::Rng(static_cast<std::uint64_t>(*request.seed)).child("seeded", request.model);
  for (const lab::ChatMessage& message : request.messages) {
    seeded = seeded.child("message", message.content);
  }
  return seeded;
}

// Changes when the model does, as OpenAI's does when its backend changes.
std::string system_fingerprint(std::string_view model) {
  std::array<char, 16> digits;
  const auto hash = static_cast<std::uint32_t>(lab::stable_hash(model));
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  return std::string("fp_").append(digits.data(), end);
}

void fill_head(const ChatPlanRequest& plan, const lab::Rng& rng, lab::AnswerHead& head) {
  head.id = "chatcmpl-";
  append_random_id(head.id, 29, rng.child("answer-id"));
  head.created = plan.created;
  head.model = plan.request.model;
  head.system_fingerprint = system_fingerprint(plan.request.model);
  head.service_tier = "default";
  head.omits_nulls = plan.omits_nulls;
  head.has_annotations = plan.has_annotations;
}

std::string_view system_message(const lab::ChatRequest& request) {
  assert(!request.messages.empty());  // The request would have been refused.
  const lab::ChatMessage& first = request.messages.front();
  const bool is_system = first.role == lab::Role::system || first.role == lab::Role::developer;
  return is_system ? std::string_view(first.content) : std::string_view();
}

std::size_t count_choices(const lab::ChatRequest& request) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(request.n, 1, kChoicesMax));
}

ContentRequest content_request(const ChatPlanRequest& plan, const FaultPlan& faults) {
  const lab::ChatRequest& request = plan.request;
  ContentRequest content{.model = request.model,
                         .prompt = last_user_message(request),
                         .user = request.user,
                         .request_id = plan.request_id,
                         .max_tokens = {},
                         .stop = request.stop,
                         .accents = faults.has(FaultKind::split_utf8),
                         .system = system_message(request),
                         .last_role = to_string(request.messages.back().role),
                         .min_tokens = static_cast<std::uint64_t>(request.min_tokens),
                         .ignores_end = request.ignore_eos};
  content.max_tokens = std::max<std::uint64_t>(
      std::min(plan.tokens_max, kChoicesTokensMax) / count_choices(request), 1);
  if (request.max_tokens) {
    content.max_tokens =
        std::min(*content.max_tokens, static_cast<std::uint64_t>(*request.max_tokens));
  }
  const bool is_text = request.response_format.kind == lab::ResponseFormat::Kind::text;
  if (!is_text) content.json = &request.response_format;
  return content;
}

Completion generate_choice(const ChatPlanRequest& plan, const ContentRequest& content,
                           const lab::Rng& rng, Completion reuse) {
  const TokensConfig& tokens = plan.model.tokens;
  if (offers_calls(plan.request)) {
    const auto tools = choose_tools(plan.request, tokens.tool_calls, rng.child("tools"));
    if (!tools.empty()) {
      Completion calls = generate_tool_calls(tools, token_limit(content), rng, std::move(reuse));
      lengthen(content, true, calls);
      return calls;
    }
  }
  return generate_content(tokens, content, rng, std::move(reuse));
}

void fill_choices(const ChatPlanRequest& plan, const FaultPlan& faults, const lab::Rng& rng,
                  std::vector<Completion>& choices) {
  choices.resize(count_choices(plan.request));
  if (faults.has(FaultKind::empty_content)) {
    for (Completion& choice : choices) choice.clear();
    return;
  }
  const ContentRequest content = content_request(plan, faults);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    choices[i] = generate_choice(plan, content, rng.child("choice", i), std::move(choices[i]));
  }
}

std::optional<LogprobsPlan> plan_logprobs(const lab::ChatRequest& request, const lab::Rng& rng) {
  if (!request.logprobs) return std::nullopt;
  return LogprobsPlan{.top = static_cast<std::size_t>(request.top_logprobs),
                      .is_greedy = request.temperature == 0.0,
                      .rng = rng};
}

}  // namespace

void plan_chat(const ChatPlanRequest& request, const FaultPlan& faults, const lab::Rng& rng,
               ChatPlan& plan) {
  fill_head(request, rng, plan.head);
  const lab::Rng content = content_rng(request.request, rng);
  fill_choices(request, faults, content, plan.choices);
  plan.is_call_named = names_its_call(request.request);
  plan.logprobs = plan_logprobs(request.request, content);
  plan.padding.reset();
  if (request.pads_chunks && request.request.include_obfuscation) {
    plan.padding = rng.child("obfuscation");
  }
  plan.schema_steps = 0;
  std::size_t longest = 0;
  std::size_t total = 0;
  for (const Completion& choice : plan.choices) {
    longest = std::max(longest, choice.tokens());
    total += choice.tokens();
    plan.schema_steps += choice.schema_steps;
  }
  plan.usage = {};
  plan.usage.prompt_tokens = request.prompt_tokens;
  plan.usage.cached_tokens = request.cached_tokens;
  plan.usage.completion_tokens = static_cast<std::int64_t>(total);
  plan.head_held_until = faults.delay(FaultKind::slow_headers, rng);
  const LatencyConfig& latency = request.model.latency;
  plan.schedule =
      plan_schedule(latency,
                    {.prompt_tokens = static_cast<std::size_t>(plan.usage.prompt_tokens),
                     .cached_tokens = static_cast<std::size_t>(request.cached_tokens),
                     .tokens = longest,
                     .factor = drift_factor(latency.drift, request.elapsed),
                     .delay = request.delay + faults.delay(FaultKind::latency, rng),
                     .tokens_at_once = request.tokens_at_once,
                     .head_at_once = request.head_at_once},
                    rng.child("schedule"), std::move(plan.schedule));
}

}  // namespace mockgw
