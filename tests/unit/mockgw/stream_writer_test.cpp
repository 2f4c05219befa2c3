#include "mockgw/chat/stream_writer.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

ChatPlan plan_of_one_token() {
  ChatPlan plan;
  plan.head.id = "chatcmpl-1";
  plan.head.model = "gpt-4";
  plan.choices.emplace_back();
  plan.choices[0].add_token("Hi");
  plan.usage = {.prompt_tokens = 4, .completion_tokens = 1};
  return plan;
}

std::string written(const StreamStep& step, FaultKind kind = FaultKind::stall,
                    const StreamTexts& texts = {}) {
  const FaultRule rule{.name = "rule", .match = {}, .active = {}, .fault = {.kind = kind}};
  FaultPlan faults;
  faults.add(rule);
  const ChatPlan plan = plan_of_one_token();
  std::string out;
  StreamWriter(plan, texts, true, faults).append(out, step);
  return out;
}

lab::Json data_of(const std::string& event) {
  EXPECT_TRUE(event.starts_with("data: ") && event.ends_with("\n\n")) << event;
  return lab::Json::parse(event.substr(6));
}

TEST(StreamWriter, WritesEachStepAsOneEvent) {
  const lab::Json content = data_of(written({.kind = StreamStepKind::content}));
  EXPECT_EQ(content["choices"][0]["delta"]["content"], "Hi");
  EXPECT_TRUE(content["usage"].is_null());
  EXPECT_EQ(data_of(written({.kind = StreamStepKind::role}))["choices"][0]["delta"]["role"],
            "assistant");
  EXPECT_EQ(data_of(written({.kind = StreamStepKind::finish}))["choices"][0]["finish_reason"],
            "stop");
  EXPECT_EQ(data_of(written({.kind = StreamStepKind::usage}))["usage"]["total_tokens"], 5);
  EXPECT_EQ(written({.kind = StreamStepKind::done}), "data: [DONE]\n\n");
  EXPECT_EQ(written({.kind = StreamStepKind::comment}), ": keep-alive\n\n");
  EXPECT_EQ(written({.kind = StreamStepKind::head}), "");
}

TEST(StreamWriter, WritesWhatTheProfileSays) {
  const StreamTexts texts{
      .error = {"", "{}"}, .trailer = {"execution_output", "[]"}, .comment = ""};
  EXPECT_EQ(written({.kind = StreamStepKind::error}, FaultKind::stall, texts), "data: {}\n\n");
  EXPECT_EQ(written({.kind = StreamStepKind::trailer}, FaultKind::stall, texts),
            "event: execution_output\ndata: []\n\n");
  EXPECT_EQ(written({.kind = StreamStepKind::comment}, FaultKind::stall, texts), ":\n\n");
}

std::string written(const ChatPlan& plan, const StreamStep& step) {
  std::string out;
  StreamWriter(plan, {}, false, {}).append(out, step);
  return out;
}

TEST(StreamWriter, WritesToolCallsPieceByPiece) {
  ChatPlan plan = plan_of_one_token();
  plan.choices[0].clear();
  plan.choices[0].begin_tool_call("call_1", "first");
  plan.choices[0].add_token("{}");
  plan.choices[0].begin_tool_call("call_2", "second");
  plan.choices[0].add_token("{");
  plan.choices[0].add_token("}");
  const lab::Json role = data_of(written(plan, {.kind = StreamStepKind::role}));
  EXPECT_TRUE(role["choices"][0]["delta"]["content"].is_null());
  const lab::Json both = data_of(written(plan, {.kind = StreamStepKind::role_and_tool_call}));
  EXPECT_EQ(both["choices"][0]["delta"], lab::Json::parse(R"({"role":"assistant","content":null,
      "tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"first",
      "arguments":""}}],"refusal":null})"));
  const lab::Json start = data_of(written(plan, {.kind = StreamStepKind::tool_call, .token = 1}));
  EXPECT_EQ(start["choices"][0]["delta"], lab::Json::parse(R"({"tool_calls":[{"index":1,
      "id":"call_2","type":"function","function":{"name":"second","arguments":""}}]})"));
  const lab::Json piece = data_of(written(plan, {.kind = StreamStepKind::content, .token = 2}));
  EXPECT_EQ(piece["choices"][0]["delta"],
            lab::Json::parse(R"({"tool_calls":[{"index":1,"function":{"arguments":"}"}}]})"));
  const lab::Json finish = data_of(written(plan, {.kind = StreamStepKind::finish}));
  EXPECT_EQ(finish["choices"][0]["finish_reason"], "tool_calls");
}

TEST(StreamWriter, WritesAFunctionCallPieceByPiece) {
  ChatPlan plan = plan_of_one_token();
  plan.choices[0].clear();
  plan.choices[0].begin_tool_call("call_1", "f", lab::CallForm::function);
  plan.choices[0].add_token("{}");
  const auto delta = [&](StreamStepKind kind) {
    return data_of(written(plan, {.kind = kind}))["choices"][0]["delta"];
  };
  EXPECT_EQ(delta(StreamStepKind::role_and_tool_call),
            lab::Json::parse(R"({"role":"assistant","content":null,
            "function_call":{"name":"f","arguments":""},"refusal":null})"));
  EXPECT_EQ(delta(StreamStepKind::tool_call),
            lab::Json::parse(R"({"function_call":{"name":"f","arguments":""}})"));
  EXPECT_EQ(delta(StreamStepKind::content),
            lab::Json::parse(R"({"function_call":{"arguments":"{}"}})"));
  const lab::Json finish = data_of(written(plan, {.kind = StreamStepKind::finish}));
  EXPECT_EQ(finish["choices"][0]["finish_reason"], "function_call");
}

TEST(StreamWriter, WritesLogprobsWithTheirToken) {
  ChatPlan plan = plan_of_one_token();
  plan.logprobs = LogprobsPlan{.top = 2, .rng = lab::Rng(1)};
  const lab::Json chunk = data_of(written(plan, {.kind = StreamStepKind::content}));
  const lab::Json& logprobs = chunk["choices"][0]["logprobs"];
  ASSERT_EQ(logprobs["content"].size(), 1u);
  EXPECT_EQ(logprobs["content"][0]["token"], "Hi");
  EXPECT_EQ(logprobs["content"][0]["bytes"], lab::Json::parse("[72,105]"));
  EXPECT_EQ(logprobs["content"][0]["top_logprobs"].size(), 2u);
}

TEST(StreamWriter, WritesErrorsUnderTheirEventName) {
  EXPECT_EQ(written({.kind = StreamStepKind::error}, FaultKind::stall,
                    {.error = {"error", R"({"error":1})"}}),
            "event: error\ndata: {\"error\":1}\n\n");
}

TEST(StreamWriter, AMalformedEventIsNotJson) {
  const std::string event = written({.kind = StreamStepKind::malformed});
  EXPECT_TRUE(event.starts_with("data: {"));
  EXPECT_FALSE(lab::Json::accept(event.substr(6)));
}

TEST(StreamWriter, FramesAsItsFaultsAsk) {
  EXPECT_EQ(written({.kind = StreamStepKind::done}, FaultKind::crlf_framing),
            "data: [DONE]\r\n\r\n");
  EXPECT_EQ(written({.kind = StreamStepKind::done}, FaultKind::data_no_space), "data:[DONE]\n\n");
}

TEST(StreamWriter, SplitsInsideTheFirstLongCharacter) {
  EXPECT_EQ(split_inside_character("caf\xC3\xA9 au lait"), 4u);
  EXPECT_EQ(split_inside_character("\xA9 au lait"), 9u);
  EXPECT_EQ(split_inside_character("plain"), 5u);
  EXPECT_EQ(split_inside_character(""), 0u);
}

}  // namespace
}  // namespace mockgw
