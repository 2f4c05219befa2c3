// What OpenAI documents of the objects inside of a chat request: members that it does not know, and
// values that it does not take.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/protocol/chat_request_rows.h"

namespace lab {
namespace {

// The first that is noted of a request; "" if nothing is.
std::string unknown_of(const std::string& body, RequestDialect dialect) {
  const auto request = parse_chat_request(body, dialect);
  if (!request) return request.error().message;
  for (const ChatTool& tool : request->tools) {
    if (!tool.unknown_member.empty()) return tool.unknown_member;
  }
  if (!request->unusual) return "";
  for (const std::string& name : request->unusual->unknown_members) return name;
  if (!request->unusual->unknown_member_inside.empty()) {
    return request->unusual->unknown_member_inside;
  }
  for (const ChatTool& function : request->unusual->functions) {
    if (!function.unknown_member.empty()) return function.unknown_member;
  }
  return "";
}

// Everybody notes it; a profile says whether it matters.
void expect_unknown(const std::vector<std::pair<std::string, std::string>>& rows) {
  for (const auto& [body, path] : rows) {
    EXPECT_EQ(unknown_of(body, {.checks_like_openai = true}), path) << body;
    EXPECT_EQ(unknown_of(body, {}), path) << body;
  }
}

std::string with_part(const std::string& part) {
  return with_message(R"({"role":"user","content":[)" + part + "]}");
}
std::string with_calls(const std::string& calls) {
  return with_message(R"({"role":"assistant","content":"a","tool_calls":[)" + calls + "]}");
}
std::string with_tool(const std::string& tool) {
  return with_member(R"("tools":[{"type":"function","function":{"name":"f"}},)" + tool + "]");
}
std::string with_choice(const std::string& choice) {
  return with_member(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":)" +
                     choice);
}
std::string with_format(const std::string& format) {
  return with_member(R"("response_format":)" + format);
}

const std::string kPart = "messages[1].content[0]";
const std::string kCall = "messages[1].tool_calls[0]";

TEST(ChatRequestDocumented, FormatsAndToolsHaveKnownMembers) {
  expect_unknown({
      {with_format(R"({"type":"text","foo":1})"), "response_format.foo"},
      {with_format(R"({"type":"json_object","schema":{}})"), "response_format.schema"},
      {with_format(R"({"type":"json_object","strict":true})"), "response_format.strict"},
      {with_format(R"({"type":"json_object","json_schema":{"name":"n"}})"),
       "response_format.json_schema"},
      {with_format(R"({"type":"json_schema","foo":1,"json_schema":{"name":"n"}})"),
       "response_format.foo"},
      {with_format(R"({"type":"json_schema","json_schema":{"name":"n","foo":1}})"),
       "response_format.json_schema.foo"},
      {with_tool(R"({"type":"function","function":{"name":"g"},"foo":1})"), "tools[1].foo"},
      {with_tool(R"({"type":"function","function":{"name":"g","foo":1}})"),
       "tools[1].function.foo"},
      {with_tool(R"({"type":"function","function":{"name":"g"},"custom":{}})"), "tools[1].custom"},
      {with_tool(R"({"type":"custom","custom":{"name":"c","foo":1}})"), "tools[1].custom.foo"},
      {with_tool(R"({"type":"custom","custom":{"name":"c","format":{"type":"text","foo":1}}})"),
       "tools[1].custom.format.foo"},
      {with_tool(R"({"type":"custom","custom":{"name":"c","format":{"type":"text",)"
                 R"("grammar":{}}}})"),
       "tools[1].custom.format.grammar"},
      {with_tool(R"({"type":"custom","custom":{"name":"c","format":{"type":"grammar",)"
                 R"("grammar":{"syntax":"lark","definition":"d","foo":1}}}})"),
       "tools[1].custom.format.grammar.foo"},
      {with_choice(R"({"type":"function","function":{"name":"f"},"foo":1})"), "tool_choice.foo"},
      {with_choice(R"({"type":"function","function":{"name":"f","foo":1}})"),
       "tool_choice.function.foo"},
      {with_choice(R"({"type":"custom","custom":{"name":"f","foo":1}})"), "tool_choice.custom.foo"},
      {with_choice(R"({"type":"allowed_tools","foo":1,"allowed_tools":{"mode":"auto",)"
                   R"("tools":[{"type":"function","function":{"name":"f"}}]}})"),
       "tool_choice.foo"},
      {with_choice(R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","foo":1,)"
                   R"("tools":[{"type":"function","function":{"name":"f"}}]}})"),
       "tool_choice.allowed_tools.foo"},
      {with_member(R"("functions":[{"name":"f"},{"name":"g","foo":1}])"), "functions[1].foo"},
      {with_member(R"("functions":[{"name":"f"}],"function_call":{"name":"f","foo":1})"),
       "function_call.foo"},
  });
}

TEST(ChatRequestDocumented, MessagesHaveKnownMembers) {
  const std::string url = R"("url":"https://a.b/c")";
  expect_unknown({
      {with_part(R"({"type":"image_url","image_url":{)" + url + R"(,"foo":{"url":1}}})"),
       kPart + ".image_url.foo"},
      {with_part(R"({"type":"input_audio","input_audio":{"data":"a","format":"wav","foo":1}})"),
       kPart + ".input_audio.foo"},
      {with_part(R"({"type":"file","file":{"file_id":"f","foo":1}})"), kPart + ".file.foo"},
      {with_part(R"({"type":"text","text":"a","prompt_cache_breakpoint":{"foo":1}})"),
       kPart + ".prompt_cache_breakpoint.foo"},
      {with_part(R"({"type":"text","text":"a","foo":1})"), kPart + ".foo"},
      {with_calls(R"({"id":"c","type":"function","function":{"name":"f"},"foo":1})"),
       kCall + ".foo"},
      {with_calls(R"({"id":"c","type":"function","function":{"name":"f","bar":1}})"),
       kCall + ".function.bar"},
      {with_calls(R"({"id":"c","type":"custom","custom":{"name":"f","bar":1}})"),
       kCall + ".custom.bar"},
      {with_message(R"({"role":"assistant","function_call":{"name":"f","foo":1}})"),
       "messages[1].function_call.foo"},
      {with_message(R"({"role":"assistant","audio":{"id":"a","foo":1}})"), "messages[1].audio.foo"},
  });
}

TEST(ChatRequestDocumented, OptionsHaveKnownMembers) {
  expect_unknown({
      {with_member(R"("audio":{"voice":"v","format":"wav","foo":1})"), "audio.foo"},
      {with_member(R"("audio":{"voice":{"id":"v","foo":1},"format":"wav"})"), "audio.voice.foo"},
      {with_member(R"("prediction":{"type":"content","content":"a","foo":1})"), "prediction.foo"},
      {with_member(R"("prediction":{"type":"content","content":[{"type":"text","text":"a"},)"
                   R"({"type":"text","text":"a","foo":1}]})"),
       "prediction.content[1].foo"},
      {with_member(R"("web_search_options":{"foo":1})"), "web_search_options.foo"},
      {with_member(R"("web_search_options":{"user_location":{"type":"approximate",)"
                   R"("approximate":{},"foo":1}})"),
       "web_search_options.user_location.foo"},
      {with_member(R"("web_search_options":{"user_location":{"type":"approximate",)"
                   R"("approximate":{"city":"c","street":"s"}}})"),
       "web_search_options.user_location.approximate.street"},
      {with_member(R"("moderation":{"model":"m","policy":{"input":{"mode":"score","foo":1}}})"),
       "moderation.policy.input.foo"},
      {with_member(R"("prompt_cache_options":{"foo":1})"), "prompt_cache_options.foo"},
      // A dot is no way around.
      {with_member(R"("web_search_options":{"user_location.type":"approximate"})"),
       "web_search_options.user_location.type"},
      {with_member(R"("web_search_options":{"":1})"), "web_search_options."},
  });
}

// As the official clients and those made of them send it.
TEST(ChatRequestDocumented, WhatClientsSendIsKnownAndTaken) {
  const std::vector<std::string> bodies = {
      with_format(R"({"type":"json_schema","json_schema":{"name":"n","description":"d",)"
                  R"("strict":true,"schema":{"type":"object","foo":{"bar":1}}}})"),
      with_format(R"({"type":"json_object"})"),
      with_tool(R"({"type":"function","function":{"name":"g","description":null,"strict":null,)"
                R"("parameters":{"type":"object","foo":1}}})"),
      with_tool(R"({"type":"custom","custom":{"name":"c","format":null}})"),
      with_tool(R"({"type":"custom","custom":{"name":"c","format":{"type":"text"}}})"),
      with_tool(R"({"type":"custom","custom":{"name":"c","format":{"type":"grammar",)"
                R"("grammar":{"syntax":"regex","definition":"a"}}}})"),
      // The tools that are allowed are documented as any objects.
      with_choice(R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[)"
                  R"({"type":"function","function":{"name":"f","strict":true},"foo":1}]}})"),
      with_calls(R"({"id":"c","index":0,"type":"function","function":{"name":"f",)"
                 R"("arguments":"{}","parsed_arguments":{"a":[1]}}})"),
      with_calls(R"({"id":"c","type":"custom","custom":{"name":"f","input":"a"}})"),
      with_message(R"({"role":"assistant","content":"a","refusal":null,"annotations":[{"type":)"
                   R"("url_citation","url_citation":{"url":"u"}}],"parsed":{"a":1},"audio":null})"),
      with_message(R"({"role":"assistant","audio":{"id":"audio_1"}})"),
      with_message(R"({"role":"assistant","content":[{"type":"refusal","refusal":"no"}]})"),
      with_message(R"({"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"a"}]})"),
      with_part(R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:,a"}})"),
      with_part(R"({"type":"file","file":{"file_id":"f"},"prompt_cache_breakpoint":{)"
                R"("mode":"explicit","ttl":"30m"}})"),
      with_part(R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"mp3"}})"),
      with_member(R"("audio":{"voice":"any","format":"pcm16"},"modalities":["text","audio"])"),
      with_member(R"("audio":{"voice":{"id":"voice_1"},"format":"opus"})"),
      with_member(R"("audio":null,"prediction":null,"web_search_options":null,"modalities":null)"),
      with_member(R"("prediction":{"type":"content","content":"a"})"),
      with_member(R"("web_search_options":{"search_context_size":"low","user_location":{"type":)"
                  R"("approximate","approximate":{"city":"c","country":"DE","region":"r",)"
                  R"("timezone":null}}})"),
      with_member(R"("web_search_options":{"search_context_size":null,"user_location":null})"),
      with_member(R"("prompt_cache_options":{"mode":"explicit","ttl":"30m"})"),
      with_member(R"("moderation":{"model":"m","policy":{"output":{"mode":"block"}}})"),
      with_member(R"("prompt_cache_retention":"in_memory")"),
      with_member(R"("prompt_cache_retention":null)"),
  };
  for (const std::string& body : bodies) {
    EXPECT_EQ(unknown_of(body, {.checks_like_openai = true}), "") << body;
  }
}

TEST(ChatRequestDocumented, PartsHaveWhatTheirTypeSays) {
  const auto image = [](const std::string& members) {
    return with_part(R"({"type":"image_url","image_url":{)" + members + "}}");
  };
  const auto sound = [](const std::string& members) {
    return with_part(R"({"type":"input_audio","input_audio":{)" + members + "}}");
  };
  const std::string url = kPart + ".image_url.url";
  const std::string no_url = "Invalid '" + url +
                             "'. Expected a valid URL, but got a value with an invalid format. | " +
                             url + " | invalid_value";
  const std::string detail = kPart + ".image_url.detail";
  const std::string heard = kPart + ".input_audio";
  expect_refused({
      {image(R"("url":"http://a")"), ""},
      {image(R"("url":"HTTPS://a.b/c.png","detail":null)"), ""},
      {image(R"("url":"data:image/png;base64,AAAA","detail":"high")"), ""},
      {image(R"("url":"https://a","detail":"auto")"), ""},
      {image(R"("url":"https://a","detail":"original")"), ""},
      {image(R"("url":"https://a","detail":"huge")"),
       wrong_word(detail, "huge", "'low', 'high', and 'auto'")},
      {image(R"("url":"https://a","detail":1)"), wrong_type(detail, "a string", "an integer")},
      {image(R"("url":"")"), no_url},
      {image(R"("url":"https://")"), no_url},
      {image(R"("url":"notaurl")"), no_url},
      {image(R"("url":"iVBORw0KGgo=")"), no_url},
      {image(R"("url":"ftp://a/b.png")"), no_url},
      {sound(R"("data":"AAAA","format":"wav")"), ""},
      {sound(R"("data":"AAAA","format":"bogus")"),
       wrong_word(heard + ".format", "bogus", "'wav' and 'mp3'")},
      {sound(R"("data":"AAAA")"), missing(heard + ".format")},
      {sound(R"("format":"wav")"), missing(heard + ".data")},
      {sound(R"("data":null,"format":"wav")"), wrong_type(heard + ".data", "a string", "null")},
      {sound(""), missing(heard + ".data")},
      {with_part(R"({"type":"input_audio"})"), missing(heard)},
      {with_part(R"({"type":"input_audio","input_audio":"AAAA"})"),
       wrong_type(heard, "an object", "a string")},
      {with_part(R"({"type":"file"})"), missing(kPart + ".file")},
      {with_part(R"({"type":"file","file":"f"})"),
       wrong_type(kPart + ".file", "an object", "a string")},
      {with_part(R"({"type":"file","file":{"file_id":1}})"),
       wrong_type(kPart + ".file.file_id", "a string", "an integer")},
      {with_part(R"({"type":"refusal"})"), missing(kPart + ".refusal")},
      {with_part(R"({"type":"image_url","image_url":[{"url":1}]})"),
       wrong_type(kPart + ".image_url", "an object", "an array")},
      {with_message(R"({"role":"user","content":[]})"), no_elements("messages[1].content")},
      {with_message(R"({"role":"assistant","audio":{}})"), missing("messages[1].audio.id")},
      {with_message(R"({"role":"assistant","audio":"audio_1"})"),
       wrong_type("messages[1].audio", "an object", "a string")},
  });
}

TEST(ChatRequestDocumented, AudioIsDescribedWhereItIsAskedFor) {
  const std::string formats = "'wav', 'aac', 'mp3', 'flac', 'opus', and 'pcm16'";
  const std::string asked = R"("modalities":["text","audio"])";
  expect_refused({
      {with_member(R"("modalities":["text"])"), ""},
      {with_member(R"("modalities":[])"), no_elements("modalities")},
      {with_member(asked), missing("audio")},
      {with_member(asked + R"(,"audio":null)"), missing("audio")},
      {with_member(asked + R"(,"audio":{"voice":"alloy"})"), missing("audio.format")},
      {with_member(R"("audio":{"format":"wav"})"), missing("audio.voice")},
      {with_member(R"("audio":{"voice":"alloy","format":"bogus"})"),
       wrong_word("audio.format", "bogus", formats)},
      {with_member(R"("audio":{"voice":1,"format":"wav"})"),
       wrong_type("audio.voice", "one of a string or object", "an integer")},
      {with_member(R"("audio":{"voice":{},"format":"wav"})"), missing("audio.voice.id")},
      // Of the same name twice the last one counts.
      {with_member(R"("audio":{},"audio":{"voice":"alloy","format":"wav"})"), ""},
  });
}

TEST(ChatRequestDocumented, OptionsHaveTheirWords) {
  const std::string grammar = "tools[1].custom.format.grammar";
  const auto formatted = [](const std::string& format) {
    return with_tool(R"({"type":"custom","custom":{"name":"c","format":)" + format + "}}");
  };
  expect_refused({
      {with_member(R"("web_search_options":{"search_context_size":"bogus"})"),
       wrong_word("web_search_options.search_context_size", "bogus",
                  "'low', 'medium', and 'high'")},
      {with_member(R"("web_search_options":{"user_location":{}})"),
       missing("web_search_options.user_location.type")},
      {with_member(R"("web_search_options":{"user_location":{"type":"exact","approximate":{}}})"),
       wrong_word("web_search_options.user_location.type", "exact", "'approximate'")},
      {with_member(R"("prompt_cache_retention":"in-memory")"),
       wrong_word("prompt_cache_retention", "in-memory", "'in_memory' and '24h'")},
      {with_member(R"("prediction":{"content":"a"})"), missing("prediction.type")},
      {with_member(R"("prediction":{"type":"content"})"), missing("prediction.content")},
      {with_member(R"("prediction":{"type":"text","content":"a"})"),
       wrong_word("prediction.type", "text", "'content'")},
      {with_member(R"("prediction":{"type":"content","content":1})"),
       wrong_type("prediction.content", "one of a string or array of objects", "an integer")},
      {with_member(R"("prediction":{"type":"content","content":["a"]})"),
       wrong_type("prediction.content[0]", "an object", "a string")},
      {with_member(R"("prediction":{"type":"content","content":[{"type":"text"}]})"),
       missing("prediction.content[0].text")},
      {with_member(R"("moderation":{})"), missing("moderation.model")},
      {with_member(R"("prompt_cache_options":{"mode":"bogus"})"),
       wrong_word("prompt_cache_options.mode", "bogus", "'implicit' and 'explicit'")},
      {formatted("{}"), missing("tools[1].custom.format.type")},
      {formatted(R"({"type":"bogus"})"),
       wrong_word("tools[1].custom.format.type", "bogus", "'text' and 'grammar'")},
      {formatted(R"({"type":"grammar","syntax":"lark","definition":"d"})"), missing(grammar)},
      {formatted(R"({"type":"grammar","grammar":{"definition":"d"}})"),
       missing(grammar + ".syntax")},
      {formatted(R"({"type":"grammar","grammar":{"syntax":"lark"}})"),
       missing(grammar + ".definition")},
      {formatted(R"({"type":"grammar","grammar":{"syntax":"bnf","definition":"d"}})"),
       wrong_word(grammar + ".syntax", "bnf", "'lark' and 'regex'")},
      {with_tool(R"({"type":"function","function":{"name":"g","strict":"yes"}})"),
       wrong_type("tools[1].function.strict", "a boolean", "a string")},
  });
}

TEST(ChatRequestDocumented, AudioThatIsAskedForIsKnown) {
  const auto wants_audio = [](const std::string& modalities) {
    const ChatRequest request =
        parse_chat_request(
            with_member(R"("audio":{"voice":"v","format":"wav"},"modalities":)" + modalities),
            {.checks_like_openai = true})
            .value();
    return request.unusual && request.unusual->wants_audio;
  };
  EXPECT_TRUE(wants_audio(R"(["text","audio"])"));
  EXPECT_FALSE(wants_audio(R"(["text"])"));
  EXPECT_FALSE(wants_audio("null"));
}

}  // namespace
}  // namespace lab
