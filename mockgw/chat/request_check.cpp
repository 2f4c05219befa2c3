#include "mockgw/chat/request_check.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/chat/definition_check.h"
#include "mockgw/chat/model_check.h"

namespace mockgw {
namespace {

using lab::ChatMessage;
using lab::ChatRequest;
using lab::RequestProblem;
using Problem = std::optional<RequestProblem>;

RequestProblem problem(std::string message, std::optional<std::string> param = {},
                       std::optional<std::string> code = {}) {
  return {RequestProblem::Kind::validation, std::move(message), std::move(param), std::move(code)};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

RequestProblem unrecognized(const std::vector<std::string>& names) {
  return problem("Unrecognized request argument" + std::string(names.size() > 1 ? "s" : "") +
                 " supplied: " + joined(names));
}

RequestProblem unknown_parameter(const std::string& path) {
  return problem("Unknown parameter: '" + path + "'.", path, "unknown_parameter");
}

Problem check_known(const std::vector<lab::ChatTool>& functions) {
  for (const lab::ChatTool& function : functions) {
    if (!function.unknown_member.empty()) return unknown_parameter(function.unknown_member);
  }
  return std::nullopt;
}

Problem check_unknown(const ChatRequest& request) {
  if (auto found = check_known(request.tools)) return found;
  if (!request.unusual) return std::nullopt;
  const lab::UnusualMembers& unusual = *request.unusual;
  if (!unusual.unknown_members.empty()) return unrecognized(unusual.unknown_members);
  if (!unusual.unknown_member_inside.empty()) {
    return unknown_parameter(unusual.unknown_member_inside);
  }
  return check_known(unusual.functions);
}

std::string role_param(std::size_t message) {
  return "messages.[" + std::to_string(message) + "].role";
}

RequestProblem unanswered(const std::vector<std::string>& ids, std::string param) {
  return problem(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
      "'tool_call_id'. The following tool_call_ids did not have response messages: " +
          joined(ids),
      std::move(param));
}

// A message of role tool, the calls before it, and those of them that no message has answered yet.
Problem check_tool_reply(const ChatMessage& message, std::size_t index,
                         const std::vector<lab::MessageToolCall>* calls) {
  if (!calls) {
    return problem(
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
        "with 'tool_calls'.",
        role_param(index));
  }
  if (std::ranges::find(*calls, message.tool_call_id, &lab::MessageToolCall::id) != calls->end()) {
    return std::nullopt;
  }
  return problem("Invalid parameter: 'tool_call_id' of '" + message.tool_call_id +
                     "' not found in 'tool_calls' of previous message.",
                 "messages.[" + std::to_string(index) + "].tool_call_id");
}

// Each call of a tool has its answer right after it, and each answer its call.
Problem check_conversation(const std::vector<ChatMessage>& messages) {
  const std::vector<lab::MessageToolCall>* calls = nullptr;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const ChatMessage& message = messages[i];
    if (message.role == lab::Role::tool) {
      if (auto found = check_tool_reply(message, i, calls)) return found;
      std::erase(open, message.tool_call_id);
      continue;
    }
    if (!open.empty()) return unanswered(open, role_param(i));
    calls = nullptr;
    if (message.role != lab::Role::assistant || message.tool_calls.empty()) continue;
    // A function_call has no id, and asks for no message of role tool.
    for (const lab::MessageToolCall& call : message.tool_calls) {
      if (!call.id.empty()) open.push_back(call.id);
    }
    if (!open.empty()) calls = &message.tool_calls;
  }
  if (!open.empty()) return unanswered(open, "messages");
  return std::nullopt;
}

RequestProblem only_with(const std::string& param, const std::string& other) {
  return problem("Invalid value for '" + param + "': '" + param + "' is only allowed when '" +
                     other + "' are specified.",
                 param);
}

Problem check_named(const std::string& name, const std::vector<lab::ChatTool>& functions,
                    const std::string& param, const std::string& list) {
  if (std::ranges::find(functions, name, &lab::ChatTool::name) != functions.end()) {
    return std::nullopt;
  }
  return problem("Invalid value for '" + param + "': no function named '" + name +
                     "' was specified in the '" + list + "' parameter.",
                 param);
}

Problem check_choice(const lab::ToolChoice& choice, const std::vector<lab::ChatTool>& functions,
                     const std::string& param, const std::string& list) {
  if (choice.kind != lab::ToolChoice::Kind::function) return std::nullopt;
  if (functions.empty()) return only_with(param, list);
  return check_named(choice.function, functions, param, list);
}

Problem check_allowed(const ChatRequest& request) {
  if (!request.unusual) return std::nullopt;
  for (const std::string& name : request.unusual->allowed_tools) {
    if (auto found = check_named(name, request.tools, "tool_choice", "tools")) return found;
  }
  return std::nullopt;
}

// The older members, and the newer ones with them.
Problem check_functions(const ChatRequest& request) {
  if (!request.unusual) return std::nullopt;
  const lab::UnusualMembers& unusual = *request.unusual;
  if (unusual.has_function_call && unusual.functions.empty()) {
    return only_with("function_call", "functions");
  }
  if (!unusual.functions.empty() && !request.tools.empty()) {
    return problem(
        "Invalid value for 'functions': 'functions' and 'tools' cannot be specified together.",
        "functions");
  }
  return check_choice(unusual.function_call, unusual.functions, "function_call", "functions");
}

bool says_json(const ChatMessage& message) {
  constexpr std::string_view kWord = "json";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return !std::ranges::search(message.content, kWord, {}, lower).empty();
}

Problem check_json_word(const ChatRequest& request) {
  if (request.response_format.kind != lab::ResponseFormat::Kind::json_object) return std::nullopt;
  if (std::ranges::any_of(request.messages, says_json)) return std::nullopt;
  return problem(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
      "'json_object'.",
      "messages");
}

Problem check_effort(const ChatRequest& request, const ModelLimits& limits) {
  if (!request.unusual || request.unusual->reasoning_effort.empty()) return std::nullopt;
  const std::string& effort = request.unusual->reasoning_effort;
  if (!limits.reasons) return unrecognized({"reasoning_effort"});
  constexpr auto kEfforts =
      std::to_array<std::string_view>({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
  if (std::ranges::find(kEfforts, effort) != kEfforts.end()) return std::nullopt;
  return problem("Invalid value: '" + effort +
                     "'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', "
                     "'xhigh', and 'max'.",
                 "reasoning_effort", "invalid_value");
}

Problem check_like_openai(const ChatRequest& request, const ModelLimits& limits) {
  if (auto found = check_effort(request, limits)) return found;
  if (auto found = check_for_model(request, limits.kind)) return found;
  if (auto found = check_conversation(request.messages)) return found;
  if (request.has_parallel_tool_calls && request.tools.empty()) {
    return only_with("parallel_tool_calls", "tools");
  }
  if (auto found = check_choice(request.tool_choice, request.tools, "tool_choice", "tools")) {
    return found;
  }
  if (auto found = check_allowed(request)) return found;
  if (auto found = check_functions(request)) return found;
  if (auto found = check_definitions(request)) return found;
  return check_json_word(request);
}

RequestProblem context_exceeded(std::int64_t window, const std::string& what_is_too_long) {
  return problem("This model's maximum context length is " + std::to_string(window) +
                     " tokens. However, " + what_is_too_long,
                 "messages", "context_length_exceeded");
}

RequestProblem prompt_too_long(std::int64_t window, const PromptTokens& prompt) {
  const std::string resulted =
      "your messages resulted in " + std::to_string(prompt.total()) + " tokens";
  if (prompt.functions == 0) {
    return context_exceeded(window, resulted + ". Please reduce the length of the messages.");
  }
  return context_exceeded(window, resulted + " (" + std::to_string(prompt.messages) +
                                      " in the messages, " + std::to_string(prompt.functions) +
                                      " in the functions). Please reduce the length of the "
                                      "messages or functions.");
}

RequestProblem answer_too_long(std::int64_t window, const PromptTokens& prompt,
                               std::uint64_t wanted) {
  const bool has_functions = prompt.functions > 0;
  const std::string functions =
      has_functions ? std::to_string(prompt.functions) + " in the functions, " : "";
  return context_exceeded(window,
                          "you requested " + std::to_string(prompt.total() + wanted) + " tokens (" +
                              std::to_string(prompt.messages) + " in the messages, " + functions +
                              std::to_string(wanted) +
                              " in the completion). Please reduce the length of the messages" +
                              (has_functions ? ", functions, or completion." : " or completion."));
}

RequestProblem beyond_the_models(const ChatRequest& request, std::int64_t maximum) {
  const std::string name =
      request.is_max_completion_tokens ? "max_completion_tokens" : "max_tokens";
  const std::string wanted = std::to_string(*request.max_tokens);
  return problem(name + " is too large: " + wanted + ". This model supports at most " +
                     std::to_string(maximum) + " completion tokens, whereas you provided " +
                     wanted + ".",
                 name);
}

Problem check_limits_of_openai(const ChatRequest& request, const ModelLimits& limits,
                               const PromptTokens& prompt) {
  const std::int64_t wanted = request.max_tokens.value_or(0);
  const std::int64_t window = limits.context_window;
  const auto total = static_cast<std::int64_t>(prompt.total());
  if (window > 0 && total > window) return prompt_too_long(window, prompt);
  if (limits.max_output_tokens > 0 && wanted > limits.max_output_tokens) {
    return beyond_the_models(request, limits.max_output_tokens);
  }
  if (window == 0 || wanted <= window - total) return std::nullopt;
  return answer_too_long(window, prompt, static_cast<std::uint64_t>(wanted));
}

// As its server checks (entrypoints/openai, _validate_input).
Problem check_limits_of_vllm(const ChatRequest& request, std::int64_t window,
                             const PromptTokens& prompt) {
  if (window == 0) return std::nullopt;
  const auto total = static_cast<std::int64_t>(prompt.total());
  const std::string maximum =
      "This model's maximum context length is " + std::to_string(window) + " tokens";
  if (total >= window) {
    return problem(maximum + ". However, your request has " + std::to_string(total) +
                   " input tokens. Please reduce the length of the input messages.");
  }
  const std::int64_t room = window - total;
  const std::int64_t wanted = std::max(request.max_tokens.value_or(0), request.min_tokens);
  if (wanted <= room) return std::nullopt;
  if (!request.max_tokens) {
    return problem("min_tokens must be less than or equal to max_tokens=" + std::to_string(room) +
                   ", got " + std::to_string(wanted) + ".");
  }
  return problem("'max_tokens' or 'max_completion_tokens' is too large: " + std::to_string(wanted) +
                 ". " + maximum + " and your request has " + std::to_string(total) +
                 " input tokens (" + std::to_string(wanted) + " > " + std::to_string(window) +
                 " - " + std::to_string(total) + ").");
}

Problem check_limits(RequestRules::TokenLimits limits, const ChatRequest& request,
                     const ModelConfig& model, const PromptTokens& prompt) {
  switch (limits) {
    case RequestRules::TokenLimits::none:
      return std::nullopt;
    case RequestRules::TokenLimits::openai:
      return check_limits_of_openai(request, model.limits_like_openai(request.model), prompt);
    case RequestRules::TokenLimits::vllm:
      return check_limits_of_vllm(request, model.context_window.value_or(0), prompt);
  }
  return std::nullopt;
}

}  // namespace

std::optional<RequestProblem> check_request(const RequestRules& rules, const ChatRequest& request,
                                            const ModelConfig& model, const PromptTokens& prompt) {
  const ModelLimits limits = model.limits_like_openai(request.model);
  if (rules.refuses_unknown_fields) {
    if (auto found = check_unknown(request)) return found;
  }
  if (rules.checks_like_openai) {
    if (auto found = check_like_openai(request, limits)) return found;
  }
  return check_limits(rules.token_limits, request, model, prompt);
}

}  // namespace mockgw
