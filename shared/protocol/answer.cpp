#include "shared/protocol/answer.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lab {

bool is_abnormal_finish(std::string_view finish_reason) {
  // Nearly all there are.
  if (finish_reason == "stop" || finish_reason == "length") return false;
  constexpr auto kWords = std::to_array<std::string_view>(
      {"error", "abort", "cancel", "timeout", "timed_out", "fail", "interrupt", "insufficient",
       "malformed", "overload", "unavailable", "exception", "disconnect", "preempt"});
  std::string lower(finish_reason);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::any_of(kWords.begin(), kWords.end(), [&lower](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

Answer::Brought Answer::add(const ChatChunk& chunk) {
  Brought brought;
  if (chunk.error) fail(*chunk.error);
  if (chunk.usage) add_usage(*chunk.usage);
  for (const ChoiceDelta& choice : chunk.choices) {
    const auto index = static_cast<std::size_t>(choice.index);
    const bool is_followed = index < kChoicesMax;
    if (is_followed) begun_.set(index);
    if (!choice.finish_reason.empty()) {
      if (is_followed) finished_.set(index);
      const bool is_first = abnormal_finish_.empty();
      if (is_first && is_abnormal_finish(choice.finish_reason)) {
        abnormal_finish_ = choice.finish_reason;
      }
    }
    if (choice.says_something()) {
      says_something_ = true;
      ++brought.tokens;
    }
    if (!choice.reasoning.empty()) ++brought.reasoning;
    const bool is_text = !choice.content.empty() || !choice.refusal.empty();
    if (is_text) {
      ++counted_text_;
    } else if (choice.says_something()) {
      ++counted_other_;
    }
  }
  counted_other_ += brought.reasoning;
  return brought;
}

// A later usage without a count does not undo an earlier one with it.
void Answer::add_usage(const UsageReceived& usage) {
  if (usage.prompt_tokens) prompt_tokens_ = usage.prompt_tokens;
  if (usage.completion_tokens) {
    completion_tokens_ = usage.completion_tokens;
    reasoning_tokens_ = usage.reasoning_tokens;
    has_nonsense_ = false;
  } else if (usage.is_nonsense) {
    has_nonsense_ = true;
  }
}

std::optional<std::int64_t> Answer::believed_prompt_tokens() const {
  if (!prompt_tokens_ || !is_plausible_token_count(*prompt_tokens_)) return std::nullopt;
  return prompt_tokens_;
}

std::optional<std::int64_t> Answer::believed_tokens() const {
  if (!completion_tokens_ || !is_plausible_token_count(*completion_tokens_)) return std::nullopt;
  if (*completion_tokens_ == 0 && says_something_) return std::nullopt;
  return completion_tokens_;
}

std::optional<std::int64_t> Answer::believed_visible_tokens() const {
  const std::optional<std::int64_t> tokens = believed_tokens();
  if (!tokens) return std::nullopt;
  const bool is_sound = reasoning_tokens_ >= 0 && reasoning_tokens_ <= *tokens;
  return is_sound ? *tokens - reasoning_tokens_ : *tokens;
}

bool Answer::has_token_mismatch(bool is_stream) const {
  if (has_nonsense_) return true;
  if (!completion_tokens_) return false;
  if (!believed_tokens()) return true;
  if (!is_stream || counted_other_ > 0) return false;
  return *believed_visible_tokens() != counted_text_;
}

}  // namespace lab
