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
#include "shared/protocol/usage.h"

namespace lab {

struct ToolCallDelta {
  int index = 0;
  std::string id;
  std::string name;
  std::string arguments;  ///< A piece of JSON text.
};

struct ChoiceDelta {
  int index = 0;
  bool has_role = false;
  std::string content;
  std::string
      reasoning;  ///< reasoning_content or reasoning, as some upstreams send before the content.
  std::string finish_reason;  ///< Empty while it is null or absent.
  std::vector<ToolCallDelta> tool_calls;
};

/// One chunk of a stream; a buffered completion reads as one chunk whose deltas are the whole
/// messages.
struct ChatChunk {
  std::string id;
  std::string model;
  bool has_choices = false;  ///< `choices` was there as an array, be it empty.
  std::vector<ChoiceDelta> choices;
  std::optional<Usage> usage;
  std::optional<ErrorInfo> error;  ///< An error sent inside a stream, after status 200.

  [[nodiscard]] bool has_content() const {
    for (const ChoiceDelta& choice : choices) {
      if (!choice.content.empty()) return true;
    }
    return false;
  }
};

/// Unknown members are ignored, as are members of an unexpected type. An Error if the text is not
/// one JSON object.
[[nodiscard]] Result<ChatChunk> parse_chat_chunk(std::string_view json);
[[nodiscard]] Result<ChatChunk> parse_chat_completion(std::string_view json);

}  // namespace lab
