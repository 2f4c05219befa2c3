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

TEST(ChatBody, ACallHasTheFormOfWhatWasOffered) {
  std::vector<lab::CompletionChoice> room;
  Completion function;
  function.begin_tool_call("call_1", "f", lab::CallForm::function);
  function.add_text("{}", 100);
  const Json called = choice_of(plan_of(std::move(function)), room);
  EXPECT_EQ(called["message"]["function_call"], Json::parse(R"({"name":"f","arguments":"{}"})"));
  EXPECT_FALSE(called["message"].contains("tool_calls"));
  EXPECT_TRUE(called["message"]["content"].is_null());
  EXPECT_EQ(called["finish_reason"], "function_call");
  Completion custom;
  custom.begin_tool_call("call_1", "c", lab::CallForm::custom);
  custom.add_text("lorem ipsum", 100);
  const Json given = choice_of(plan_of(std::move(custom)), room);
  EXPECT_EQ(given["message"]["tool_calls"], Json::parse(R"([{"id":"call_1","type":"custom",
            "custom":{"name":"c","input":"lorem ipsum"}}])"));
  EXPECT_EQ(given["finish_reason"], "tool_calls");
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
