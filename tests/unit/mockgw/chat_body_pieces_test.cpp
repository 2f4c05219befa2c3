#include "mockgw/chat/chat_body_pieces.h"

#include <gtest/gtest.h>

#include "mockgw/chat/chat_body.h"

namespace mockgw {
namespace {

constexpr std::size_t kPieceBytes = 500;

// Two texts and a call, with log probabilities.
ChatPlan plan_of_words(std::size_t words) {
  ChatPlan plan;
  plan.head.id = "chatcmpl-1";
  plan.head.model = "gpt-4";
  for (int i = 0; i < 2; ++i) {
    Completion completion;
    for (std::size_t word = 0; word < words; ++word) completion.add_token(" word");
    plan.choices.push_back(std::move(completion));
  }
  plan.choices.emplace_back();
  plan.choices.back().begin_tool_call("call_1", "first");
  plan.choices.back().add_text("{}", 10);
  plan.usage.completion_tokens = static_cast<std::int64_t>(2 * words + 2);
  plan.logprobs = LogprobsPlan{.top = 2, .rng = lab::Rng(1)};
  return plan;
}

std::string whole_of(const ChatPlan& plan, const FaultPlan& faults) {
  std::vector<lab::CompletionChoice> room;
  std::string out;
  append_chat_body(out, plan, faults, room);
  return out;
}

// Joined; no piece is much larger than asked for.
std::string pieces_of(const ChatPlan& plan, const FaultPlan& faults, bool breaks) {
  ChatBodyPieces pieces(plan, faults, breaks);
  std::string all;
  for (bool is_more = true; is_more;) {
    std::string piece;
    is_more = pieces.append(piece, kPieceBytes);
    EXPECT_LT(piece.size(), 2 * kPieceBytes);
    all += piece;
  }
  return all;
}

TEST(ChatBodyPieces, AreTheWholeBody) {
  for (const std::size_t words : {0, 1, 50}) {
    const ChatPlan plan = plan_of_words(words);
    EXPECT_EQ(pieces_of(plan, {}, false), whole_of(plan, {}));
  }
}

TEST(ChatBodyPieces, LeaveOutTheUsageIfAFaultAsksForIt) {
  FaultRule rule;
  rule.fault.kind = FaultKind::missing_usage;
  FaultPlan faults;
  faults.add(rule);
  const ChatPlan plan = plan_of_words(10);
  EXPECT_EQ(pieces_of(plan, faults, false), whole_of(plan, faults));
}

TEST(ChatBodyPieces, BreakOffInTheMiddle) {
  const ChatPlan plan = plan_of_words(50);
  const std::string whole = whole_of(plan, {});
  const std::string broken = pieces_of(plan, {}, true);
  EXPECT_TRUE(whole.starts_with(broken));
  EXPECT_GT(broken.size(), whole.size() / 3);
  EXPECT_LT(broken.size(), whole.size() * 2 / 3);
}

TEST(ChatBodyPieces, AreForLargeLogprobsOnly) {
  EXPECT_FALSE(is_worth_pieces(plan_of_words(10)));
  EXPECT_TRUE(is_worth_pieces(plan_of_words(1000)));
  ChatPlan plain = plan_of_words(1000);
  plain.logprobs.reset();
  EXPECT_FALSE(is_worth_pieces(plain));
}

}  // namespace
}  // namespace mockgw
