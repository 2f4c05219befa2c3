// The members of a chat request: what each may be. For chat_request_reader.cpp.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
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
  functions,
  function_choice,
  reasoning_effort,
  ignore_eos,
  min_tokens,
  logit_bias,
  modalities,
  option,  // An object that is only checked.
  identifier,
  unread,  // OpenAI knows it, and an answer of ours does not depend on it.
  include_usage,
  include_obfuscation,
  message,
  role,
  content,
  name,
  tool_call_id,
  said_otherwise,  // What an answer of the history has in place of content.
  spoken,          // The same, as audio.
  tool_calls,
  tool_call,
  tool_call_of_id,
  called,
  called_custom,
  called_name,
  called_arguments,
  part,
  part_type,
  text,
  breakpoint,
  image_url,
  url,
  image_detail,
  input_audio,
  file,
  stop_sequence,
};

struct RequestMember {
  std::string_view name;
  RequestKey key;
  unsigned kinds;  ///< Of JsonKind, or-ed. With kNull, null counts as absent.
  std::string_view expected;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::span<const std::string_view> words{};  ///< The texts that OpenAI takes; none for any.
};

/// A member whose texts OpenAI names.
constexpr RequestMember one_of(std::span<const std::string_view> words, std::string_view name,
                               RequestKey key, unsigned kinds) {
  return {.name = name, .key = key, .kinds = kinds, .expected = "a string", .words = words};
}

inline constexpr std::string_view kServiceTiers[] = {"auto",  "default",  "flex",
                                                     "scale", "priority", "fast"};
inline constexpr std::string_view kVerbosities[] = {"low", "medium", "high"};
// OpenAI's own clients said "in-memory" for a while, and it refused that (openai-openapi, issue
// 508).
inline constexpr std::string_view kCacheRetentions[] = {"in_memory", "24h"};
inline constexpr std::string_view kInputAudioFormats[] = {"wav", "mp3"};

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
    one_of(kServiceTiers, "service_tier", RequestKey::service_tier, kString | kNull),
    {"tools", RequestKey::tools, kArray | kNull, "an array of objects"},
    {"tool_choice", RequestKey::tool_choice, kString | kObject | kNull,
     "one of a string or object"},
    {"parallel_tool_calls", RequestKey::parallel_tool_calls, kBoolean | kNull, "a boolean"},
    {"response_format", RequestKey::response_format, kObject | kNull, "an object"},
    {"logprobs", RequestKey::logprobs, kBoolean | kNull, "a boolean"},
    {"top_logprobs", RequestKey::top_logprobs, kInteger | kNull, "an integer", 0, 20},
    {"metadata", RequestKey::metadata, kObject | kNull, "an object"},
    {"functions", RequestKey::functions, kArray | kNull, "an array of objects"},
    {"function_call", RequestKey::function_choice, kString | kObject | kNull,
     "one of a string or object"},
    {"reasoning_effort", RequestKey::reasoning_effort, kString | kNull, "a string"},
    {"audio", RequestKey::option, kObject | kNull, "an object"},
    {"logit_bias", RequestKey::logit_bias, kObject | kNull, "an object"},
    {"modalities", RequestKey::modalities, kArray | kNull, "an array of strings"},
    {"prediction", RequestKey::option, kObject | kNull, "an object"},
    {"moderation", RequestKey::option, kObject | kNull, "an object"},
    {"prompt_cache_key", RequestKey::identifier, kString | kNull, "a string"},
    {"prompt_cache_options", RequestKey::option, kObject | kNull, "an object"},
    one_of(kCacheRetentions, "prompt_cache_retention", RequestKey::unread, kString | kNull),
    {"safety_identifier", RequestKey::identifier, kString | kNull, "a string"},
    {"store", RequestKey::unread, kBoolean | kNull, "a boolean"},
    one_of(kVerbosities, "verbosity", RequestKey::unread, kString | kNull),
    {"web_search_options", RequestKey::option, kObject | kNull, "an object"},
};
// Of the root, for a dialect that has them; they come before those above of the same name.
inline constexpr RequestMember kVllmSamplingMembers[] = {
    {"temperature", RequestKey::temperature, kInteger | kDecimal | kNull, "a decimal", 0},
    {"n", RequestKey::n, kInteger | kNull, "an integer", 1},
    {"ignore_eos", RequestKey::ignore_eos, kBoolean | kNull, "a boolean"},
    {"min_tokens", RequestKey::min_tokens, kInteger | kNull, "an integer"},
};
inline constexpr RequestMember kStreamOptionMembers[] = {
    {"include_usage", RequestKey::include_usage, kBoolean | kNull, "a boolean"},
    {"include_obfuscation", RequestKey::include_obfuscation, kBoolean | kNull, "a boolean"},
};
inline constexpr RequestMember kMessageMembers[] = {
    {"role", RequestKey::role, kString, "a string"},
    {"content", RequestKey::content, kString | kArray | kNull,
     "one of a string or array of objects"},
    {"name", RequestKey::name, kString | kNull, "a string"},
    {"tool_call_id", RequestKey::tool_call_id, kString | kNull, "a string"},
    {"tool_calls", RequestKey::tool_calls, kArray | kNull, "an array of objects"},
    {"function_call", RequestKey::called, kObject | kNull, "an object"},
    // What answers have, clients send back with the history; `parsed` is of the official ones.
    {"refusal", RequestKey::said_otherwise, kAnyKind, "a string"},
    {"annotations", RequestKey::unread, kAnyKind, "an array of objects"},
    {"audio", RequestKey::spoken, kAnyKind, "an object"},
    {"parsed", RequestKey::unread, kAnyKind, "an object"},
};
// Of a spoken answer only its id is sent back.
inline constexpr RequestMember kSpokenMembers[] = {
    {"id", RequestKey::unread, kString | kRequired, "a string"},
};
inline constexpr RequestMember kToolCallMembers[] = {
    {"id", RequestKey::tool_call_of_id, kString | kNull, "a string"},
    {"type", RequestKey::unread, kAnyKind, "a string"},
    {"function", RequestKey::called, kObject | kNull, "an object"},
    {"custom", RequestKey::called_custom, kObject | kNull, "an object"},
    // Streams have it, and clients that put a stream together send it back.
    {"index", RequestKey::unread, kAnyKind, "an integer"},
};
inline constexpr RequestMember kCalledMembers[] = {
    {"name", RequestKey::called_name, kString | kNull, "a string"},
    {"arguments", RequestKey::called_arguments, kString | kNull, "a string"},
    // As `parsed` of a message.
    {"parsed_arguments", RequestKey::unread, kAnyKind, "an object"},
};
inline constexpr RequestMember kCalledCustomMembers[] = {
    {"name", RequestKey::called_name, kString | kNull, "a string"},
    {"input", RequestKey::called_arguments, kString | kNull, "a string"},
};
// Each of the first is what a part of the type of that name is to have.
inline constexpr std::size_t kPartTypes = 5;
inline constexpr RequestMember kPartMembers[] = {
    {"text", RequestKey::text, kString, "a string"},
    {"image_url", RequestKey::image_url, kAnyKind, "an object"},
    {"input_audio", RequestKey::input_audio, kAnyKind, "an object"},
    {"file", RequestKey::file, kAnyKind, "an object"},
    {"refusal", RequestKey::unread, kAnyKind, "a string"},
    {"type", RequestKey::part_type, kString, "a string"},
    {"prompt_cache_breakpoint", RequestKey::breakpoint, kObject | kNull, "an object"},
};
// What is inside of a part. Others than OpenAI take it as it comes.
inline constexpr RequestMember kImageMembers[] = {
    {"url", RequestKey::url, kString | kRequired, "a string"},
    {"detail", RequestKey::image_detail, kString | kNull, "a string"},
};
inline constexpr RequestMember kInputAudioMembers[] = {
    {"data", RequestKey::unread, kString | kRequired, "a string"},
    one_of(kInputAudioFormats, "format", RequestKey::unread, kString | kRequired),
};
inline constexpr RequestMember kFileMembers[] = {
    {"file_data", RequestKey::unread, kString | kNull, "a string"},
    {"file_id", RequestKey::unread, kString | kNull, "a string"},
    {"filename", RequestKey::unread, kString | kNull, "a string"},
};
inline constexpr RequestMember kBreakpointMembers[] = {
    {"mode", RequestKey::unread, kString | kNull, "a string"},
    {"ttl", RequestKey::unread, kString | kNull, "a string"},
};
// Elements of arrays.
inline constexpr RequestMember kMessageElement{"", RequestKey::message, kObject, "an object"};
inline constexpr RequestMember kToolCallElement{"", RequestKey::tool_call, kObject, "an object"};
inline constexpr RequestMember kPartElement{"", RequestKey::part, kObject, "an object"};
inline constexpr RequestMember kStopElement{"", RequestKey::stop_sequence, kString, "a string"};

}  // namespace lab
