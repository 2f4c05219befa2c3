// What an answer to a chat request says: fed with the chunks of a stream, or with a whole
// completion, which reads as one chunk. The one place where that is decided, for both.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/error_envelope.h"

namespace lab {

/// True if a finish_reason says that the gateway gave the answer up: "error", "abort",
/// "cancelled", "timeout", "insufficient_system_resource" and whatever else has such a word in it.
/// Upstreams have reasons of their own ("end_turn", "eos_token"): one that is merely unknown is
/// normal.
[[nodiscard]] bool is_abnormal_finish(std::string_view finish_reason);

/// A count of tokens that one answer can have; anything else is a gateway's mistake.
[[nodiscard]] constexpr bool is_plausible_token_count(std::int64_t tokens) {
  constexpr std::int64_t kTokensMax = 100'000'000;
  return tokens >= 0 && tokens <= kTokensMax;
}

class Answer {
 public:
  /// What one chunk brought: a token is text, a refusal or a piece of a tool call.
  struct Brought {
    int tokens = 0;
    int reasoning = 0;
  };
  Brought add(const ChatChunk& chunk);

  /// The first one.
  [[nodiscard]] const std::optional<ErrorInfo>& error() const { return error_; }
  void fail(ErrorInfo error) {
    if (!error_) error_ = std::move(error);
  }
  /// Text, a refusal, a tool call or audio, in any choice.
  [[nodiscard]] bool says_something() const { return says_something_; }
  /// Of every choice that was begun, and there was one.
  [[nodiscard]] bool has_finish_reason() const {
    return begun_.any() && (begun_ & ~finished_).none();
  }
  /// The first finish_reason that is abnormal; empty if none is.
  [[nodiscard]] const std::string& abnormal_finish() const { return abnormal_finish_; }

  /// Pieces of text, reasoning and tool calls so far: a token each, as most gateways stream them.
  [[nodiscard]] std::int64_t counted_tokens() const { return counted_text_ + counted_other_; }
  /// prompt_tokens of the last `usage` that had them, if that many can be.
  [[nodiscard]] std::optional<std::int64_t> believed_prompt_tokens() const;
  /// completion_tokens of the last `usage` that had one, if it can be: no nonsense, plausible, and
  /// not 0 though something was said.
  [[nodiscard]] std::optional<std::int64_t> believed_tokens() const;
  /// The believed tokens that were not spent on reasoning.
  [[nodiscard]] std::optional<std::int64_t> believed_visible_tokens() const;
  /// True if completion_tokens was given and is not believed, or disagrees with the counted pieces
  /// where both count the same thing: text alone, in a stream.
  [[nodiscard]] bool has_token_mismatch(bool is_stream) const;

 private:
  /// OpenAI's bound on `n`; further ones are not followed.
  static constexpr std::size_t kChoicesMax = 128;

  void add_usage(const UsageReceived& usage);

  std::optional<ErrorInfo> error_;
  std::optional<std::int64_t> prompt_tokens_;
  std::optional<std::int64_t> completion_tokens_;
  std::int64_t reasoning_tokens_ = 0;
  bool has_nonsense_ = false;
  bool says_something_ = false;
  std::int64_t counted_text_ = 0;
  std::int64_t counted_other_ = 0;
  std::string abnormal_finish_;
  std::bitset<kChoicesMax> begun_;
  std::bitset<kChoicesMax> finished_;
};

}  // namespace lab
