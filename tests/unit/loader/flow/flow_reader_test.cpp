#include <gtest/gtest.h>

#include "loader/flow/flow.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

struct Read {
  Flow flow;
  std::string problems;
};

Read read(std::string_view steps, const FlowSettings& settings = {}) {
  const lab::Json json = lab::Json::parse(steps);
  lab::JsonProblems problems("suite.json");
  Flow flow = read_flow("chat", {json, "flows.chat", problems}, settings);
  return {std::move(flow), problems.to_string()};
}

std::string body_of(const ChatStep& chat, std::size_t model = 0) {
  std::string body = chat.models.at(model).body_head;
  lab::Rng rng(1);
  if (chat.prompt) append_prompt(body, *chat.prompt, rng);
  return body + chat.body_tail;
}

const ChatStep& chat_of(const Read& result) {
  EXPECT_EQ(result.problems, "");
  return std::get<ChatStep>(result.flow.steps.at(0).action);
}

TEST(FlowReader, WritesTheBodyThatTheK6SuiteSends) {
  const Read result = read(R"([{"chat": {"prompt": "Say \"hi\"", "max_tokens": 150}}])");
  EXPECT_EQ(body_of(chat_of(result)),
            R"({"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"Say \"hi\""}],)"
            R"("max_tokens":150,"temperature":0.7,"stream":false})");
}

TEST(FlowReader, PutsSystemMessagesPromptAndSuffixInOrder) {
  const Read result =
      read(R"([{"chat": {"prompt": "Q", "prompt_suffix": " Explain.", "system": "Be brief.",
    "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}}])");
  const lab::Json messages = lab::Json::parse(body_of(chat_of(result)))["messages"];
  EXPECT_EQ(messages.dump(),
            R"([{"role":"system","content":"Be brief."},{"role":"user","content":"a"},)"
            R"({"role":"assistant","content":"b"},{"role":"user","content":"Q Explain."}])");
}

TEST(FlowReader, StreamsMayAskForUsageAndExtraMembers) {
  const Read result = read(
      R"([{"chat": {"messages": [{"role": "user", "content": "a"}], "model": "m", "stream": true,
    "include_usage": true, "max_tokens": null, "temperature": 1, "body": {"top_p": 0.5, "stop": ["x"]}}}])");
  EXPECT_EQ(
      body_of(chat_of(result)),
      R"({"model":"m","messages":[{"role":"user","content":"a"}],"temperature":1,"stream":true,)"
      R"("stream_options":{"include_usage":true},"top_p":0.5,"stop":["x"]})");
}

TEST(FlowReader, TheUsersEnvironmentWins) {
  const FlowSettings settings{.overrides = {.model = "theirs", .max_tokens = 7, .temperature = 0}};
  const Read result = read(
      R"([{"chat": {"prompt": "Q", "model": {"one_of": ["a", "b"]}, "max_tokens": 1, "temperature": 0.9}}])",
      settings);
  EXPECT_EQ(chat_of(result).models.size(), 1u);
  EXPECT_EQ(body_of(chat_of(result)),
            R"({"model":"theirs","messages":[{"role":"user","content":"Q"}],)"
            R"("max_tokens":7,"temperature":0,"stream":false})");
}

TEST(FlowReader, DrawsAmongModelsAndPrompts) {
  const Read result =
      read(R"([{"chat": {"prompt": {"one_of": ["p", "q\n"]}, "model": {"one_of": ["a", "b"]}}}])");
  const ChatStep& chat = chat_of(result);
  EXPECT_EQ(chat.models.at(1).name, "b");
  EXPECT_EQ(std::get<PromptList>(*chat.prompt)->at(1), "q\\n");
}

TEST(FlowReader, ExpandsNamesEverywhere) {
  const FlowSettings settings{.environment = {{"WHO", "me"}}};
  const Read result = read(R"([{"http": {"path": "/${WHO}", "headers": {"X-Who": "${WHO}"},
    "body": {"who": ["${WHO}"]}}, "name": "n-${WHO}", "tags": {"t": "${WHO}"}}])",
                           settings);
  EXPECT_EQ(result.problems, "");
  const Step& step = result.flow.steps.at(0);
  const auto& http = std::get<HttpStep>(step.action);
  EXPECT_EQ(http.path, "/me");
  EXPECT_EQ(http.body, R"({"who":["me"]})");
  EXPECT_EQ(http.headers, (HeaderList{{"X-Who", "me"}, {"Content-Type", "application/json"}}));
  EXPECT_EQ(step.name, "n-me");
  EXPECT_EQ(step.tags, (TagList{{"t", "me"}}));
}

TEST(FlowReader, ReadsTheStepsThatHoldSteps) {
  const Read result = read(R"([
    {"group": {"name": "outer", "steps": [{"repeat": {"times": 3, "steps": [{"sleep": "1s"}]}}]}},
    {"pick": [{"weight": 9, "steps": [{"sleep": 0}]}, {"steps": [{"sleep": {"uniform": ["1s", "3s"]}}]}]},
    {"abort": "why"}])");
  EXPECT_EQ(result.problems, "");
  const auto& group = std::get<GroupStep>(result.flow.steps.at(0).action);
  EXPECT_EQ(std::get<RepeatStep>(group.steps.at(0).action).times, 3u);
  const auto& pick = std::get<PickStep>(result.flow.steps.at(1).action);
  EXPECT_EQ(pick.branches.at(0).weight, 9);
  EXPECT_EQ(pick.branches.at(1).weight, 1);
  EXPECT_EQ(std::get<AbortStep>(result.flow.steps.at(2).action).reason, "why");
}

TEST(FlowReader, ReadsWhatBelongsToARequest) {
  const Read result =
      read(R"([{"chat": {"prompt": "Q"}, "timeout": "120s", "checks": {"ok": {"status": 200}},
    "retry": {}, "objectives": {"time_to_first_token": "2s", "duration": "9s"}}])");
  EXPECT_EQ(result.problems, "");
  const Step& step = result.flow.steps.at(0);
  EXPECT_EQ(step.timeout, 120s);
  EXPECT_EQ(step.checks.at(0).name, "ok");
  EXPECT_EQ(step.retry.attempts, 3u);
  EXPECT_EQ(step.objectives.time_to_first_token, 2s);
  EXPECT_EQ(step.objectives.time_per_output_token, std::nullopt);
  EXPECT_EQ(step.objectives.duration, 9s);
}

TEST(FlowReader, NamesEachProblemWithItsPath) {
  const struct {
    const char* steps;
    const char* expected;
  } cases[] = {
      {"[]", "flows.chat: must have at least one step"},
      {"[{}]", "flows.chat[0]: must have one of chat, http, sleep, group, repeat, pick, abort"},
      {R"([{"chat": {"prompt": "a"}, "sleep": "1s"}])",
       "flows.chat[0].sleep: a step does one thing"},
      {R"([{"chat": {}}])", "flows.chat[0].chat: must have a prompt or messages"},
      {R"([{"chat": {"prompt": {"one_of": "none.json"}}}])", "there is no such file"},
      {R"([{"chat": {"prompt": "${NOPE}"}}])", "flows.chat[0].chat.prompt: ${NOPE} is not set"},
      {R"([{"chat": {"prompt": "a", "include_usage": true}}])", "include_usage: is for streams"},
      {R"([{"chat": {"prompt": "a", "body": {"model": "m"}}}])", "body.model: write this beside"},
      {R"([{"http": {"path": "ftp://x/"}}])", "flows.chat[0].http.path: invalid URL"},
      {R"([{"http": {"path": "/x"}, "checks": {"c": {"json": "$.a[0]", "equals": 1}}}])",
       "flows.chat[0].checks.c.json: must be a JSON pointer"},
      {R"([{"http": {"path": "/", "method": "get"}}])", "method: must be a method"},
      {R"([{"http": {"path": "/", "headers": {"A": "b\r\nC: d"}}}])",
       "headers.A: has a carriage return in it"},
      {R"([{"chat": {"prompt": "a", "headers": {"content-length": "3"}}}])",
       "headers.content-length: Content-Length follows from the body; leave it out"},
      {R"([{"http": {"path": "/", "headers": {"Host": "a b"}}}])", "headers.Host: is no host"},
      {R"([{"http": {"path": "/"}, "timeout": 0}])", "timeout: must be above 0"},
      {R"([{"sleep": "1s", "timeout": "1s"}])", "timeout"},
      {R"([{"http": {"path": "/"}, "checks": {"a::b": {"status": 200}}}])",
       "flows.chat[0].checks.a::b: a check's name must not hold"},
      {R"([{"sleep": 1}])", "flows.chat[0].sleep: a number alone does not say of what"},
      {R"([{"sleep": {"uniform": [1, 3]}}])", "flows.chat[0].sleep: a number alone"},
      {R"([{"pick": [{"weight": 0, "steps": [{"sleep": "1s"}]}]}])",
       "must have a branch of weight"},
      {R"([{"repeat": {"times": 0, "steps": [{"sleep": "1s"}]}}])", "flows.chat[0].repeat.times"},
      {R"([{"group": {"name": "a::b", "steps": [{"sleep": "1s"}]}}])", "flows.chat[0].group.name"},
  };
  for (const auto& each : cases) {
    EXPECT_NE(read(each.steps).problems.find(each.expected), std::string::npos)
        << each.steps << "\n"
        << read(each.steps).problems;
  }
}

TEST(FlowReader, ReadsWhichStatusesAreExpected) {
  const auto step = [](const std::string& statuses) {
    Read result = read(R"([{"http": {"path": "/"}, "expected_statuses": )" + statuses + "}]");
    EXPECT_EQ(result.problems, "") << statuses;
    return result.flow.steps.at(0);
  };
  const Step some = step(R"([404, "500-502"])");
  EXPECT_TRUE(some.expects(404) && some.expects(500) && some.expects(502));
  EXPECT_FALSE(some.expects(200) || some.expects(503) || some.expects(0));
  const Read usual = read(R"([{"http": {"path": "/"}}])");
  EXPECT_TRUE(usual.flow.steps.at(0).expects(200) && usual.flow.steps.at(0).expects(399));
  EXPECT_FALSE(usual.flow.steps.at(0).expects(400));
  for (const char* const wrong : {R"([])", R"(404)", R"(["4xx"])", R"(["404"])", R"(["300-200"])",
                                  R"(["200-900"])", R"([42])"}) {
    const Read result =
        read(R"([{"http": {"path": "/"}, "expected_statuses": )" + std::string(wrong) + "}]");
    EXPECT_NE(result.problems.find("flows.chat[0].expected_statuses"), std::string::npos) << wrong;
  }
}

TEST(DeclareChecks, GivesGroupsAndChecksTheirIds) {
  Read result = read(R"([
    {"http": {"path": "/"}, "checks": {"ok": {"status": 200}}},
    {"group": {"name": "g", "steps": [
      {"repeat": {"times": 2, "steps": [{"http": {"path": "/"}, "checks": {"ok": {"status": 200}}}]}}]}}])");
  ASSERT_EQ(result.problems, "");
  CheckTree tree;
  declare_checks(result.flow, tree);
  ASSERT_EQ(tree.checks().size(), 2u);
  EXPECT_EQ(tree.checks()[0].path, "::ok");
  EXPECT_EQ(tree.checks()[1].path, "::g::ok");
  const auto& group = std::get<GroupStep>(result.flow.steps.at(1).action);
  EXPECT_EQ(group.path, "::g");
  EXPECT_EQ(std::get<RepeatStep>(group.steps[0].action).steps[0].checks[0].id, CheckId{1});
}

TEST(FlowReader, ABodyIsUtf8WhateverTheEnvironmentHolds) {
  FlowSettings settings;
  settings.overrides.model = "a\xff\"b";
  const Read result = read(R"([{"chat": {"prompt": "Hi"}}])", settings);
  EXPECT_TRUE(body_of(chat_of(result)).starts_with("{\"model\":\"a\uFFFD\\\"b\","));
}

TEST(ReadChatOverrides, TakesWhatIsSet) {
  const ChatOverrides all =
      read_chat_overrides({{"MODEL", "m"}, {"MAX_TOKENS", "0"}, {"TEMPERATURE", "0"}}).value();
  EXPECT_EQ(all.model, "m");
  EXPECT_EQ(all.max_tokens, 0);
  EXPECT_EQ(all.temperature, 0.0);
  const ChatOverrides none = read_chat_overrides({{"MODEL", ""}, {"HOME", "/"}}).value();
  EXPECT_EQ(none.model, std::nullopt);
  EXPECT_EQ(none.max_tokens, std::nullopt);
}

TEST(ReadChatOverrides, RefusesWhatIsNoNumber) {
  EXPECT_EQ(read_chat_overrides({{"MAX_TOKENS", "many"}}).error().where, "MAX_TOKENS");
  EXPECT_TRUE(read_chat_overrides({{"MAX_TOKENS", "1.5"}}).has_error());
  EXPECT_EQ(read_chat_overrides({{"TEMPERATURE", "-1"}}).error().where, "TEMPERATURE");
}

}  // namespace
}  // namespace loader
