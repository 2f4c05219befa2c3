// What a request offers to be called, and what an answer of its history may be.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace lab {
namespace {

std::string offering(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + members + "}";
}
ChatRequest parse_as_openai(const std::string& body) {
  return parse_chat_request(body, {.checks_like_openai = true}).value();
}

TEST(ChatRequestCalls, ReadsEveryFormOfTool) {
  const ChatRequest request = parse_as_openai(
      offering(R"("tools":[{"type":"custom","custom":{"name":"c","description":"d",)"
               R"("format":{"type":"text"}}},{"type":"function","function":{"name":"f"}}],)"
               R"("functions":[{"name":"g"}],"function_call":"auto",)"
               R"("tool_choice":{"type":"custom","custom":{"name":"c"}})"));
  ASSERT_EQ(request.tools.size(), 2u);
  EXPECT_EQ(request.tools[0].form, CallForm::custom);
  EXPECT_EQ(request.tools[0].name, "c");
  EXPECT_EQ(request.tools[0].description, "d");
  EXPECT_EQ(request.tools[0].unknown_member, "");
  EXPECT_EQ(request.tools[1].form, CallForm::tool);
  EXPECT_EQ(request.unusual->functions[0].form, CallForm::function);
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::function);
  EXPECT_EQ(request.tool_choice.function, "c");
}

TEST(ChatRequestCalls, ReadsTheToolsThatAChoiceAllows) {
  const auto choice = [](const std::string& allowed) {
    return offering(R"("tools":[{"type":"function","function":{"name":"f"}}],)"
                    R"("tool_choice":{"type":"allowed_tools","allowed_tools":)" +
                    allowed + "}");
  };
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}},)"
                            R"({"type":"custom","custom":{"name":"c"}}]})";
  const ChatRequest required = parse_as_openai(choice(R"({"mode":"required",)" + tools));
  EXPECT_EQ(required.tool_choice.kind, ToolChoice::Kind::required);
  EXPECT_EQ(required.unusual->allowed_tools, (std::vector<std::string>{"f", "c"}));
  EXPECT_EQ(parse_as_openai(choice(R"({"mode":"auto",)" + tools)).tool_choice.kind,
            ToolChoice::Kind::automatic);
  const std::string path = "tool_choice.allowed_tools";
  const std::pair<std::string, std::string> rows[] = {
      {"[]", "Invalid type for '" + path + "': expected an object, but got an array instead."},
      {"{" + tools, "Missing required parameter: '" + path + ".mode'."},
      {R"({"mode":"none",)" + tools,
       "Invalid value: 'none'. Supported values are: 'auto' and 'required'."},
      {R"({"mode":"auto"})", "Missing required parameter: '" + path + ".tools'."},
      {R"({"mode":"auto","tools":{}})",
       "Invalid type for '" + path +
           ".tools': expected an array of objects, but got an object instead."},
      {R"({"mode":"auto","tools":[]})",
       "Invalid '" + path +
           ".tools': empty array. Expected an array with minimum length 1, but got an empty array "
           "instead."},
      {R"({"mode":"auto","tools":["f"]})",
       "Invalid type for '" + path + ".tools[0]': expected an object, but got a string instead."},
      {R"({"mode":"auto","tools":[{"type":"function","function":{}}]})",
       "Missing required parameter: '" + path + ".tools[0].function.name'."},
  };
  for (const auto& [allowed, message] : rows) {
    const auto request = parse_chat_request(choice(allowed));
    ASSERT_FALSE(request) << allowed;
    EXPECT_EQ(request.error().message, message);
  }
}

TEST(ChatRequestCalls, AnAnswerOfTheHistoryMayHaveAudioOrARefusalOnly) {
  const auto reads = [](const std::string& members) {
    return parse_chat_request(R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":)" +
                              members + "}]}")
        .has_value();
  };
  EXPECT_TRUE(reads(R"("assistant","audio":{"id":"audio_1"})"));
  EXPECT_TRUE(reads(R"("assistant","content":null,"refusal":"no")"));
  EXPECT_FALSE(reads(R"("assistant","content":null,"refusal":null,"audio":null)"));
  EXPECT_FALSE(reads(R"("assistant")"));
  EXPECT_FALSE(reads(R"("user","refusal":"no")"));
}

}  // namespace
}  // namespace lab
