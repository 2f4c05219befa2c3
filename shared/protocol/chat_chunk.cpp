#include "shared/protocol/chat_chunk.h"

#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

#include "shared/protocol/json_events.h"

namespace lab {
namespace {

constexpr std::size_t kDepthMax = 64;

// Which object or array an event is in.
enum class Place : std::uint8_t {
  outside,
  root,
  choices,
  choice,
  delta,
  tool_calls,
  tool_call,
  function,
  usage,
  usage_details,
  error,
  skipped,
};

enum class Key : std::uint8_t {
  unknown,
  id,
  model,
  choices,
  usage,
  error,
  index,
  delta,
  finish_reason,
  role,
  content,
  reasoning,
  tool_calls,
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

using NamedKey = std::pair<std::string_view, Key>;
constexpr NamedKey kRootKeys[] = {{"id", Key::id},
                                  {"model", Key::model},
                                  {"choices", Key::choices},
                                  {"usage", Key::usage},
                                  {"error", Key::error}};
constexpr NamedKey kChoiceKeys[] = {{"index", Key::index},
                                    {"delta", Key::delta},
                                    {"message", Key::delta},
                                    {"finish_reason", Key::finish_reason}};
constexpr NamedKey kDeltaKeys[] = {{"role", Key::role},
                                   {"content", Key::content},
                                   // Text that the user reads instead of the content.
                                   {"refusal", Key::content},
                                   {"reasoning_content", Key::reasoning},
                                   {"reasoning", Key::reasoning},
                                   {"tool_calls", Key::tool_calls}};
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

std::span<const NamedKey> keys_of(Place place) {
  switch (place) {
    case Place::root:
      return kRootKeys;
    case Place::choice:
      return kChoiceKeys;
    case Place::delta:
      return kDeltaKeys;
    case Place::tool_call:
      return kToolCallKeys;
    case Place::function:
      return kFunctionKeys;
    case Place::usage:
      return kUsageKeys;
    case Place::usage_details:
      return kDetailKeys;
    case Place::error:
      return kErrorKeys;
    default:
      return {};
  }
}

class ChunkReader {
 public:
  void begin_object() { open(place_of_object()); }
  void begin_array() { open(place_of_array()); }
  void end_object() { --depth_; }
  void end_array() { --depth_; }
  void key(std::string_view name) {
    key_ = Key::unknown;
    for (const auto& [known, key] : keys_of(place())) {
      if (name == known) key_ = key;
    }
  }
  void string(std::string_view text);
  void integer(std::int64_t value);
  void real(double value) {
    // Some gateways send counts as 12.0.
    if (std::abs(value) < 0x1.0p53) integer(static_cast<std::int64_t>(value));
  }
  void boolean(bool) {}
  void null() {}

  [[nodiscard]] bool is_object() const { return is_object_; }
  [[nodiscard]] ChatChunk take() { return std::move(chunk_); }

 private:
  [[nodiscard]] Place place() const { return places_[depth_]; }
  [[nodiscard]] ChoiceDelta& choice() { return chunk_.choices.back(); }
  [[nodiscard]] ToolCallDelta& tool_call() { return choice().tool_calls.back(); }
  void open(Place place) {
    assert(depth_ < kDepthMax);
    places_[++depth_] = place;
  }
  Place place_of_object();
  Place place_of_array();

  std::array<Place, kDepthMax + 1> places_{Place::outside};
  std::size_t depth_ = 0;
  Key key_ = Key::unknown;
  bool is_object_ = false;
  ChatChunk chunk_;
};

Place ChunkReader::place_of_object() {
  switch (place()) {
    case Place::outside:
      is_object_ = true;
      return Place::root;
    case Place::choices:
      chunk_.choices.emplace_back();
      return Place::choice;
    case Place::tool_calls:
      choice().tool_calls.emplace_back();
      return Place::tool_call;
    case Place::root:
      if (key_ == Key::usage) return chunk_.usage.emplace(), Place::usage;
      if (key_ == Key::error) return chunk_.error.emplace(), Place::error;
      return Place::skipped;
    case Place::choice:
      return key_ == Key::delta ? Place::delta : Place::skipped;
    case Place::tool_call:
      return key_ == Key::function ? Place::function : Place::skipped;
    case Place::usage:
      return key_ == Key::details ? Place::usage_details : Place::skipped;
    default:
      return Place::skipped;
  }
}

Place ChunkReader::place_of_array() {
  if (place() == Place::root && key_ == Key::choices) {
    chunk_.has_choices = true;
    return Place::choices;
  }
  const bool is_calls = place() == Place::delta && key_ == Key::tool_calls;
  return is_calls ? Place::tool_calls : Place::skipped;
}

void ChunkReader::string(std::string_view text) {
  switch (place()) {
    case Place::root:
      if (key_ == Key::id) chunk_.id = text;
      if (key_ == Key::model) chunk_.model = text;
      if (key_ == Key::error) chunk_.error = ErrorInfo{std::string(text), {}, {}};
      return;
    case Place::choice:
      if (key_ == Key::finish_reason) choice().finish_reason = text;
      return;
    case Place::delta:
      if (key_ == Key::role) choice().has_role = true;
      if (key_ == Key::content) choice().content = text;
      if (key_ == Key::reasoning) choice().reasoning = text;
      return;
    case Place::tool_call:
      if (key_ == Key::id) tool_call().id = text;
      return;
    case Place::function:
      if (key_ == Key::name) tool_call().name = text;
      if (key_ == Key::arguments) tool_call().arguments = text;
      return;
    case Place::error:
      if (key_ == Key::message) chunk_.error->message = text;
      if (key_ == Key::type) chunk_.error->type = text;
      if (key_ == Key::code) chunk_.error->code = text;
      return;
    default:
      return;
  }
}

void ChunkReader::integer(std::int64_t value) {
  switch (place()) {
    case Place::choice:
      if (key_ == Key::index) choice().index = static_cast<int>(value);
      return;
    case Place::tool_call:
      if (key_ == Key::index) tool_call().index = static_cast<int>(value);
      return;
    case Place::usage:
      if (key_ == Key::prompt_tokens) chunk_.usage->prompt_tokens = value;
      if (key_ == Key::completion_tokens) chunk_.usage->completion_tokens = value;
      return;
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

}  // namespace

Result<ChatChunk> parse_chat_chunk(std::string_view json) {
  ChunkReader reader;
  const JsonReadResult read = read_json(json, kDepthMax, reader);
  if (!read.ok) return Error{"byte " + std::to_string(read.offset), read.what};
  if (!reader.is_object()) return Error{"", "expected an object"};
  return reader.take();
}

Result<ChatChunk> parse_chat_completion(std::string_view json) { return parse_chat_chunk(json); }

}  // namespace lab
