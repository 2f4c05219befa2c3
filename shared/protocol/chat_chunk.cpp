#include "shared/protocol/chat_chunk_reader.h"

#include <cassert>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "shared/protocol/json_events.h"

namespace lab {

// Which object or array an event is in.
enum class ChatChunkReader::Place : std::uint8_t {
  outside,
  root,
  choices,
  choice,
  delta,
  parts,  // Of the content, when it is not one text.
  part,
  thinking,  // Parts in a part.
  thinking_part,
  function_call,
  audio,
  tool_calls,
  tool_call,
  function,
  usage,
  usage_details,
  error,
  error_list,
  skipped,
};

enum class ChatChunkReader::Key : std::uint8_t {
  unknown,
  id,
  object,
  choices,
  usage,
  error,
  index,
  delta,
  finish_reason,
  role,
  content,
  refusal,
  reasoning,
  tool_calls,
  function_call,
  audio,
  text,
  function,
  name,
  arguments,
  prompt_tokens,
  completion_tokens,
  details,
  cached_tokens,
  reasoning_tokens,
  message,
  type,
  code,
};

namespace {

using Place = ChatChunkReader::Place;
using Key = ChatChunkReader::Key;
using NamedKey = std::pair<std::string_view, Key>;

constexpr NamedKey kRootKeys[] = {{"object", Key::object},   {"choices", Key::choices},
                                  {"usage", Key::usage},     {"error", Key::error},
                                  {"message", Key::message}, {"type", Key::type},
                                  {"code", Key::code}};
constexpr NamedKey kChoiceKeys[] = {{"index", Key::index},
                                    {"delta", Key::delta},
                                    {"message", Key::delta},
                                    {"finish_reason", Key::finish_reason},
                                    {"error", Key::error}};
constexpr NamedKey kDeltaKeys[] = {{"role", Key::role},
                                   {"content", Key::content},
                                   {"refusal", Key::refusal},
                                   {"reasoning_content", Key::reasoning},
                                   {"reasoning", Key::reasoning},
                                   {"tool_calls", Key::tool_calls},
                                   {"function_call", Key::function_call},
                                   {"audio", Key::audio}};
constexpr NamedKey kPartKeys[] = {
    {"text", Key::text}, {"refusal", Key::refusal}, {"thinking", Key::reasoning}};
constexpr NamedKey kThinkingPartKeys[] = {{"text", Key::reasoning}};
constexpr NamedKey kToolCallKeys[] = {
    {"index", Key::index}, {"id", Key::id}, {"function", Key::function}};
constexpr NamedKey kFunctionKeys[] = {{"name", Key::name}, {"arguments", Key::arguments}};
constexpr NamedKey kUsageKeys[] = {{"prompt_tokens", Key::prompt_tokens},
                                   {"completion_tokens", Key::completion_tokens},
                                   {"prompt_tokens_details", Key::details},
                                   {"completion_tokens_details", Key::details}};
constexpr NamedKey kDetailKeys[] = {{"cached_tokens", Key::cached_tokens},
                                    {"reasoning_tokens", Key::reasoning_tokens}};
constexpr NamedKey kErrorKeys[] = {
    {"message", Key::message}, {"type", Key::type}, {"code", Key::code}};

// What is read in one place. Most members are of no interest, and their size alone says so: `sizes`
// has a bit for the size of each name.
struct Members {
  std::span<const NamedKey> keys;
  std::uint64_t sizes = 0;

  [[nodiscard]] Key find(std::string_view name) const {
    if ((sizes & size_bit(name)) == 0) return Key::unknown;
    for (const auto& [known, key] : keys) {
      if (name == known) return key;
    }
    return Key::unknown;
  }
  static constexpr std::uint64_t size_bit(std::string_view name) {
    return std::uint64_t{1} << name.size() % 64;
  }
};

constexpr Members members(std::span<const NamedKey> keys) {
  Members members{keys};
  for (const auto& [name, key] : keys) members.sizes |= Members::size_bit(name);
  return members;
}

constexpr Members members_of(Place place) {
  switch (place) {
    case Place::root:
      return members(kRootKeys);
    case Place::choice:
      return members(kChoiceKeys);
    case Place::delta:
      return members(kDeltaKeys);
    case Place::part:
      return members(kPartKeys);
    case Place::thinking_part:
      return members(kThinkingPartKeys);
    case Place::tool_call:
      return members(kToolCallKeys);
    case Place::function:
      return members(kFunctionKeys);
    case Place::usage:
      return members(kUsageKeys);
    case Place::usage_details:
      return members(kDetailKeys);
    case Place::error:
      return members(kErrorKeys);
    default:
      return {};
  }
}

}  // namespace

void ChatChunkReader::key(std::string_view name) {
  note_member();
  key_ = members_of(place()).find(name);
}

void ChatChunkReader::real(double value) {
  // Some gateways send counts as 12.0.
  const bool is_whole = std::abs(value) < 0x1.0p53 && std::trunc(value) == value;
  if (is_whole) return integer(static_cast<std::int64_t>(value));
  note_other_number();
}

void ChatChunkReader::boolean(bool value) {
  note_nonsense();
  if (is_error_member() && value) note_error().message = "true";
}

void ChatChunkReader::null() {
  if (place() == Place::root && key_ == Key::usage) chunk_.usage.reset();
  if (place() == Place::usage && key_ == Key::completion_tokens) {
    chunk_.usage->completion_tokens.reset();
  }
}

ChatChunk ChatChunkReader::take() {
  if (is_error_object_ && !chunk_.error) chunk_.error = std::move(root_);
  return std::move(chunk_);
}

bool ChatChunkReader::is_error_member() const {
  return place() == Place::error_list ||
         (key_ == Key::error && (place() == Place::root || place() == Place::choice));
}

void ChatChunkReader::note_other_number() {
  note_nonsense();
  if (is_error_member()) note_error();
}

void ChatChunkReader::note_nonsense() {
  if (place() == Place::usage && key_ == Key::completion_tokens) {
    chunk_.usage->is_nonsense = true;
  }
}

// Of these, an empty object is nothing.
void ChatChunkReader::note_member() {
  if (place() == Place::error) note_error();
  if (place() == Place::function_call) choice().has_function_call = true;
  if (place() == Place::audio) choice().has_audio = true;
}

ChatChunkReader::Place ChatChunkReader::place_of_object() {
  switch (place()) {
    case Place::outside:
      is_object_ = true;
      return Place::root;
    case Place::choices:
      chunk_.choices.emplace_back().index = static_cast<int>(chunk_.choices.size() - 1);
      return Place::choice;
    case Place::tool_calls:
      choice().tool_calls.emplace_back();
      return Place::tool_call;
    case Place::root:
      if (key_ == Key::usage) return chunk_.usage.emplace(), Place::usage;
      return key_ == Key::error ? Place::error : Place::skipped;
    case Place::choice:
      if (key_ == Key::error) return Place::error;
      return key_ == Key::delta ? Place::delta : Place::skipped;
    case Place::delta:
      if (key_ == Key::function_call) return Place::function_call;
      return key_ == Key::audio ? Place::audio : Place::skipped;
    case Place::parts:
      return Place::part;
    case Place::thinking:
      return Place::thinking_part;
    case Place::tool_call:
      return key_ == Key::function ? Place::function : Place::skipped;
    case Place::usage:
      note_nonsense();
      return key_ == Key::details ? Place::usage_details : Place::skipped;
    case Place::error_list:
      note_error();
      return Place::error;
    default:
      return Place::skipped;
  }
}

ChatChunkReader::Place ChatChunkReader::place_of_array() {
  switch (place()) {
    case Place::root:
      if (key_ == Key::error) return Place::error_list;
      if (key_ != Key::choices) return Place::skipped;
      return Place::choices;
    case Place::choice:
      return key_ == Key::error ? Place::error_list : Place::skipped;
    case Place::delta:
      if (key_ == Key::tool_calls) return Place::tool_calls;
      if (key_ != Key::content) return Place::skipped;
      choice().content.clear();
      ++contents_;
      return Place::parts;
    case Place::part:
      return key_ == Key::reasoning ? Place::thinking : Place::skipped;
    case Place::usage:
      note_nonsense();
      return Place::skipped;
    default:
      return Place::skipped;
  }
}

void ChatChunkReader::set_delta_text(std::string_view text) {
  if (key_ == Key::role) choice().has_role = true;
  if (key_ == Key::content) {
    choice().content = text;
    content_ = text;
    ++contents_;
  }
  if (key_ == Key::refusal) choice().refusal = text;
  if (key_ == Key::reasoning) choice().reasoning = text;
}

void ChatChunkReader::add_part_text(std::string_view text) {
  if (key_ == Key::reasoning) choice().reasoning += text;
  if (key_ == Key::text) choice().content += text;
  if (key_ == Key::refusal) choice().refusal += text;
}

void ChatChunkReader::set_error_text(ErrorInfo& error, std::string_view text) const {
  if (key_ == Key::message) error.message = text;
  if (key_ == Key::type) error.type = text;
  if (key_ == Key::code) error.code = text;
}

void ChatChunkReader::string(std::string_view text) {
  note_nonsense();
  if (is_error_member()) {
    if (!text.empty()) note_error().message = text;
    return;
  }
  switch (place()) {
    case Place::root:
      if (key_ == Key::object) is_error_object_ = text == "error";
      if (key_ == Key::unknown) ignored_ = text;
      return set_error_text(root_, text);
    case Place::choice:
      if (key_ == Key::finish_reason) choice().finish_reason = text;
      return;
    case Place::delta:
      return set_delta_text(text);
    case Place::parts:
      choice().content += text;
      return;
    case Place::part:
    case Place::thinking_part:
      return add_part_text(text);
    case Place::tool_call:
      if (key_ == Key::id) tool_call().id = text;
      return;
    case Place::function:
      if (key_ == Key::name) tool_call().name = text;
      if (key_ == Key::arguments) tool_call().arguments = text;
      return;
    case Place::error:
      return set_error_text(*chunk_.error, text);
    default:
      return;
  }
}

void ChatChunkReader::set_count(std::int64_t value) {
  if (key_ == Key::prompt_tokens) chunk_.usage->prompt_tokens = value;
  if (key_ == Key::completion_tokens) {
    chunk_.usage->completion_tokens = value;
    chunk_.usage->is_nonsense = false;
  }
}

void ChatChunkReader::integer(std::int64_t value) {
  if (is_error_member()) {
    if (value != 0) note_error().message = std::to_string(value);
    return;
  }
  switch (place()) {
    case Place::root:
      if (key_ == Key::code) root_.code = std::to_string(value);
      return;
    case Place::choice:
      if (key_ == Key::index) choice().index = static_cast<int>(value);
      return;
    case Place::tool_call:
      if (key_ == Key::index) tool_call().index = static_cast<int>(value);
      return;
    case Place::usage:
      return set_count(value);
    case Place::usage_details:
      if (key_ == Key::cached_tokens) chunk_.usage->cached_tokens = value;
      if (key_ == Key::reasoning_tokens) chunk_.usage->reasoning_tokens = value;
      return;
    case Place::error:
      if (key_ == Key::code) chunk_.error->code = std::to_string(value);
      return;
    default:
      return;
  }
}

Result<ChatChunk> read_chat_chunk(std::string_view json, ChatChunkReader& reader) {
  const JsonReadResult read = read_json(json, ChatChunkReader::kDepthMax, reader);
  if (!read.ok) return Error{"byte " + std::to_string(read.offset), read.what};
  if (!reader.is_object()) return Error{"", "expected an object"};
  return reader.take();
}

Result<ChatChunk> parse_chat_chunk(std::string_view json) {
  ChatChunkReader reader;
  return read_chat_chunk(json, reader);
}

}  // namespace lab
