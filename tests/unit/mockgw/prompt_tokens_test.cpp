#include "mockgw/chat/prompt_tokens.h"

#include <gtest/gtest.h>

#include <string>

#include "mockgw/chat/prompt_blocks.h"

namespace mockgw {
namespace {

/// A request whose members, but for the model, are `members`.
PromptTokens count(const std::string& members) {
  const auto request = lab::parse_chat_request(R"({"model":"gpt-4o",)" + members + "}");
  EXPECT_TRUE(request) << members;
  return request ? count_prompt_tokens(*request) : PromptTokens{};
}

std::string saying(const std::string& text) {
  return R"("messages":[{"role":"user","content":")" + text + R"("}])";
}

const std::string kWeather =
    R"({"name":"get_current_weather","description":"Get the current weather in a given location",)"
    R"("parameters":{"type":"object","properties":{"location":{"type":"string",)"
    R"("description":"The city and state, e.g. San Francisco, CA"},"unit":{"type":"string",)"
    R"("description":"The unit of temperature to return","enum":["celsius","fahrenheit"]}},)"
    R"("required":["location"]}})";
const std::string kTools = R"("tools":[{"type":"function","function":)" + kWeather + "}]";

TEST(PromptTokens, AreThoseOfTheMessagesAlone) {
  EXPECT_EQ(count(saying("Say hello in one word.")).messages, 12u);
  EXPECT_EQ(count(saying("Say hello in one word.")).functions, 0u);
  EXPECT_EQ(count(R"("messages":[{"role":"user","content":"a","name":"ann"}])").total(), 9u);
}

// The example of OpenAI's cookbook, whose answer says 101.
TEST(PromptTokens, OfToolsComeNearOpenAis) {
  const PromptTokens tokens = count(
      R"("messages":[{"role":"system","content":"You are a helpful assistant that can answer to )"
      R"(questions about the weather."},{"role":"user","content":"What's the weather like in )"
      R"(Pittsburgh today using fahrenheit?"}],)" +
      kTools);
  EXPECT_GT(tokens.total(), 91u);
  EXPECT_LT(tokens.total(), 111u);
}

TEST(PromptTokens, OfFunctionsAreThoseOfTools) {
  const std::string functions = R"("functions":[)" + kWeather + "]";
  EXPECT_EQ(count(saying("a") + "," + functions).functions,
            count(saying("a") + "," + kTools).functions);
}

TEST(PromptTokens, GrowWithEveryTextOfADefinition) {
  const auto with = [](const std::string& parameters) {
    return count(saying("a") +
                 R"(,"tools":[{"type":"function","function":{"name":"f",)"
                 R"("parameters":)" +
                 parameters + "}}]")
        .functions;
  };
  std::string words;
  for (int i = 0; i < 100; ++i) words += " word";
  const std::size_t least = with(R"({"type":"object"})");
  for (
      const std::string& schema :
      {R"({"type":"object","properties":{"a":{"type":"object","properties":{"b":{"description":")" +
           words + R"("}}}}})",
       R"({"type":"object","properties":{"a":{"items":{"anyOf":[{"enum":[")" + words +
           R"("]}]}}}})",
       R"({"type":"object","$defs":{"d":{"description":")" + words + R"("}}})",
       R"({"type":"object","description":")" + words + R"("})",
       R"({"type":"object","properties":{"a":{"default":")" + words + R"("}}})",
       R"({"type":"object","properties":{"a":{"examples":[[")" + words + R"("]]}}})",
       R"({"type":"object","additionalProperties":{"description":")" + words + R"("}})"}) {
    EXPECT_GE(with(schema), least + 100) << schema;
  }
}

TEST(PromptTokens, OfCallsInTheHistoryCount) {
  const auto with = [](const std::string& call) {
    return count(R"("messages":[{"role":"user","content":"a"},{"role":"assistant",)" + call +
                 R"(},{"role":"tool","tool_call_id":"c","content":"b"}])")
        .messages;
  };
  const std::size_t without = with(R"("content":"")");
  // Three, the name, and ten of the arguments.
  const std::string called = R"({"name":"f","arguments":"{\"city\": \"Paris\"}"})";
  EXPECT_EQ(with(R"("tool_calls":[{"id":"c","type":"function","function":)" + called + "}]"),
            without + 3 + 1 + 10);
  EXPECT_EQ(with(R"("content":null,"function_call":)" + called), without + 3 + 1 + 10);
  EXPECT_EQ(
      with(R"("tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"x y"}}])"),
      without + 3 + 1 + 2);
}

TEST(PromptTokens, OfAForcedChoiceAndAFormatCount) {
  const std::string tools = saying("a") + "," + kTools;
  const std::size_t free = count(tools).functions;
  EXPECT_EQ(count(tools + R"(,"tool_choice":"auto")").functions, free);
  EXPECT_EQ(count(tools + R"(,"tool_choice":"none")").functions, free + 1);
  EXPECT_EQ(
      count(tools + R"(,"tool_choice":{"type":"function","function":{"name":"get"}})").functions,
      free + 5);
  EXPECT_GT(count(saying("a") + R"(,"response_format":{"type":"json_schema","json_schema":{)"
                                R"("name":"n","schema":{"type":"object","properties":{"a":{}}}}})")
                .functions,
            20u);
}

lab::ChatRequest request(const std::string& members) {
  return lab::parse_chat_request(R"({"model":"gpt-4o",)" + members + "}").value();
}

TEST(PromptBlocks, BeginWithTheTools) {
  const auto bare = prompt_blocks(request(saying("a")), 4);
  const auto tools = prompt_blocks(request(saying("a") + "," + kTools), 4);
  const auto other = prompt_blocks(
      request(saying("a") + R"(,"tools":[{"type":"function","function":{"name":"g"}}])"), 4);
  EXPECT_EQ(bare.size(), 0u);
  EXPECT_GT(tools.size(), 10u);
  EXPECT_NE(tools.front(), other.front());
  EXPECT_EQ(tools.front(), prompt_blocks(request(saying("b") + "," + kTools), 4).front());
}

}  // namespace
}  // namespace mockgw
