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
const std::string kPart = "messages[1].content[0]";
const std::string kCall = "messages[1].tool_calls[0]";

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

// As the official clients and those made of them send it.
TEST(ChatRequestDocumented, WhatClientsSendIsKnownAndTaken) {
  const std::vector<std::string> bodies = {
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

}  // namespace
}  // namespace lab
