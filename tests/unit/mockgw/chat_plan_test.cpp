#include "mockgw/chat/chat_plan.h"

#include <gtest/gtest.h>

#include "mockgw/chat/prompt_tokens.h"
#include "shared/base/json.h"
#include "tests/unit/mockgw/constant_distribution.h"

namespace mockgw {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class ChatPlanTest : public testing::Test {
 protected:
  ChatPlanTest() {
    model.id = "gpt-4";
    model.tokens.output = constant(10);
    model.latency.ttft = constant(0.1);
    model.latency.itl = constant(0.01);
    request.model = "gpt-4";
    request.messages.emplace_back();
    request.messages.back().content = "Say hello in one word.";
  }

  ChatPlan plan(std::uint64_t identity = 1, lab::Duration elapsed = {}) const {
    ChatPlan plan;
    const auto tokens = static_cast<std::int64_t>(count_prompt_tokens(request).total());
    plan_chat({.request = request,
               .model = model,
               .created = 1700000000,
               .elapsed = elapsed,
               .prompt_tokens = tokens},
              faults, lab::Rng(identity), plan);
    return plan;
  }
  void add_fault(Fault fault) {
    rule.fault = std::move(fault);
    faults.add(rule);
  }

  ModelConfig model;
  lab::ChatRequest request;
  FaultRule rule;
  FaultPlan faults;
};

TEST_F(ChatPlanTest, UsageCountsWhatIsSent) {
  request.n = 3;
  const ChatPlan planned = plan();
  ASSERT_EQ(planned.choices.size(), 3u);
  EXPECT_EQ(planned.usage.completion_tokens, 30);
  // Six tokens of text, three around the message, three before the answer.
  EXPECT_EQ(planned.usage.prompt_tokens, 12);
  EXPECT_EQ(planned.schedule.tokens.size(), 10u);
  EXPECT_EQ(planned.schedule.end, milliseconds(190));
}

TEST_F(ChatPlanTest, ManyLongChoicesShareABound) {
  request.n = kChoicesMax;
  model.tokens.output = constant(50'000);
  const ChatPlan planned = plan();
  EXPECT_EQ(planned.choices[0].tokens(), kChoicesTokensMax / kChoicesMax);
  EXPECT_EQ(planned.usage.completion_tokens, static_cast<std::int64_t>(kChoicesTokensMax));
  EXPECT_EQ(planned.finish_reason(0), lab::FinishReason::length);
}

TEST_F(ChatPlanTest, NoAnswerIsLongerThanTheGatewaysLimit) {
  request.n = 4;
  request.max_tokens = 90'000;
  model.tokens.output = constant(50'000);
  ChatPlan planned;
  plan_chat({.request = request, .model = model, .tokens_max = 1000}, faults, lab::Rng(1), planned);
  EXPECT_EQ(planned.usage.completion_tokens, 1000);
  EXPECT_EQ(planned.choices[3].tokens(), 250u);
  EXPECT_EQ(planned.finish_reason(3), lab::FinishReason::length);
  // Never none at all.
  plan_chat({.request = request, .model = model, .tokens_max = 1}, faults, lab::Rng(1), planned);
  EXPECT_EQ(planned.usage.completion_tokens, 4);
}

TEST_F(ChatPlanTest, ChoicesDiffer) {
  request.n = 2;
  const ChatPlan planned = plan();
  EXPECT_NE(planned.choices[0].text(), planned.choices[1].text());
}

TEST_F(ChatPlanTest, FinishReasonSaysWhetherMaxTokensCut) {
  request.max_tokens = 4;
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::length);
  request.max_tokens = 10;
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::stop);
}

TEST_F(ChatPlanTest, IsDecidedByTheRequestsIdentity) {
  EXPECT_EQ(plan(7).choices[0].text(), plan(7).choices[0].text());
  EXPECT_EQ(plan(7).head.id, plan(7).head.id);
  EXPECT_NE(plan(7).choices[0].text(), plan(8).choices[0].text());
  EXPECT_NE(plan(7).head.id, plan(8).head.id);
}

TEST_F(ChatPlanTest, ASeedDecidesTheContentInsteadOfTheIdentity) {
  request.seed = 42;
  const std::string first(plan(7).choices[0].text());
  EXPECT_EQ(plan(8).choices[0].text(), first);
  request.messages[0].content = "Something else.";
  EXPECT_NE(plan(8).choices[0].text(), first);
}

TEST_F(ChatPlanTest, TheAnswersHeadNamesTheModelAndTheTime) {
  const ChatPlan planned = plan();
  EXPECT_TRUE(planned.head.id.starts_with("chatcmpl-"));
  EXPECT_EQ(planned.head.model, "gpt-4");
  EXPECT_EQ(planned.head.created, 1700000000);
  EXPECT_TRUE(planned.head.system_fingerprint->starts_with("fp_"));
}

TEST_F(ChatPlanTest, DriftSlowsLaterRequests) {
  model.latency.drift = {{.kind = DriftTerm::Kind::linear, .percent = 100, .at = {}, .length = {}}};
  EXPECT_EQ(plan(1, hours(1)).schedule.first_token(), milliseconds(200));
}

TEST_F(ChatPlanTest, ALatencyFaultComesOnTop) {
  add_fault({.kind = FaultKind::latency, .delay = constant(2)});
  EXPECT_EQ(plan().schedule.first_token(), milliseconds(2100));
}

TEST_F(ChatPlanTest, SlowHeadersHoldTheHeadOnly) {
  add_fault({.kind = FaultKind::slow_headers, .delay = constant(2)});
  EXPECT_EQ(plan().head_held_until, milliseconds(2000));
  EXPECT_EQ(plan().schedule.first_token(), milliseconds(100));
}

TEST_F(ChatPlanTest, EmptyContentSaysNothing) {
  add_fault({.kind = FaultKind::empty_content});
  const ChatPlan planned = plan();
  EXPECT_EQ(planned.choices[0].tokens(), 0u);
  EXPECT_EQ(planned.usage.completion_tokens, 0);
}

TEST_F(ChatPlanTest, SplitUtf8GetsCharactersToSplit) {
  add_fault({.kind = FaultKind::split_utf8});
  EXPECT_NE(plan().choices[0].text().find("\xC3\xA9"), std::string_view::npos);
}

TEST_F(ChatPlanTest, AToolIsCalledInsteadOfAText) {
  request.tools = {{"get_weather", lab::Json::parse(R"({"type":"object"})")}};
  const ChatPlan planned = plan();
  ASSERT_EQ(planned.choices[0].tool_calls().size(), 1u);
  EXPECT_EQ(planned.finish_reason(0), lab::FinishReason::tool_calls);
  EXPECT_EQ(planned.choices[0].arguments(0), "{}");
  EXPECT_EQ(planned.usage.completion_tokens, 2);
  // With tool_choice "none" the same request gets its text.
  request.tool_choice.kind = lab::ToolChoice::Kind::none;
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::stop);
}

TEST_F(ChatPlanTest, AFunctionIsCalledInItsOwnForm) {
  request.unusual.emplace().functions = {
      {.name = "f", .parameters = {}, .form = lab::CallForm::function}};
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::function_call);
  request.unusual->function_call.kind = lab::ToolChoice::Kind::none;
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::stop);
}

// As OpenAI and vLLM have it: the model had no choice.
TEST_F(ChatPlanTest, ACallThatTheRequestNamesEndsWithStop) {
  request.tools = {{"f", lab::Json::parse(R"({"type":"object"})")}};
  request.tool_choice = {lab::ToolChoice::Kind::function, "f"};
  const ChatPlan named = plan();
  EXPECT_EQ(named.choices[0].tool_calls().size(), 1u);
  EXPECT_EQ(named.finish_reason(0), lab::FinishReason::stop);
  request.tools[0].form = lab::CallForm::custom;
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::tool_calls);
  request.tools[0].form = lab::CallForm::tool;
  request.tool_choice = {lab::ToolChoice::Kind::required, ""};
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::tool_calls);

  request.tools.clear();
  request.unusual.emplace().functions = {
      {.name = "f", .parameters = {}, .form = lab::CallForm::function}};
  request.unusual->function_call = {lab::ToolChoice::Kind::function, "f"};
  EXPECT_EQ(plan().finish_reason(0), lab::FinishReason::stop);
}

TEST_F(ChatPlanTest, ChoicesCallToolsEachInItsOwnWay) {
  request.n = 2;
  request.tools = {
      {"f", lab::Json::parse(R"({"type":"object","properties":{"a":{"type":"string"}}})")}};
  const ChatPlan planned = plan();
  EXPECT_NE(planned.choices[0].tool_calls()[0].id, planned.choices[1].tool_calls()[0].id);
  EXPECT_NE(planned.choices[0].arguments(0), planned.choices[1].arguments(0));
}

TEST_F(ChatPlanTest, ResponseFormatAsksForJson) {
  request.response_format.kind = lab::ResponseFormat::Kind::json_object;
  EXPECT_TRUE(lab::Json::parse(plan().choices[0].text()).is_object());
}

TEST_F(ChatPlanTest, LogprobsArePlannedIfAskedFor) {
  EXPECT_FALSE(plan().logprobs);
  request.logprobs = true;
  request.top_logprobs = 4;
  request.temperature = 0;
  const ChatPlan planned = plan();
  EXPECT_EQ(planned.logprobs->top, 4u);
  EXPECT_TRUE(planned.logprobs->is_greedy);
}

TEST_F(ChatPlanTest, EchoAnswersTheLastUserMessage) {
  model.tokens.content.kind = ContentConfig::Kind::echo;
  request.messages.emplace_back();
  request.messages.back().role = lab::Role::assistant;
  request.messages.back().content = "Hello.";
  EXPECT_EQ(plan().choices[0].text(), "Say hello in one word.");
}

}  // namespace
}  // namespace mockgw
