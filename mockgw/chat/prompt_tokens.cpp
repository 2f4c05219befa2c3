#include "mockgw/chat/prompt_tokens.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/chat/tokenizer.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

// OpenAI frames each message with three tokens and primes the answer with three more; a name takes
// one (its cookbook, "How to count tokens with tiktoken"). An image counts as in its low-detail
// mode, a call of the history as a message of its own.
constexpr std::size_t kMessageTokens = 3;
constexpr std::size_t kNameTokens = 1;
constexpr std::size_t kCallTokens = 3;
constexpr std::size_t kPrimingTokens = 3;
constexpr std::size_t kImageTokens = 85;

// What a definition takes beside its texts, by the same page ("… with tool calls", gpt-4o).
constexpr std::size_t kFunctionTokens = 7;
constexpr std::size_t kPropertiesTokens = 3;
constexpr std::size_t kPropertyTokens = 3;
constexpr std::size_t kEnumValueTokens = 3;  // But for the first.
constexpr std::size_t kFunctionsEndTokens = 12;
constexpr std::size_t kSeparatorTokens = 1;  // Between a name, its type and its description.

// A choice that is forced is told to the model (measured: github.com/hmarr/openai-chat-tokens).
constexpr std::size_t kNoCallTokens = 1;
constexpr std::size_t kForcedCallTokens = 4;

// These say nothing to the model that a type does not.
constexpr auto kUnsaid =
    std::to_array<std::string_view>({"additionalProperties", "required", "strict", "$schema"});

// Texts and names, without JSON's marks.
std::size_t count_texts(const Json& value) {
  if (value.is_string()) return count_tokens(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value.is_null() ? 0 : 1;
  std::size_t tokens = 0;
  for (const auto& [key, member] : value.items()) {
    tokens += count_texts(member) + (value.is_object() ? count_tokens(key) : 0);
  }
  return tokens;
}

std::size_t count_schema(const Json& schema);

std::size_t count_properties(const Json& properties) {
  if (properties.empty()) return 0;
  std::size_t tokens = kPropertiesTokens;
  for (const auto& [name, property] : properties.items()) {
    tokens += kPropertyTokens + count_tokens(name) + kSeparatorTokens + count_schema(property);
  }
  return tokens;
}

std::size_t count_enum(const Json& values) {
  std::size_t tokens = 0;
  for (const Json& value : values)
    tokens += (tokens > 0 ? kEnumValueTokens : 0) + count_texts(value);
  return tokens;
}

std::size_t count_keyword(const std::string& keyword, const Json& value) {
  if (keyword == "properties" && value.is_object()) return count_properties(value);
  if (keyword == "enum" && value.is_array()) return count_enum(value);
  if (keyword == "type") return count_texts(value);
  if (keyword == "description") return kSeparatorTokens + count_texts(value);
  const bool is_unsaid = std::ranges::find(kUnsaid, keyword) != kUnsaid.end();
  if (is_unsaid && !value.is_object()) return 0;
  if (value.is_object()) return count_tokens(keyword) + count_schema(value);
  if (!value.is_array()) return count_tokens(keyword) + count_texts(value);
  std::size_t tokens = count_tokens(keyword);
  for (const Json& element : value) tokens += count_schema(element);
  return tokens;
}

// Depth is bounded: the request's is.
std::size_t count_schema(const Json& schema) {
  if (!schema.is_object()) return count_texts(schema);
  std::size_t tokens = 0;
  for (const auto& [keyword, value] : schema.items()) tokens += count_keyword(keyword, value);
  return tokens;
}

std::size_t count_definitions(const std::vector<lab::ChatTool>& functions) {
  if (functions.empty()) return 0;
  std::size_t tokens = kFunctionsEndTokens;
  for (const lab::ChatTool& function : functions) {
    tokens += kFunctionTokens + count_tokens(function.name) + kSeparatorTokens +
              count_tokens(function.description);
    // What an object of parameters is, is known.
    if (function.parameters->is_object()) {
      tokens += count_schema(*function.parameters);
      if (function.parameters->contains("type")) --tokens;
    }
  }
  return tokens;
}

std::size_t count_choice(const lab::ToolChoice& choice) {
  if (choice.kind == lab::ToolChoice::Kind::none) return kNoCallTokens;
  if (choice.kind != lab::ToolChoice::Kind::function) return 0;
  return kForcedCallTokens + count_tokens(choice.function);
}

std::size_t count_format(const lab::ResponseFormat& format) {
  if (!format.schema->is_object()) return 0;
  return kFunctionTokens + count_tokens(format.name) + count_schema(*format.schema) +
         kFunctionsEndTokens;
}

std::size_t count_message(const lab::ChatMessage& message) {
  std::size_t tokens = kMessageTokens + count_tokens(message.content);
  if (message.has_image) tokens += kImageTokens;
  if (!message.name.empty()) tokens += kNameTokens + count_tokens(message.name);
  for (const lab::MessageToolCall& call : message.tool_calls) {
    tokens += kCallTokens + count_tokens(call.name) + count_tokens(call.arguments);
  }
  return tokens;
}

}  // namespace

PromptTokens count_prompt_tokens(const lab::ChatRequest& request) {
  PromptTokens tokens{.messages = kPrimingTokens};
  for (const lab::ChatMessage& message : request.messages) {
    tokens.messages += count_message(message);
  }
  tokens.functions = count_definitions(request.tools) + count_choice(request.tool_choice) +
                     count_format(request.response_format);
  if (request.unusual) {
    tokens.functions += count_definitions(request.unusual->functions) +
                        count_choice(request.unusual->function_call);
  }
  return tokens;
}

}  // namespace mockgw
