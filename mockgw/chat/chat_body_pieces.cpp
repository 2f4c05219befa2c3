#include "mockgw/chat/chat_body_pieces.h"

#include <limits>

#include "mockgw/chat/chat_body.h"

namespace mockgw {
namespace {

// What one token's entry takes, and each of its candidates: names, digits, bytes.
constexpr std::size_t kEntryBytes = 100;
constexpr std::size_t kWholeBytesMax = std::size_t{64} << 10;

}  // namespace

bool is_worth_pieces(const ChatPlan& plan) {
  if (!plan.logprobs) return false;
  const auto tokens = static_cast<std::size_t>(plan.usage.completion_tokens);
  return tokens * (1 + plan.logprobs->top) * kEntryBytes > kWholeBytesMax;
}

ChatBodyPieces::ChatBodyPieces(const ChatPlan& plan, const FaultPlan& faults, bool breaks)
    : plan_(plan),
      writer_(plan.head),
      has_usage_(!faults.has(FaultKind::missing_usage)),
      tokens_left_(breaks ? static_cast<std::uint64_t>(plan.usage.completion_tokens / 2)
                          : std::numeric_limits<std::uint64_t>::max()) {}

bool ChatBodyPieces::has_logprobs(std::size_t choice) const {
  return plan_.choices[choice].tool_calls().empty();
}

void ChatBodyPieces::append_next(std::string& out) {
  switch (place_) {
    case Place::begin:
      writer_.begin(out);
      place_ = plan_.choices.empty() ? Place::end : Place::choice;
      return;
    case Place::choice:
      writer_.begin_choice(out, choice_, message_of(plan_, choice_), has_logprobs(choice_));
      token_ = 0;
      place_ = Place::tokens;
      return;
    case Place::tokens: {
      const Completion& completion = plan_.choices[choice_];
      if (has_logprobs(choice_) && token_ < completion.tokens()) {
        if (tokens_left_-- == 0) {
          place_ = Place::done;
          return;
        }
        const auto logprob =
            token_logprob(*plan_.logprobs, choice_, token_, completion.token(token_));
        writer_.append_logprob(out, logprob, token_ == 0);
        ++token_;
        return;
      }
      writer_.end_choice(out, plan_.finish_reason(choice_), has_logprobs(choice_));
      place_ = ++choice_ < plan_.choices.size() ? Place::choice : Place::end;
      return;
    }
    case Place::end:
      writer_.end(out, has_usage_ ? std::optional(plan_.usage) : std::nullopt);
      place_ = Place::done;
      return;
    case Place::done:
      return;
  }
}

bool ChatBodyPieces::append(std::string& out, std::size_t bytes) {
  while (place_ != Place::done && out.size() < bytes) append_next(out);
  return place_ != Place::done;
}

}  // namespace mockgw
