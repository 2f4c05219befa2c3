// What one choice of an answer says, cut into tokens: text, or calls of tools.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/protocol/call_form.h"

namespace mockgw {

/// One call in a choice. Its arguments are the choice's tokens from `first_token` to the next call.
struct PlannedToolCall {
  std::string id;  ///< "call_…"
  std::string name;
  std::size_t first_token = 0;
  lab::CallForm form = lab::CallForm::tool;
};

/// The text of one choice and where its tokens end. Reused from request to request, so that a warm
/// connection allocates nothing.
class Completion {
 public:
  void clear();
  void add_token(std::string_view text) {
    assert(!text.empty());
    text_ += text;
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
  /// Adds `count` tokens that `write` makes, one a call, of 1 to `bytes_max` bytes each: it is
  /// given where to, with room for `bytes_max`, and returns where the token ends.
  template <class Write>
  void add_tokens(std::size_t count, std::size_t bytes_max, Write write) {
    constexpr std::size_t kBlock = 64;  // Room for a block at a time: answers may be long.
    while (count > 0) {
      const std::size_t block = std::min(count, kBlock);
      const std::size_t begin = text_.size();
      text_.resize(begin + block * bytes_max);
      const std::size_t first = ends_.size();
      ends_.resize(first + block);
      char* const text = text_.data();
      char* end = text + begin;
      for (std::size_t i = first; i < first + block; ++i) {
        end = write(end);
        ends_[i] = static_cast<std::uint32_t>(end - text);
      }
      text_.resize(static_cast<std::size_t>(end - text));
      count -= block;
    }
  }
  /// Adds `text` token by token until there are `tokens_max` in all; if that cuts it, it is cut by
  /// length.
  void add_text(std::string_view text, std::uint64_t tokens_max);
  /// The tokens added from now on are the arguments of this call. A choice that has calls has
  /// nothing else.
  void begin_tool_call(std::string id, std::string name, lab::CallForm form = lab::CallForm::tool);
  /// Keeps the first `size` bytes; a token cut in the middle stays one token.
  void truncate(std::size_t size);

  [[nodiscard]] std::size_t tokens() const { return ends_.size(); }
  [[nodiscard]] std::string_view token(std::size_t i) const {
    assert(i < ends_.size());
    return std::string_view(text_).substr(begin_of(i), ends_[i] - begin_of(i));
  }
  /// Of all tokens, be they arguments or not.
  [[nodiscard]] std::string_view text() const { return text_; }

  [[nodiscard]] const std::vector<PlannedToolCall>& tool_calls() const { return tool_calls_; }
  /// Which call's arguments token `i` belongs to.
  [[nodiscard]] std::size_t tool_call_of(std::size_t i) const;
  [[nodiscard]] std::string_view arguments(std::size_t tool_call) const;

  bool cut_by_length = false;    ///< finish_reason `length`: more would have come.
  std::size_t schema_steps = 0;  ///< See ChatPlan.

 private:
  [[nodiscard]] std::size_t begin_of(std::size_t token) const {
    return token == 0 ? 0 : ends_[token - 1];
  }

  std::string text_;
  std::vector<std::uint32_t> ends_;
  std::vector<PlannedToolCall> tool_calls_;
};

}  // namespace mockgw
