// What OpenAI refuses of single values, and others take as it comes.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/protocol/openai_checks.h"
#include "tests/unit/protocol/chat_request_rows.h"

namespace lab {
namespace {

const std::string kUrl =
    R"({"type":"image_url","image_url":{"url":"https://a.b/c","detail":"low"}})";

TEST(ChatRequestOfOpenAi, CallsOfTheHistoryHaveIds) {
  const auto calls = [](const std::string& list) {
    return with_message(R"({"role":"assistant","content":"a","tool_calls":)" + list + "}");
  };
  const std::string function = R"("type":"function","function":{"name":"f","arguments":"{}"}})";
  expect_refused({
      {calls(R"([{"id":"c",)" + function + "]"), ""},
      {calls(R"([{"id":")" + std::string(40, 'c') + R"(",)" + function + "]"), ""},
      {calls(R"([{"id":")" + std::string(41, 'c') + R"(",)" + function + "]"),
       "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum "
       "length 40, but got a string with length 41 instead. | messages[1].tool_calls[0].id | "
       "string_above_max_length"},
      {calls("null"), ""},
      {calls("[{" + function + "]"),
       "Missing required parameter: 'messages[1].tool_calls[0].id'. | "
       "messages[1].tool_calls[0].id | missing_required_parameter"},
      {calls("[]"),
       "Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, "
       "but got an empty array instead. | messages[1].tool_calls | empty_array"},
      // The older form has none.
      {with_message(R"({"role":"assistant","function_call":{"name":"f","arguments":"{}"}})"), ""},
  });
}

TEST(ChatRequestOfOpenAi, ImagesAreTheUsersAndHaveAUrl) {
  const auto part = [](const std::string& text) {
    return with_message(R"({"role":"user","content":[)" + text + "]}");
  };
  const std::string path = "messages[1].content[0].image_url";
  const std::string in_system =
      "Invalid 'messages[1]'. Image URLs are only allowed for messages with role 'user', but this "
      "message with role 'system' contains an image URL. | messages[1] | invalid_value";
  expect_refused({
      {part(kUrl), ""},
      {part(R"({"type":"image_url","image_url":"u"})"),
       "Invalid type for '" + path + "': expected an object, but got a string instead. | " + path +
           " | invalid_type"},
      {part(R"({"type":"image_url","image_url":{"detail":"low"}})"),
       "Missing required parameter: '" + path + ".url'. | " + path +
           ".url | missing_required_parameter"},
      {part(R"({"type":"image_url","image_url":{"url":1}})"),
       "Invalid type for '" + path + ".url': expected a string, but got an integer instead. | " +
           path + ".url | invalid_type"},
      {part(R"({"type":"image_url"})"),
       "Missing required parameter: '" + path + "'. | " + path + " | missing_required_parameter"},
      // The role may come last.
      {with_message(R"({"role":"system","content":[)" + kUrl + "]}"), in_system},
      {with_message(R"({"content":[)" + kUrl + R"(],"role":"system"})"), in_system},
  });
}

TEST(ChatRequestOfOpenAi, NamesOfAuthorsKeepToAPattern) {
  const auto named = [](const std::string& name) {
    return with_message(R"({"role":"user","content":"a","name":")" + name + "\"}");
  };
  const std::string mismatch =
      R"(Invalid 'messages[1].name': string does not match pattern. Expected a string that )"
      R"(matches the pattern '^[^\s<|\\/>]+$'. | messages[1].name | invalid_value)";
  expect_refused({
      {named("Ann-1.é"), ""},
      {named("Ann Lee"), mismatch},
      {named("a<b"), mismatch},
      {named("a>b"), mismatch},
      {named("a|b"), mismatch},
      {named("a/b"), mismatch},
      {named(R"(a\\b)"), mismatch},
      {named(""), mismatch},
      {named(std::string(65, 'a')),
       "Invalid 'messages[1].name': string too long. Expected a string with maximum length 64, but "
       "got a string with length 65 instead. | messages[1].name | string_above_max_length"},
  });
}

TEST(ChatRequestOfOpenAi, BiasesAreBounded) {
  expect_refused({
      {with_member(R"("logit_bias":{"1":-100,"2":100,"3":0.5})"), ""},
      {with_member(R"("logit_bias":null)"), ""},
      {with_member(R"("logit_bias":{"1":0,"50256":101})"),
       "Invalid 'logit_bias.50256': integer above maximum value. Expected a value <= 100, but got "
       "101 instead. | logit_bias.50256 | integer_above_max_value"},
      {with_member(R"("logit_bias":{"1":-100.5})"),
       "Invalid 'logit_bias.1': decimal below minimum value. Expected a value >= -100, but got "
       "-100.5 instead. | logit_bias.1 | decimal_below_min_value"},
      {with_member(R"("logit_bias":{"1":"a"})"),
       "Invalid type for 'logit_bias.1': expected a decimal, but got a string instead. | "
       "logit_bias.1 | invalid_type"},
  });
}

std::string metadata(std::size_t count) {
  std::string members;
  for (std::size_t i = 0; i < count; ++i) {
    members += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  }
  return with_member(R"("metadata":{)" + members + "}");
}

TEST(ChatRequestOfOpenAi, MetadataIsSmall) {
  const auto member = [](const std::string& name, const std::string& value) {
    return with_member(R"("metadata":{")" + name + "\":" + value + "}");
  };
  expect_refused({
      {metadata(16), ""},
      {metadata(17),
       "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
       "but got an object with 17 properties instead. | metadata | object_above_max_properties"},
      {member("a", "1"),
       "Invalid type for 'metadata.a': expected a string, but got an integer instead. | metadata.a "
       "| invalid_type"},
      {member(std::string(64, 'a'), '"' + std::string(512, 'a') + '"'), ""},
      {member("a", '"' + std::string(513, 'a') + '"'),
       "Invalid 'metadata.a': string too long. Expected a string with maximum length 512, but got "
       "a string with length 513 instead. | metadata.a | string_above_max_length"},
      {member(std::string(65, 'a'), "\"\""),
       "Invalid property name in 'metadata': string too long. Expected a property name with "
       "maximum "
       "length 64, but got a property name with length 65 instead. | metadata | "
       "string_above_max_length"},
  });
}

std::string tools(std::size_t count) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    list += (i > 0 ? "," : "") + std::string(R"({"type":"function","function":{"name":"f"}})");
  }
  return with_member(R"("tools":[)" + list + "]");
}

TEST(ChatRequestOfOpenAi, ListsAndIdentifiersAreShort) {
  const auto refusal = [](const std::string& param) {
    return "Invalid '" + param +
           "': string too long. Expected a string with maximum length 64, but got a string with "
           "length 65 instead. | " +
           param + " | string_above_max_length";
  };
  const auto member = [](const std::string& name, std::size_t length) {
    return with_member('"' + name + R"(":")" + std::string(length, 'k') + '"');
  };
  expect_refused({
      {tools(128), ""},
      {tools(129),
       "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an "
       "array with length 129 instead. | tools | array_above_max_length"},
      {member("prompt_cache_key", 64), ""},
      {member("prompt_cache_key", 65), refusal("prompt_cache_key")},
      {member("safety_identifier", 64), ""},
      {member("safety_identifier", 65), refusal("safety_identifier")},
  });
}

TEST(ChatRequestOfOpenAi, TheTokensOfAnAnswerAreBoundedOnce) {
  expect_refused({
      {with_member(R"("max_tokens":5,"max_completion_tokens":null)"), ""},
      {with_member(R"("max_tokens":5,"max_completion_tokens":5)"),
       "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported. | "
       "max_tokens | invalid_parameter_combination"},
  });
}

TEST(ChatRequestOfOpenAi, NullIsNoContent) {
  const std::string refusal =
      "Invalid value for 'content': expected a string, got null. | messages.[1].content | -";
  const auto refused = [](const std::string& message) {
    return problem_of(with_message(message), {.checks_like_openai = true});
  };
  for (const char* role : {"user", "system", "developer", "assistant"}) {
    EXPECT_EQ(refused(std::string(R"({"role":")") + role + R"(","content":null})"), refusal);
  }
  EXPECT_EQ(refused(R"({"content":null,"role":"user","content":"a"})"), "");
  EXPECT_EQ(refused(R"({"role":"assistant","content":null,"refusal":"no"})"), "");
  EXPECT_EQ(refused(R"({"role":"user"})"),
            "Missing required parameter: 'messages[1].content'. | messages[1].content | "
            "missing_required_parameter");
}

TEST(ChatRequestOfOpenAi, EnumerationsHaveTheirWords) {
  const auto refusal = [](const std::string& word, const std::string& words,
                          const std::string& param) {
    return "Invalid value: '" + word + "'. Supported values are: " + words + ". | " + param +
           " | invalid_value";
  };
  const std::string modalities = "'text' and 'audio'";
  expect_refused({
      {with_member(R"("service_tier":"priority")"), ""},
      {with_member(R"("service_tier":"scale")"), ""},
      {with_member(R"("service_tier":"fast")"), ""},
      {with_member(R"("service_tier":"slow")"),
       refusal("slow", "'auto', 'default', 'flex', 'scale', 'priority', and 'fast'",
               "service_tier")},
      {with_member(R"("verbosity":"high")"), ""},
      {with_member(R"("verbosity":"most")"),
       refusal("most", "'low', 'medium', and 'high'", "verbosity")},
      {with_member(R"("modalities":["text"])"), ""},
      {with_member(R"("modalities":["text","video"])"),
       refusal("video", modalities, "modalities[1]")},
      {with_member(R"("modalities":[1])"),
       "Invalid type for 'modalities[0]': expected a string, but got an integer instead. | "
       "modalities[0] | invalid_type"},
  });
}

TEST(OpenAiChecks, DefinitionNamesAreLettersDigitsUnderscoresAndHyphens) {
  EXPECT_FALSE(check_definition_name("n", "aZ09_-"));
  for (const char* name : {"", "a b", "a.b", "é", "a\n"}) {
    EXPECT_TRUE(check_definition_name("n", name)) << name;
  }
}

}  // namespace
}  // namespace lab
