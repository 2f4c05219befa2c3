#include "mockgw/chat/request_check.h"

#include <gtest/gtest.h>

#include <string>

namespace mockgw {
namespace {

const RequestRules kOpenAi{.refuses_unknown_fields = true,
                           .checks_like_openai = true,
                           .token_limits = RequestRules::TokenLimits::openai};

ModelConfig model_named(const std::string& id) {
  return *default_models(LatencyConfig{}, TokensConfig{}).find(id);
}

/// What is refused of a request to gpt-4o whose other members are these; "" if nothing is.
std::string refused(const std::string& members, const RequestRules& rules = kOpenAi,
                    const ModelConfig& model = model_named("gpt-4o")) {
  const auto request = lab::parse_chat_request(R"({"model":"gpt-4o",)" + members + "}",
                                               {.has_vllm_sampling = rules.has_vllm_sampling,
                                                .checks_like_openai = rules.checks_like_openai});
  EXPECT_TRUE(request) << members << request.error().message;
  if (!request) return "unread";
  const auto found = check_request(rules, *request, model, count_prompt_tokens(*request));
  if (!found) return "";
  return found->message + " | " + found->param.value_or("-") + " | " + found->code.value_or("-");
}

std::string said(const std::string& more) {
  return R"("messages":[{"role":"user","content":"Say hello."}])" + more;
}

constexpr const char* kUser = R"({"role":"user","content":"a"})";
constexpr const char* kCalls =
    R"({"role":"assistant","content":null,"tool_calls":[)"
    R"({"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},)"
    R"({"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]})";
std::string reply(const std::string& id) {
  return R"({"role":"tool","content":"1","tool_call_id":")" + id + R"("})";
}
std::string conversation(std::initializer_list<std::string> messages) {
  std::string all = R"("messages":[)";
  for (const std::string& message : messages) all += (all.back() == '[' ? "" : ",") + message;
  return all + "]";
}
std::string tool(const std::string& rest = "") {
  return R"({"type":"function","function":{"name":"f")" + rest + "}}";
}

TEST(RequestCheck, TakesEveryFieldThatOpenAiDocuments) {
  EXPECT_EQ(
      refused(said(
          R"(,"audio":{"voice":"v","format":"wav"},"frequency_penalty":0,"logit_bias":{"1":2},"logprobs":true,)"
          R"("top_logprobs":2,"max_completion_tokens":5,"metadata":{"a":"b"},)"
          R"("modalities":["text"],"moderation":{"model":"m"},"n":1,"prediction":{"type":"content","content":"a"},)"
          R"("presence_penalty":0,"prompt_cache_key":"k","prompt_cache_retention":"24h",)"
          R"("prompt_cache_options":{"mode":"explicit"},)"
          R"("safety_identifier":"s","seed":1,"service_tier":"auto","stop":"x","store":true,)"
          R"("stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},)"
          R"("temperature":1,"top_p":1,"user":"u","verbosity":"low","web_search_options":{},)"
          R"("tools":[)" +
          tool(R"(,"description":"d","parameters":{},"strict":false)") +
          R"(],"tool_choice":"auto","parallel_tool_calls":true,)"
          R"("response_format":{"type":"text"})")),
      "");
  EXPECT_EQ(refused(said(R"(,"functions":[{"name":"f"}],"function_call":{"name":"f"})")), "");
  EXPECT_EQ(refused(conversation({R"({"role":"user","name":"n","content":[)"
                                  R"({"type":"text","text":"a","prompt_cache_breakpoint":{}},)"
                                  R"({"type":"image_url","image_url":{"url":"data:,a"}},)"
                                  R"({"type":"input_audio",)"
                                  R"("input_audio":{"data":"AAAA","format":"wav"}},)"
                                  R"({"type":"file","file":{}}]})",
                                  // As the official client sends an answer back.
                                  R"({"role":"assistant","content":"a","refusal":null,)"
                                  R"("annotations":[],"audio":null,"parsed":null})"})),
            "");
}

TEST(RequestCheck, RefusesFieldsThatNobodyKnows) {
  EXPECT_EQ(refused(said(R"(,"foo":1)")), "Unrecognized request argument supplied: foo | - | -");
  EXPECT_EQ(refused(said(R"(,"top_k":1,"min_p":{"a":[1]},"ignore_eos":true)")),
            "Unrecognized request arguments supplied: top_k, min_p, ignore_eos | - | -");
  EXPECT_EQ(refused(conversation({R"({"role":"user","content":"a","foo":1})"})),
            "Unknown parameter: 'messages[0].foo'. | messages[0].foo | unknown_parameter");
  EXPECT_EQ(refused(conversation(
                {R"({"role":"user","content":[{"type":"text","text":"a","cache_control":{}}]})"})),
            "Unknown parameter: 'messages[0].content[0].cache_control'. | "
            "messages[0].content[0].cache_control | unknown_parameter");
  EXPECT_EQ(refused(said(R"(,"stream":true,"stream_options":{"foo":1})")),
            "Unknown parameter: 'stream_options.foo'. | stream_options.foo | unknown_parameter");
  EXPECT_EQ(refused(said(R"(,"tools":[)" + tool(R"(,"foo":1)") + "]")),
            "Unknown parameter: 'tools[0].function.foo'. | tools[0].function.foo | "
            "unknown_parameter");
  EXPECT_EQ(refused(said(R"(,"response_format":{"type":"text","foo":1})")),
            "Unknown parameter: 'response_format.foo'. | response_format.foo | unknown_parameter");
  EXPECT_EQ(refused(conversation({R"({"role":"user","content":[{"type":"image_url",)"
                                  R"("image_url":{"url":"data:,a","foo":1}}]})"})),
            "Unknown parameter: 'messages[0].content[0].image_url.foo'. | "
            "messages[0].content[0].image_url.foo | unknown_parameter");
  RequestRules lenient = kOpenAi;
  lenient.refuses_unknown_fields = false;
  EXPECT_EQ(refused(said(R"(,"foo":1,"tools":[)" + tool(R"(,"foo":1)") + "]"), lenient), "");
}

TEST(RequestCheck, EachCallHasItsReplyAndEachReplyItsCall) {
  EXPECT_EQ(refused(conversation({kUser, kCalls, reply("c2"), reply("c1"), kUser})), "");
  EXPECT_EQ(
      refused(conversation({kUser, kCalls, reply("c1"), kUser})),
      "An assistant message with 'tool_calls' must be followed by tool messages responding to "
      "each 'tool_call_id'. The following tool_call_ids did not have response messages: c2 | "
      "messages.[3].role | -");
  EXPECT_EQ(
      refused(conversation({kUser, kCalls})),
      "An assistant message with 'tool_calls' must be followed by tool messages responding to "
      "each 'tool_call_id'. The following tool_call_ids did not have response messages: c1, "
      "c2 | messages | -");
  EXPECT_EQ(
      refused(conversation({kUser, reply("c1")})),
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
      "with 'tool_calls'. | messages.[1].role | -");
  EXPECT_EQ(refused(conversation({kUser, kCalls, reply("c1"), reply("c3"), reply("c2")})),
            "Invalid parameter: 'tool_call_id' of 'c3' not found in 'tool_calls' of previous "
            "message. | messages.[3].tool_call_id | -");
  EXPECT_EQ(
      refused(conversation({kUser, kCalls, reply("c1"), reply("c2"), kUser, reply("c1")})),
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
      "with 'tool_calls'. | messages.[5].role | -");
  // The older form has no ids.
  EXPECT_EQ(
      refused(conversation(
          {kUser,
           R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}})",
           R"({"role":"function","name":"f","content":"1"})"})),
      "");
}

TEST(RequestCheck, AChoiceNamesWhatThereIs) {
  EXPECT_EQ(refused(said(R"(,"parallel_tool_calls":false)")),
            "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when "
            "'tools' are specified. | parallel_tool_calls | -");
  EXPECT_EQ(refused(said(R"(,"tools":[)" + tool() +
                         R"(],"tool_choice":{"type":"function","function":{"name":"g"}})")),
            "Invalid value for 'tool_choice': no function named 'g' was specified in the 'tools' "
            "parameter. | tool_choice | -");
  EXPECT_EQ(refused(said(R"(,"functions":[{"name":"f"}],"function_call":{"name":"g"})")),
            "Invalid value for 'function_call': no function named 'g' was specified in the "
            "'functions' parameter. | function_call | -");
  EXPECT_EQ(
      refused(said(R"(,"function_call":"none")")),
      "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are "
      "specified. | function_call | -");
  EXPECT_EQ(refused(said(R"(,"functions":[{"name":"f"}],"tools":[)" + tool() + "]")),
            "Invalid value for 'functions': 'functions' and 'tools' cannot be specified together. "
            "| functions | -");
  EXPECT_EQ(
      refused(said(R"(,"function_call":{"name":"g"})")),
      "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are "
      "specified. | function_call | -");
}

TEST(RequestCheck, AllowedToolsAreAmongTheTools) {
  const auto allowing = [](const std::string& name) {
    return said(R"(,"tools":[)" + tool() +
                R"(],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto",)"
                R"("tools":[{"type":"function","function":{"name":")" +
                name + R"("}}]}})");
  };
  EXPECT_EQ(refused(allowing("f")), "");
  EXPECT_EQ(refused(allowing("g")),
            "Invalid value for 'tool_choice': no function named 'g' was specified in the 'tools' "
            "parameter. | tool_choice | -");
}

TEST(RequestCheck, ReasoningEffortIsForModelsThatReason) {
  const std::string effort = said(R"(,"reasoning_effort":"low")");
  EXPECT_EQ(refused(effort), "Unrecognized request argument supplied: reasoning_effort | - | -");
  ModelConfig model = model_named("gpt-4o");
  model.reasons = true;
  EXPECT_EQ(refused(effort, kOpenAi, model), "");
  EXPECT_EQ(refused(said(R"(,"reasoning_effort":"max")"), kOpenAi, model), "");
  EXPECT_EQ(refused(said(R"(,"reasoning_effort":"most")"), kOpenAi, model),
            "Invalid value: 'most'. Supported values are: 'none', 'minimal', 'low', 'medium', "
            "'high', 'xhigh', and 'max'. | reasoning_effort | invalid_value");
  // Nobody knows of a model that is not OpenAI's.
  EXPECT_EQ(refused(effort, kOpenAi, model_named("claude-3-haiku-20240307")), "");
}

TEST(RequestCheck, JsonObjectWantsTheWordJson) {
  const std::string format = R"(,"response_format":{"type":"json_object"})";
  EXPECT_EQ(
      refused(said(format)),
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
      "'json_object'. | messages | -");
  EXPECT_EQ(refused(conversation({kUser, R"({"role":"system","content":"Write JSON!"})"}) + format),
            "");
}

TEST(RequestCheck, StrictSchemasAreClosed) {
  const std::string open = R"({"type":"object","properties":{"a":{"type":"string"}}})";
  EXPECT_EQ(refused(said(R"(,"tools":[)" + tool() + "," +
                         tool(R"(,"strict":true,"parameters":)" + open) + "]")),
            "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to "
            "be supplied and to be false. | tools[1].function.parameters | "
            "invalid_function_parameters");
  const auto format = [](const std::string& strict, const std::string& schema) {
    return said(R"(,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":)" +
                strict + R"(,"schema":)" + schema + "}}");
  };
  EXPECT_EQ(refused(format("true", open)),
            "Invalid schema for response_format 'n': In context=(), 'additionalProperties' is "
            "required to be supplied and to be false. | response_format | -");
  EXPECT_EQ(refused(format("false", open)), "");
  EXPECT_EQ(refused(said(R"(,"tools":[)" + tool(R"(,"parameters":)" + open) + "]")), "");
}

std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " word";
  return R"("messages":[{"role":"user","content":")" + text + R"("}])";
}

TEST(RequestCheck, PromptAndAnswerFitIntoTheModel) {
  const ModelConfig gpt4 = model_named("gpt-4");
  EXPECT_EQ(refused(words(8186), kOpenAi, gpt4), "");
  EXPECT_EQ(
      refused(words(8187), kOpenAi, gpt4),
      "This model's maximum context length is 8192 tokens. However, your messages resulted in "
      "8193 tokens. Please reduce the length of the messages. | messages | "
      "context_length_exceeded");
  EXPECT_EQ(
      refused(words(8180) + R"(,"tools":[)" + tool() + "]", kOpenAi, gpt4),
      "This model's maximum context length is 8192 tokens. However, your messages resulted in "
      "8207 tokens (8186 in the messages, 21 in the functions). Please reduce the length of "
      "the messages or functions. | messages | context_length_exceeded");
  EXPECT_EQ(
      refused(words(58) + R"(,"max_tokens":8192)", kOpenAi, gpt4),
      "This model's maximum context length is 8192 tokens. However, you requested 8256 tokens "
      "(64 in the messages, 8192 in the completion). Please reduce the length of the messages "
      "or completion. | messages | context_length_exceeded");
  EXPECT_EQ(refused(words(1) + R"(,"max_tokens":16385)"),
            "max_tokens is too large: 16385. This model supports at most 16384 completion tokens, "
            "whereas you provided 16385. | max_tokens | -");
  EXPECT_EQ(
      refused(words(1) + R"(,"max_completion_tokens":16385)"),
      "max_completion_tokens is too large: 16385. This model supports at most 16384 completion "
      "tokens, whereas you provided 16385. | max_completion_tokens | -");
  EXPECT_EQ(refused(words(1) + R"(,"max_tokens":16384)"), "");
  EXPECT_EQ(refused(words(9000) + R"(,"max_tokens":1000000)", kOpenAi,
                    model_named("claude-3-haiku-20240307")),
            "");
}

TEST(RequestCheck, AFileSetsAModelsLimits) {
  ModelConfig model = model_named("gpt-4o");
  model.context_window = 0;
  model.max_output_tokens = 10;
  EXPECT_EQ(refused(words(1) + R"(,"max_tokens":10)", kOpenAi, model), "");
  EXPECT_NE(refused(words(1) + R"(,"max_tokens":11)", kOpenAi, model), "");
  EXPECT_EQ(refused(words(200'000), kOpenAi, model), "");
}

TEST(RequestCheck, AnyModelHasTheLimitsOfItsName) {
  ModelConfig any;
  any.id = "*";
  EXPECT_EQ(any.limits_like_openai("gpt-4").context_window, 8192);
  EXPECT_FALSE(any.limits_like_openai("gpt-4").reasons);
  EXPECT_TRUE(any.limits_like_openai("o3").reasons);
  EXPECT_EQ(any.limits_like_openai("mine").context_window, 0);
  EXPECT_TRUE(any.limits_like_openai("mine").reasons);
  any.context_window = 10;
  EXPECT_EQ(any.limits_like_openai("gpt-4").context_window, 10);
}

TEST(RequestCheck, VllmChecksTheWindowThatTheFileGives) {
  const RequestRules vllm{.token_limits = RequestRules::TokenLimits::vllm,
                          .has_vllm_sampling = true};
  ModelConfig model = model_named("gpt-4");
  EXPECT_EQ(refused(words(9000) + R"(,"max_tokens":9000,"foo":1)", vllm, model), "");
  model.context_window = 100;
  EXPECT_EQ(
      refused(words(94), vllm, model),
      "This model's maximum context length is 100 tokens. However, your request has 100 input "
      "tokens. Please reduce the length of the input messages. | - | -");
  EXPECT_EQ(
      refused(words(54) + R"(,"max_tokens":41)", vllm, model),
      "'max_tokens' or 'max_completion_tokens' is too large: 41. This model's maximum context "
      "length is 100 tokens and your request has 60 input tokens (41 > 100 - 60). | - | -");
  EXPECT_EQ(refused(words(54) + R"(,"min_tokens":41)", vllm, model),
            "min_tokens must be less than or equal to max_tokens=40, got 41. | - | -");
  EXPECT_EQ(
      refused(words(54) + R"(,"max_tokens":40,"min_tokens":40,"ignore_eos":true)", vllm, model),
      "");
}

TEST(OpenAiModels, AreKnownByTheirNames) {
  EXPECT_EQ(openai_model_limits("gpt-4")->context_window, 8192);
  EXPECT_EQ(openai_model_limits("gpt-4-0613")->context_window, 8192);
  EXPECT_EQ(openai_model_limits("gpt-4-turbo-2024-04-09")->context_window, 128'000);
  EXPECT_EQ(openai_model_limits("gpt-4o-mini")->max_output_tokens, 16'384);
  EXPECT_EQ(openai_model_limits("gpt-4.1-nano")->context_window, 1'047'576);
  EXPECT_EQ(openai_model_limits("ft:gpt-3.5-turbo-0125:org::id")->context_window, 16'385);
  EXPECT_TRUE(openai_model_limits("gpt-5.1")->reasons);
  EXPECT_TRUE(openai_model_limits("o3-mini")->reasons);
  EXPECT_EQ(openai_model_limits("gpt-5.4")->context_window, 1'050'000);
  EXPECT_EQ(openai_model_limits("gpt-5.5-2026-04-23")->max_output_tokens, 128'000);
  EXPECT_EQ(openai_model_limits("gpt-5.4-mini")->context_window, 400'000);
  for (const char* id :
       {"gpt-5-chat-latest", "gpt-5.1-chat-latest", "gpt-5.2-chat-latest", "gpt-5.3-chat-latest"}) {
    EXPECT_EQ(openai_model_limits(id)->max_output_tokens, 16'384) << id;
    EXPECT_FALSE(openai_model_limits(id)->reasons) << id;
  }
  EXPECT_FALSE(openai_model_limits("gpt-40"));
  EXPECT_FALSE(openai_model_limits("claude-3-haiku-20240307"));
}

}  // namespace
}  // namespace mockgw
