#include "mockgw/chat/tool_calls.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/base/json.h"
#include "tests/unit/mockgw/schema_check.h"

namespace mockgw {
namespace {

using lab::ToolChoice;

lab::Json weather_schema() {
  return lab::Json::parse(R"({"type":"object","properties":{"city":{"type":"string"},
      "unit":{"enum":["c","f"]}},"required":["city","unit"],"additionalProperties":false})");
}

class ChooseTools : public testing::Test {
 protected:
  ChooseTools() {
    request.tools = {{"weather", weather_schema()}, {"clock", {}}};
    request.messages.emplace_back();
  }
  void says_last(lab::Role role) { request.messages.back().role = role; }
  void chooses(ToolChoice::Kind kind, std::string function = {}) {
    request.tool_choice = {kind, std::move(function)};
  }
  std::vector<std::string> names(std::uint64_t seed = 1) const {
    std::vector<std::string> found;
    for (const lab::ChatTool* tool : choose_tools(request, config, lab::Rng(seed))) {
      found.push_back(tool->name);
    }
    return found;
  }

  lab::ChatRequest request;
  ToolCallsConfig config;
};

TEST_F(ChooseTools, AutoAnswersTheUserWithACall) {
  EXPECT_EQ(names().size(), 1u);
  for (const lab::Role role : {lab::Role::tool, lab::Role::function, lab::Role::assistant}) {
    says_last(role);
    EXPECT_TRUE(names().empty());
  }
}

TEST_F(ChooseTools, AutoFollowsTheProbability) {
  config.probability = 0;
  EXPECT_TRUE(names().empty());
  config.probability = 0.25;
  std::size_t called = 0;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) called += names(seed).size();
  EXPECT_GT(called, 200u);
  EXPECT_LT(called, 300u);
}

TEST_F(ChooseTools, NoneIsNone) {
  chooses(ToolChoice::Kind::none);
  EXPECT_TRUE(names().empty());
  request.tools.clear();
  chooses(ToolChoice::Kind::required);
  EXPECT_TRUE(names().empty());
}

TEST_F(ChooseTools, RequiredCallsAfterAToolsResultToo) {
  config.probability = 0;
  says_last(lab::Role::tool);
  chooses(ToolChoice::Kind::required);
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(ChooseTools, ANamedFunctionIsCalledOnce) {
  config.parallel = 3;
  chooses(ToolChoice::Kind::function, "clock");
  EXPECT_EQ(names(), std::vector<std::string>{"clock"});
  chooses(ToolChoice::Kind::function, "no such tool");
  EXPECT_TRUE(names().empty());
}

TEST_F(ChooseTools, ParallelCallsTakeTheToolsInTurn) {
  config.parallel = 3;
  const std::vector<std::string> called = names();
  ASSERT_EQ(called.size(), 3u);
  EXPECT_NE(called[0], called[1]);
  EXPECT_EQ(called[0], called[2]);
  request.parallel_tool_calls = false;
  EXPECT_EQ(names().size(), 1u);
}

TEST_F(ChooseTools, OnlyAllowedToolsAreDrawn) {
  config.parallel = 3;
  request.unusual.emplace().allowed_tools = {"clock"};
  chooses(ToolChoice::Kind::required);
  EXPECT_EQ(names(), (std::vector<std::string>{"clock", "clock", "clock"}));
  chooses(ToolChoice::Kind::automatic);
  EXPECT_EQ(names(), (std::vector<std::string>{"clock", "clock", "clock"}));
  request.unusual->allowed_tools = {"no such tool"};
  EXPECT_TRUE(names().empty());
}

TEST_F(ChooseTools, AFunctionIsCalledAsAToolIs) {
  config.parallel = 3;
  lab::UnusualMembers& unusual = request.unusual.emplace();
  unusual.functions = {{"old", {}}};
  // Tools are the newer form.
  EXPECT_EQ(names().size(), 3u);
  EXPECT_NE(names()[0], "old");
  request.tools.clear();
  EXPECT_EQ(names(), std::vector<std::string>{"old"});
  unusual.function_call = {ToolChoice::Kind::none, {}};
  EXPECT_TRUE(names().empty());
  unusual.function_call = {ToolChoice::Kind::function, "old"};
  says_last(lab::Role::function);
  EXPECT_EQ(names(), std::vector<std::string>{"old"});
  unusual.function_call = {};
  EXPECT_TRUE(names().empty());
}

class GenerateToolCalls : public testing::Test {
 protected:
  Completion generate(std::uint64_t tokens_max = 1'000, std::uint64_t seed = 1) const {
    return generate_tool_calls({&weather, &clock}, tokens_max, lab::Rng(seed), {});
  }

  lab::ChatTool weather{"weather", weather_schema()};
  lab::ChatTool clock{"clock", {}};
};

TEST_F(GenerateToolCalls, ArgumentsFitTheToolsSchema) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Completion completion = generate(1'000, seed);
    ASSERT_EQ(completion.tool_calls().size(), 2u);
    const lab::Json arguments = lab::Json::parse(completion.arguments(0));
    EXPECT_EQ(test::schema_problem(*weather.parameters, arguments), "") << arguments;
    EXPECT_EQ(completion.arguments(1), "{}");
    EXPECT_FALSE(completion.cut_by_length);
  }
}

TEST_F(GenerateToolCalls, EachCallHasItsNameAndAnIdOfItsOwn) {
  const Completion completion = generate();
  const auto& calls = completion.tool_calls();
  EXPECT_EQ(calls[0].name, "weather");
  EXPECT_EQ(calls[1].name, "clock");
  EXPECT_TRUE(calls[0].id.starts_with("call_"));
  EXPECT_NE(calls[0].id, calls[1].id);
  EXPECT_EQ(generate().tool_calls()[0].id, calls[0].id);
  EXPECT_EQ(generate().text(), completion.text());
}

TEST_F(GenerateToolCalls, ACustomToolIsGivenText) {
  clock.form = lab::CallForm::custom;
  const Completion completion = generate();
  EXPECT_EQ(completion.tool_calls()[0].form, lab::CallForm::tool);
  EXPECT_EQ(completion.tool_calls()[1].form, lab::CallForm::custom);
  const std::string_view input = completion.arguments(1);
  EXPECT_EQ(std::ranges::count(input, ' '), 7);
  EXPECT_FALSE(lab::Json::accept(input));
}

TEST_F(GenerateToolCalls, ASchemaThatIsNoObjectStillGivesOne) {
  weather.parameters = lab::Json::parse(R"({"type":"string"})");
  EXPECT_EQ(generate().arguments(0), "{}");
}

TEST_F(GenerateToolCalls, MaxTokensCutsArgumentsAndCalls) {
  const std::size_t first = generate().tool_calls()[1].first_token;
  // In the middle of the first call: its arguments are cut, and the second is not begun.
  const Completion middle = generate(first - 1);
  EXPECT_EQ(middle.tool_calls().size(), 1u);
  EXPECT_EQ(middle.tokens(), first - 1);
  EXPECT_TRUE(middle.cut_by_length);
  EXPECT_FALSE(lab::Json::accept(middle.arguments(0)));
  // Just after it.
  const Completion after = generate(first);
  EXPECT_EQ(after.tool_calls().size(), 1u);
  EXPECT_TRUE(after.cut_by_length);
  EXPECT_TRUE(lab::Json::accept(after.arguments(0)));
}

}  // namespace
}  // namespace mockgw
