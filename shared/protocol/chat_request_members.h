// The members of a chat request: what each may be. For chat_request_reader.cpp.
#pragma once

#include <limits>
#include <string_view>

#include "shared/protocol/request_problems.h"

namespace lab {

enum class RequestKey {
  model,
  messages,
  max_tokens,
  max_completion_tokens,
  n,
  stop,
  stream,
  stream_options,
  seed,
  temperature,
  top_p,
  frequency_penalty,
  presence_penalty,
  user,
  service_tier,
  tools,
  tool_choice,
  parallel_tool_calls,
  response_format,
  logprobs,
  top_logprobs,
  metadata,
  include_usage,
  include_obfuscation,
  message,
  role,
  content,
  name,
  tool_call_id,
  tool_calls,
  part,
  part_type,
  text,
  stop_sequence,
};

struct RequestMember {
  std::string_view name;
  RequestKey key;
  unsigned kinds;  ///< Of JsonKind, or-ed. With kNull, null counts as absent.
  std::string_view expected;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

inline constexpr RequestMember kRootMembers[] = {
    {"model", RequestKey::model, kString, "a string"},
    {"messages", RequestKey::messages, kArray, "an array of objects"},
    {"max_tokens", RequestKey::max_tokens, kInteger | kNull, "an integer", 1},
    {"max_completion_tokens", RequestKey::max_completion_tokens, kInteger | kNull, "an integer", 1},
    {"temperature", RequestKey::temperature, kInteger | kDecimal | kNull, "a decimal", 0, 2},
    {"stream", RequestKey::stream, kBoolean | kNull, "a boolean"},
    {"stream_options", RequestKey::stream_options, kObject | kNull, "an object"},
    {"n", RequestKey::n, kInteger | kNull, "an integer", 1, 128},
    {"stop", RequestKey::stop, kString | kArray | kNull, "one of a string or array of strings"},
    {"seed", RequestKey::seed, kInteger | kNull, "an integer"},
    {"top_p", RequestKey::top_p, kInteger | kDecimal | kNull, "a decimal", 0, 1},
    {"frequency_penalty", RequestKey::frequency_penalty, kInteger | kDecimal | kNull, "a decimal",
     -2, 2},
    {"presence_penalty", RequestKey::presence_penalty, kInteger | kDecimal | kNull, "a decimal", -2,
     2},
    {"user", RequestKey::user, kString | kNull, "a string"},
    {"service_tier", RequestKey::service_tier, kString | kNull, "a string"},
    {"tools", RequestKey::tools, kArray | kNull, "an array of objects"},
    {"tool_choice", RequestKey::tool_choice, kString | kObject | kNull,
     "one of a string or object"},
    {"parallel_tool_calls", RequestKey::parallel_tool_calls, kBoolean | kNull, "a boolean"},
    {"response_format", RequestKey::response_format, kObject | kNull, "an object"},
    {"logprobs", RequestKey::logprobs, kBoolean | kNull, "a boolean"},
    {"top_logprobs", RequestKey::top_logprobs, kInteger | kNull, "an integer", 0, 20},
    {"metadata", RequestKey::metadata, kObject | kNull, "an object"},
};
inline constexpr RequestMember kStreamOptionMembers[] = {
    {"include_usage", RequestKey::include_usage, kBoolean | kNull, "a boolean"},
    // Checked, and then of no effect: chunks never carry `obfuscation`. Clients ignore that member,
    // and random padding would make the bytes of a stream, which tests compare, longer and no
    // truer.
    {"include_obfuscation", RequestKey::include_obfuscation, kBoolean | kNull, "a boolean"},
};
inline constexpr RequestMember kMessageMembers[] = {
    {"role", RequestKey::role, kString, "a string"},
    {"content", RequestKey::content, kString | kArray | kNull,
     "one of a string or array of objects"},
    {"name", RequestKey::name, kString | kNull, "a string"},
    {"tool_call_id", RequestKey::tool_call_id, kString | kNull, "a string"},
    {"tool_calls", RequestKey::tool_calls, kArray | kNull, "an array of objects"},
    {"function_call", RequestKey::tool_calls, kObject | kNull, "an object"},
};
inline constexpr RequestMember kPartMembers[] = {
    {"type", RequestKey::part_type, kString, "a string"},
    {"text", RequestKey::text, kString, "a string"},
};
// Elements of arrays.
inline constexpr RequestMember kMessageElement{"", RequestKey::message, kObject, "an object"};
inline constexpr RequestMember kPartElement{"", RequestKey::part, kObject, "an object"};
inline constexpr RequestMember kStopElement{"", RequestKey::stop_sequence, kString, "a string"};

}  // namespace lab
