#include "mockgw/chat/definition_check.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "mockgw/chat/request_check.h"

namespace mockgw {
namespace {

const RequestRules kChecks{.refuses_unknown_fields = true, .checks_like_openai = true};

/// What check_request() says of a request with these members: "message | param | code", or "".
std::string told(const std::string& members, const RequestRules& rules) {
  const auto request = lab::parse_chat_request(
      R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + members + "}",
      {.checks_like_openai = rules.checks_like_openai});
  EXPECT_TRUE(request) << members << request.error().message;
  if (!request) return "unread";
  const auto found = check_request(rules, *request, ModelConfig{}, PromptTokens{});
  if (!found) return "";
  return found->message + " | " + found->param.value_or("-") + " | " + found->code.value_or("-");
}

std::string function(const std::string& name, const std::string& rest = "") {
  return R"({"name":")" + name + '"' + rest + "}";
}
std::string tools(const std::string& definition) {
  return R"("tools":[{"type":"function","function":)" + definition + "}]";
}
std::string format(const std::string& name, const std::string& rest = "") {
  return R"("response_format":{"type":"json_schema","json_schema":{"name":")" + name + '"' + rest +
         "}}";
}

TEST(DefinitionCheck, RefusesNamesAndSchemasAsOpenAiDoes) {
  const std::string long_name(65, 'f');
  const std::string mismatch =
      ": string does not match pattern. Expected a string that matches the pattern "
      "'^[a-zA-Z0-9_-]+$'. | ";
  const std::string too_long =
      ": string too long. Expected a string with maximum length 64, but got a string with length "
      "65 instead. | ";
  const std::string array = R"({"type":"object","properties":{"a":{"type":"array"}}})";
  const std::string missing = "In context=('properties', 'a'), array schema missing items. | ";
  const std::string strict_array =
      R"({"type":"object","additionalProperties":false,"required":["a"],)"
      R"("properties":{"a":{"type":"array"}}})";
  const std::pair<std::string, std::string> rows[] = {
      {tools(function("get_weather-2")), ""},
      {tools(function(std::string(64, 'f'))), ""},
      {tools(function("get weather")),
       "Invalid 'tools[0].function.name'" + mismatch + "tools[0].function.name | invalid_value"},
      {tools(function("")),
       "Invalid 'tools[0].function.name'" + mismatch + "tools[0].function.name | invalid_value"},
      {tools(function(long_name)), "Invalid 'tools[0].function.name'" + too_long +
                                       "tools[0].function.name | string_above_max_length"},
      {R"("tools":[{"type":"custom","custom":{"name":"a.b"}}])",
       "Invalid 'tools[0].custom.name'" + mismatch + "tools[0].custom.name | invalid_value"},
      {R"("functions":[)" + function("a.b") + "]",
       "Invalid 'functions[0].name'" + mismatch + "functions[0].name | invalid_value"},
      {format("a b"), "Invalid 'response_format.json_schema.name'" + mismatch +
                          "response_format.json_schema.name | invalid_value"},
      {format(long_name), "Invalid 'response_format.json_schema.name'" + too_long +
                              "response_format.json_schema.name | string_above_max_length"},
      {format("n", R"(,"foo":1)"),
       "Unknown parameter: 'response_format.json_schema.foo'. | response_format.json_schema.foo | "
       "unknown_parameter"},
      {tools(function("f", R"(,"description":")" + std::string(1024, 'd') + '"')), ""},
      {tools(function("f", R"(,"description":")" + std::string(1025, 'd') + '"')),
       "Invalid 'tools[0].function.description': string too long. Expected a string with maximum "
       "length 1024, but got a string with length 1025 instead. | tools[0].function.description | "
       "string_above_max_length"},
      {tools(function("f", R"(,"parameters":)" + array)),
       "Invalid schema for function 'f': " + missing +
           "tools[0].function.parameters | invalid_function_parameters"},
      {R"("functions":[)" + function("f", R"(,"parameters":)" + array) + "]",
       "Invalid schema for function 'f': " + missing +
           "functions[0].parameters | invalid_function_parameters"},
      {tools(function("f", R"(,"parameters":{"type":"array"})")),
       "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got "
       "'type: \"array\"'. | tools[0].function.parameters | invalid_function_parameters"},
      {format("x", R"(,"strict":true,"schema":)" + strict_array),
       "Invalid schema for response_format 'x': " + missing + "response_format | -"},
      {format("x", R"(,"schema":)" + array), ""},
  };
  for (const auto& [members, problem] : rows) {
    EXPECT_EQ(told(members, kChecks), problem) << members;
    EXPECT_EQ(told(members, {}), "") << members;
  }
}

}  // namespace
}  // namespace mockgw
