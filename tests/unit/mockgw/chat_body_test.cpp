#include "mockgw/chat/chat_body.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using lab::Json;

ChatPlan plan_of(Completion completion) {
  ChatPlan plan;
  plan.head.id = "chatcmpl-1";
  plan.head.model = "gpt-4";
  plan.choices.push_back(std::move(completion));
  return plan;
}

ChatPlan plan_of_text() {
  Completion completion;
  completion.add_text("Hello there", 100);
  return plan_of(std::move(completion));
}

ChatPlan plan_of_calls() {
  Completion completion;
  completion.begin_tool_call("call_1", "first");
  completion.add_text(R"({"usage":{}})", 100);
  completion.begin_tool_call("call_2", "second");
  completion.add_text("{}", 100);
  return plan_of(std::move(completion));
}

std::string body_of(const ChatPlan& plan, const FaultPlan& faults,
                    std::vector<lab::CompletionChoice>& room) {
  std::string out;
  append_chat_body(out, plan, faults, room);
  return out;
}

Json choice_of(const ChatPlan& plan, std::vector<lab::CompletionChoice>& room) {
  return Json::parse(body_of(plan, {}, room))["choices"][0];
}

TEST(ChatBody, AChoiceIsATextOrItsCalls) {
  std::vector<lab::CompletionChoice> room;
  const Json text = choice_of(plan_of_text(), room);
  EXPECT_EQ(text["message"]["content"], "Hello there");
  EXPECT_FALSE(text["message"].contains("tool_calls"));
  EXPECT_EQ(text["finish_reason"], "stop");
  const Json calls = choice_of(plan_of_calls(), room);
  EXPECT_TRUE(calls["message"]["content"].is_null());
  EXPECT_EQ(calls["message"]["tool_calls"],
            Json::parse(R"([{"id":"call_1","type":"function","function":{"name":"first",
            "arguments":"{\"usage\":{}}"}},{"id":"call_2","type":"function",
            "function":{"name":"second","arguments":"{}"}}])"));
  EXPECT_EQ(calls["finish_reason"], "tool_calls");
}

TEST(ChatBody, NothingOfTheAnswerBeforeIsLeft) {
  std::vector<lab::CompletionChoice> room;
  ChatPlan with_logprobs = plan_of_text();
  with_logprobs.logprobs = LogprobsPlan{.rng = lab::Rng(1)};
  const Json first = choice_of(plan_of_text(), room);
  EXPECT_FALSE(choice_of(plan_of_calls(), room)["message"]["tool_calls"].empty());
  EXPECT_FALSE(choice_of(with_logprobs, room)["logprobs"].is_null());
  EXPECT_EQ(choice_of(plan_of_text(), room), first);
}

TEST(ChatBody, LogprobsHaveOneEntryForEachToken) {
  std::vector<lab::CompletionChoice> room;
  ChatPlan plan = plan_of_text();
  plan.logprobs = LogprobsPlan{.top = 1, .rng = lab::Rng(1)};
  const Json content = choice_of(plan, room)["logprobs"]["content"];
  ASSERT_EQ(content.size(), 2u);
  EXPECT_EQ(content[0]["token"], "Hello");
  EXPECT_EQ(content[1]["token"], " there");
  // A call's arguments have none.
  ChatPlan calls = plan_of_calls();
  calls.logprobs = plan.logprobs;
  EXPECT_TRUE(choice_of(calls, room)["logprobs"].is_null());
}

TEST(ChatBody, MissingUsageTakesTheRightMember) {
  const FaultRule rule{
      .name = "rule", .match = {}, .active = {}, .fault = {.kind = FaultKind::missing_usage}};
  FaultPlan faults;
  faults.add(rule);
  std::vector<lab::CompletionChoice> room;
  const Json body = Json::parse(body_of(plan_of_calls(), faults, room));
  EXPECT_FALSE(body.contains("usage"));
  EXPECT_EQ(body["choices"][0]["message"]["tool_calls"].size(), 2u);
}

}  // namespace
}  // namespace mockgw
