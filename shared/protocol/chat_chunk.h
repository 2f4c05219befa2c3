// The answers to a chat completion request, read by a client: stream chunks and buffered
// completions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/protocol/error_envelope.h"

namespace lab {

struct ToolCallDelta {
  int index = 0;
  std::string id;
  std::string name;
  std::string arguments;  ///< A piece of JSON text.

  friend bool operator==(const ToolCallDelta&, const ToolCallDelta&) = default;
};

struct ChoiceDelta {
  int index = 0;
  bool has_role = false;
  std::string content;  ///< Text parts put together.
  std::string refusal;  ///< Text that the user reads instead of the content.
  /// reasoning_content, reasoning or thinking parts, as some upstreams send before the content.
  std::string reasoning;
  std::string finish_reason;  ///< Empty while it is null or absent.
  std::vector<ToolCallDelta> tool_calls;
  bool has_function_call = false;  ///< The older form of a tool call.
  bool has_audio = false;

  [[nodiscard]] bool has_tool_call() const { return !tool_calls.empty() || has_function_call; }
  /// Something for whoever asked: reasoning alone is nothing.
  [[nodiscard]] bool says_something() const {
    return !content.empty() || !refusal.empty() || has_tool_call() || has_audio;
  }

  friend bool operator==(const ChoiceDelta&, const ChoiceDelta&) = default;
};

/// `usage` as it was received. Members that are missing, null or no numbers are none.
struct UsageReceived {
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
  std::int64_t cached_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  /// completion_tokens was given, as what no count can be: a text, a fraction, beyond 64 bits.
  bool is_nonsense = false;

  friend bool operator==(const UsageReceived&, const UsageReceived&) = default;
};

/// One chunk of a stream; a buffered completion reads as one chunk whose deltas are the whole
/// messages.
struct ChatChunk {
  std::vector<ChoiceDelta> choices;
  std::optional<UsageReceived> usage;  ///< None if it was null or absent.
  /// An error sent with status 200: a member `error`, of the whole or of a choice, that is not
  /// null, false or empty, or `"object": "error"`.
  std::optional<ErrorInfo> error;

  friend bool operator==(const ChatChunk&, const ChatChunk&) = default;
};

/// Unknown members are ignored, as are members of an unexpected type; of members with the same name
/// the last counts. An Error if the text is not one JSON object.
[[nodiscard]] Result<ChatChunk> parse_chat_chunk(std::string_view json);

}  // namespace lab
