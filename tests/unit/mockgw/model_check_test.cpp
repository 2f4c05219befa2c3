#include "mockgw/chat/model_check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mockgw/chat/request_check.h"

namespace mockgw {
namespace {

/// What is refused of a request with these members to a model reached by "*": "message | param |
/// code", or "".
std::string refused_by(const std::string& model, const std::string& members,
                       const RequestRules& rules = {.checks_like_openai = true}) {
  const auto request = lab::parse_chat_request(R"({"model":")" + model + "\"," + members + "}",
                                               {.checks_like_openai = true});
  EXPECT_TRUE(request) << members << request.error().message;
  if (!request) return "unread";
  ModelConfig any;
  any.id = "*";
  const auto found = check_request(rules, *request, any, PromptTokens{});
  if (!found) return "";
  return found->message + " | " + found->param.value_or("-") + " | " + found->code.value_or("-");
}

std::string asking(const std::string& more) {
  return R"("messages":[{"role":"user","content":"a"}],)" + more;
}

std::string unsupported_setting(const std::string& name) {
  return "Unsupported parameter: '" + name + "' is not supported with this model. | " + name +
         " | unsupported_parameter";
}

std::string only_one_temperature(const std::string& temperature) {
  return "Unsupported value: 'temperature' does not support " + temperature +
         " with this model. Only the default (1) value is supported. | temperature | "
         "unsupported_value";
}

struct ModelRow {
  std::string model;
  std::string members;
  std::string problem;
};

void expect_told(const std::vector<ModelRow>& rows) {
  for (const auto& [model, members, problem] : rows) {
    EXPECT_EQ(refused_by(model, members), problem) << model << members;
    EXPECT_EQ(refused_by(model, members, {}), "") << model << members;
  }
}

TEST(ModelCheck, ModelsThatReasonTakeLittleAboutSampling) {
  const std::string defaults = asking(
      R"("temperature":1,"top_p":1.0,"presence_penalty":0,"frequency_penalty":0,"logprobs":false)");
  const std::string tools =
      R"("tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":true)";
  expect_told({
      {"o3", defaults, ""},
      {"gpt-5", defaults, ""},
      {"o1", asking(R"("temperature":0.2)"), unsupported_setting("temperature")},
      {"o3-mini", asking(R"("top_p":0.5)"), unsupported_setting("top_p")},
      {"o4-mini", asking(R"("presence_penalty":1)"), unsupported_setting("presence_penalty")},
      {"o3", asking(R"("frequency_penalty":1)"), unsupported_setting("frequency_penalty")},
      {"o3", asking(R"("logprobs":true)"), unsupported_setting("logprobs")},
      {"o1", asking(tools), unsupported_setting("parallel_tool_calls")},
      {"gpt-5", asking(tools), ""},
      {"o1", asking(R"("stop":"a")"), ""},
      {"o3-mini", asking(R"("stop":"a")"), ""},
      {"o3", asking(R"("stop":"a")"), unsupported_setting("stop")},
      {"o4-mini", asking(R"("stop":["a"])"), unsupported_setting("stop")},
      {"gpt-5-mini", asking(R"("stop":"a")"), unsupported_setting("stop")},
      {"gpt-5-mini", asking(R"("temperature":0.2)"), only_one_temperature("0.2")},
      {"gpt-5-2025-08-07", asking(R"("temperature":0)"), only_one_temperature("0")},
      {"gpt-5", asking(R"("top_p":0.5)"), unsupported_setting("top_p")},
      {"gpt-5", asking(R"("logprobs":true)"), unsupported_setting("logprobs")},
      {"gpt-5.2", asking(R"("presence_penalty":1)"), unsupported_setting("presence_penalty")},
      {"gpt-5.2", asking(R"("reasoning_effort":"low","temperature":2)"), only_one_temperature("2")},
      {"gpt-5.2", asking(R"("reasoning_effort":"low","top_p":0)"), unsupported_setting("top_p")},
      {"gpt-5.2", asking(R"("temperature":0.2,"top_p":0.5,"logprobs":true)"), ""},
      {"gpt-5.5", asking(R"("temperature":0.2)"), only_one_temperature("0.2")},
      {"gpt-5.5", asking(R"("reasoning_effort":"none","temperature":0.2)"), ""},
      {"gpt-5-chat-latest", asking(R"("temperature":0.2,"stop":"a","logprobs":true)"), ""},
      {"gpt-4o", asking(R"("temperature":0.2,"stop":"a","logprobs":true)"), ""},
      {"mine", asking(R"("temperature":0.2,"stop":"a","logprobs":true)"), ""},
  });
}

TEST(ModelCheck, ModelsThatReasonCountTheTokensOfACompletion) {
  const std::string problem =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
      "'max_completion_tokens' instead. | max_tokens | unsupported_parameter";
  expect_told({
      {"o3", asking(R"("max_tokens":5)"), problem},
      {"gpt-5.1", asking(R"("max_tokens":5)"), problem},
      {"o3", asking(R"("max_completion_tokens":5)"), ""},
      {"gpt-5.1-chat-latest", asking(R"("max_tokens":5)"), ""},
      {"gpt-4o", asking(R"("max_tokens":5)"), ""},
  });
}

TEST(ModelCheck, TheOldestTakeTextOnly) {
  const std::string schema =
      asking(R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}})");
  const std::string no_schema =
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this "
      "model. Learn more about supported models at the Structured Outputs guide: "
      "https://platform.openai.com/docs/guides/structured-outputs | - | -";
  const std::string image =
      R"("messages":[{"role":"user","content":"a"},{"role":"user","content":[)"
      R"({"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"http://a"}},)"
      R"({"type":"image_url","image_url":{"url":"http://a"}}]}])";
  const std::string no_image =
      "Invalid content type. image_url is only supported by certain models. | "
      "messages.[1].content.[1].type | -";
  expect_told({
      {"gpt-4", schema, no_schema},
      {"gpt-3.5-turbo-0125", schema, no_schema},
      {"gpt-4o-mini", schema, ""},
      {"gpt-4", asking(R"("response_format":{"type":"text"})"), ""},
      {"gpt-4-0613", image, no_image},
      {"gpt-3.5-turbo", image, no_image},
      {"gpt-4-turbo", image, ""},
      {"mine", image, ""},
  });
}

TEST(ModelCheck, ModelsThatReasonKnowTheEffortsOfTheirTime) {
  const auto effort = [](const std::string& word) {
    return asking(R"("reasoning_effort":")" + word + '"');
  };
  const auto refused = [](const std::string& word, const std::string& words) {
    return "Unsupported value: 'reasoning_effort' does not support '" + word +
           "' with this model. Supported values are: " + words +
           ". | reasoning_effort | unsupported_value";
  };
  const std::string of_o_series = "'low', 'medium', and 'high'";
  const std::string of_gpt_5 = "'minimal', 'low', 'medium', and 'high'";
  const std::string of_gpt_5_1 = "'none', 'low', 'medium', and 'high'";
  const std::string of_later = "'none', 'low', 'medium', 'high', and 'xhigh'";
  expect_told({
      {"o1", effort("low"), ""},
      {"o3-mini", effort("none"), refused("none", of_o_series)},
      {"o4-mini", effort("minimal"), refused("minimal", of_o_series)},
      {"o3", effort("xhigh"), refused("xhigh", of_o_series)},
      {"gpt-5-mini", effort("minimal"), ""},
      {"gpt-5", effort("none"), refused("none", of_gpt_5)},
      {"gpt-5-2025-08-07", effort("xhigh"), refused("xhigh", of_gpt_5)},
      {"gpt-5.1", effort("none"), ""},
      {"gpt-5.1", effort("minimal"), refused("minimal", of_gpt_5_1)},
      {"gpt-5.1-codex", effort("xhigh"), refused("xhigh", of_gpt_5_1)},
      {"gpt-5.1-codex-max", effort("xhigh"), ""},
      {"gpt-5.2", effort("xhigh"), ""},
      {"gpt-5.4-mini", effort("minimal"), refused("minimal", of_later)},
      {"gpt-5.5", effort("max"), ""},
      {"gpt-5.5", effort("none"), ""},
      {"mine", effort("minimal"), ""},
      {"gpt-5", asking(R"("reasoning_effort":null)"), ""},
  });
}

TEST(ModelCheck, NoneAnswersAudio) {
  const auto asked = [](const std::string& modalities) {
    return asking(R"("audio":{"voice":"alloy","format":"wav"},"modalities":)" + modalities);
  };
  const std::string no_audio =
      "Unsupported value: 'modalities' does not support 'audio' with this model. Supported values "
      "are: 'text'. | modalities | unsupported_value";
  expect_told({
      {"gpt-4o", asked(R"(["text","audio"])"), no_audio},
      {"gpt-4o-audio-preview", asked(R"(["audio"])"), no_audio},
      {"gpt-3.5-turbo", asked(R"(["audio"])"), no_audio},
      {"o3", asked(R"(["text","audio"])"), no_audio},
      {"mine", asked(R"(["text","audio"])"), no_audio},
      {"gpt-4o", asked(R"(["text"])"), ""},
      {"gpt-4o", asked("null"), ""},
  });
}

}  // namespace
}  // namespace mockgw
