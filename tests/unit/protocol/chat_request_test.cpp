#include "shared/protocol/chat_request.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"
#include "shared/base/rng.h"

namespace lab {
namespace {

constexpr const char* kMessages = R"("messages":[{"role":"user","content":"hi"}])";

// A body with the model, one message and `more` members.
std::string with(const std::string& more) {
  return R"({"model":"m",)" + std::string(kMessages) + (more.empty() ? "" : "," + more) + "}";
}

ChatRequest parsed_request(const std::string& body) {
  auto request = parse_chat_request(body);
  EXPECT_TRUE(request) << body << ": " << request.error().message;
  return request ? *std::move(request) : ChatRequest{};
}

TEST(ChatRequest, ReadsTheBodyOfTheK6Suite) {
  const ChatRequest request = parsed_request(
      R"({"model":"gpt-3.5-turbo","messages":[{"role":"user","content":"Say \"hé\"\n"}],)"
      R"("max_tokens":100,"temperature":0.7,"stream":false})");
  EXPECT_EQ(request.model, "gpt-3.5-turbo");
  ASSERT_EQ(request.messages.size(), 1u);
  EXPECT_EQ(request.messages[0].role, Role::user);
  EXPECT_EQ(request.messages[0].content, "Say \"hé\"\n");
  EXPECT_EQ(request.max_tokens, 100);
  EXPECT_NEAR(request.temperature.value(), 0.7, 1e-9);
  EXPECT_FALSE(request.stream);
  EXPECT_EQ(request.n, 1);
}

TEST(ChatRequest, ReadsEveryMember) {
  const ChatRequest request = parsed_request(with(
      R"("max_tokens":5,"max_completion_tokens":7,"n":2,"stop":["a","b"],"stream":true,)"
      R"("stream_options":{"include_usage":true,"include_obfuscation":false},)"
      R"("seed":-9007199254740993,)"
      R"("temperature":2,"top_p":0.5,"frequency_penalty":-2,"presence_penalty":1.5,"user":"u",)"
      R"("service_tier":"auto","logprobs":true,"top_logprobs":3,"parallel_tool_calls":false,)"
      R"("metadata":{"tags":["x",{"y":null}]},"some_new_member":{"a":[1,{"model":2}]})"));
  EXPECT_EQ(request.max_tokens, 7);
  EXPECT_EQ(request.n, 2);
  EXPECT_EQ(request.stop, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(request.stream);
  EXPECT_TRUE(request.include_usage);
  EXPECT_EQ(request.seed, -9007199254740993);
  EXPECT_EQ(request.temperature, 2.0);
  EXPECT_EQ(request.top_p, 0.5);
  EXPECT_EQ(request.frequency_penalty, -2.0);
  EXPECT_EQ(request.presence_penalty, 1.5);
  EXPECT_EQ(request.user, "u");
  EXPECT_EQ(request.service_tier, "auto");
  EXPECT_TRUE(request.logprobs);
  EXPECT_EQ(request.top_logprobs, 3);
  EXPECT_FALSE(request.parallel_tool_calls);
  EXPECT_EQ(request.metadata->dump(), R"({"tags":["x",{"y":null}]})");
  EXPECT_EQ(request.model, "m");
}

TEST(ChatRequest, ReadsTools) {
  const ChatRequest request = parsed_request(
      with(R"("tools":[{"type":"function","function":{"name":"get_weather","parameters":)"
           R"({"type":"object","properties":{"city":{"type":"string"}}}}},)"
           R"({"type":"function","function":{"name":"now"}}],)"
           R"("tool_choice":{"type":"function","function":{"name":"now"}},)"
           R"("response_format":{"type":"json_schema",)"
           R"("json_schema":{"name":"s","schema":{"type":"object"}}})"));
  ASSERT_EQ(request.tools.size(), 2u);
  EXPECT_EQ(request.tools[0].name, "get_weather");
  EXPECT_EQ((*request.tools[0].parameters)["properties"]["city"]["type"], "string");
  EXPECT_EQ(request.tools[1].name, "now");
  EXPECT_TRUE(request.tools[1].parameters->is_null());
  EXPECT_EQ(request.tool_choice.kind, ToolChoice::Kind::function);
  EXPECT_EQ(request.tool_choice.function, "now");
  EXPECT_EQ(request.response_format.kind, ResponseFormat::Kind::json_schema);
  EXPECT_EQ(request.response_format.name, "s");
  EXPECT_EQ(request.response_format.schema->dump(), R"({"type":"object"})");
}

TEST(ChatRequest, ReadsToolChoiceAndFormatWords) {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"f"}}],)";
  EXPECT_EQ(parsed_request(with(tools + R"("tool_choice":"none")")).tool_choice.kind,
            ToolChoice::Kind::none);
  EXPECT_EQ(parsed_request(with(tools + R"("tool_choice":"auto")")).tool_choice.kind,
            ToolChoice::Kind::automatic);
  EXPECT_EQ(parsed_request(with(tools + R"("tool_choice":"required")")).tool_choice.kind,
            ToolChoice::Kind::required);
  EXPECT_EQ(parsed_request(with(R"("response_format":{"type":"text"})")).response_format.kind,
            ResponseFormat::Kind::text);
  EXPECT_EQ(
      parsed_request(with(R"("response_format":{"type":"json_object"})")).response_format.kind,
      ResponseFormat::Kind::json_object);
}

TEST(ChatRequest, ReadsPartsAndEveryRole) {
  const ChatRequest request = parsed_request(
      R"({"messages":[{"role":"system","content":"s"},{"role":"developer","content":"d"},)"
      R"({"content":[{"text":"look","type":"text"},{"type":"image_url","image_url":{"url":"x"}},)"
      R"({"type":"text","text":"here"}],"role":"user","name":"ann"},)"
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"call_1",)"
      R"("function":{"name":"f","arguments":"{}"}}]},)"
      R"({"role":"tool","content":"42","tool_call_id":"call_1"},)"
      R"({"role":"function","name":"f","content":"1"}],"model":"m"})");
  ASSERT_EQ(request.messages.size(), 6u);
  EXPECT_EQ(request.messages[0].role, Role::system);
  EXPECT_EQ(request.messages[1].role, Role::developer);
  EXPECT_EQ(request.messages[2].content, "look\nhere");
  EXPECT_TRUE(request.messages[2].has_image);
  EXPECT_EQ(request.messages[2].name, "ann");
  EXPECT_EQ(request.messages[3].role, Role::assistant);
  EXPECT_TRUE(request.messages[3].has_tool_calls);
  ASSERT_EQ(request.messages[3].tool_calls.size(), 1u);
  EXPECT_EQ(request.messages[3].tool_calls[0].id, "call_1");
  EXPECT_FALSE(request.messages[2].has_tool_calls);
  EXPECT_EQ(request.messages[4].role, Role::tool);
  EXPECT_EQ(request.messages[4].tool_call_id, "call_1");
  EXPECT_EQ(request.messages[5].role, Role::function);
}

TEST(ChatRequest, TakesNullForAbsentAndOneStopString) {
  const ChatRequest request = parsed_request(
      with(R"("stream":null,"stop":null,"max_tokens":null,"tools":null,"tool_choice":null,)"
           R"("response_format":null,"metadata":null,"stream_options":null,"temperature":null)"));
  EXPECT_FALSE(request.stream);
  EXPECT_TRUE(request.stop.empty());
  EXPECT_EQ(request.max_tokens, std::nullopt);
  EXPECT_TRUE(request.metadata->is_null());
  EXPECT_EQ(parsed_request(with(R"("stop":"END")")).stop, std::vector<std::string>{"END"});
}

TEST(ChatRequest, NumbersBeyondADoubleAreBeyondTheRange) {
  for (const std::string name :
       {"temperature", "top_p", "frequency_penalty", "presence_penalty", "max_tokens", "n"}) {
    for (const std::string number : {"1e999", "-1e400"}) {
      const auto refused = parse_chat_request(with("\"" + name + "\":" + number));
      ASSERT_TRUE(refused.has_error()) << name << number;
      EXPECT_EQ(refused.error().param, name);
      EXPECT_NE(refused.error().message.find(name), std::string::npos) << refused.error().message;
    }
  }
  // Where a number may be anything, it is the end of what can be held.
  EXPECT_EQ(parsed_request(with(R"("metadata":{"a":-1e999})")).metadata->dump(),
            R"({"a":-1.7976931348623157e+308})");
}

struct Refusal {
  std::string body;
  std::string message;
  std::string param;  // "-" for none.
  std::string code;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.message << " [" << refusal.param << "] [" << refusal.code << "]";
}

bool operator==(const Refusal& a, const Refusal& b) {
  return a.message == b.message && a.param == b.param && a.code == b.code;
}

Refusal refusal_of(const std::string& body) {
  const auto request = parse_chat_request(body);
  if (request) return {body, "accepted", "", ""};
  const RequestProblem& problem = request.error();
  EXPECT_EQ(problem.kind, RequestProblem::Kind::validation) << body;
  return {body, problem.message, problem.param.value_or("-"), problem.code.value_or("-")};
}

std::string message(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"x"},{)" + members + "}]}";
}

const std::string kMissing = "missing_required_parameter";
const std::string kType = "invalid_type";

const std::vector<Refusal> kMissingOrIllTyped = {
    {"{}", "Missing required parameter: 'model'.", "model", kMissing},
    {R"({"model":"m"})", "Missing required parameter: 'messages'.", "messages", kMissing},
    {"{" + std::string(kMessages) + "}", "Missing required parameter: 'model'.", "model", kMissing},
    {R"({"model":"",)" + std::string(kMessages) + "}", "Missing required parameter: 'model'.",
     "model", kMissing},
    {R"({"model":5})", "Invalid type for 'model': expected a string, but got an integer instead.",
     "model", kType},
    {R"({"model":null})", "Invalid type for 'model': expected a string, but got null instead.",
     "model", kType},
    {R"({"model":{"a":[]}})",
     "Invalid type for 'model': expected a string, but got an object instead.", "model", kType},
    {R"({"model":"m","messages":"hi"})",
     "Invalid type for 'messages': expected an array of objects, but got a string instead.",
     "messages", kType},
    {R"({"model":"m","messages":{}})",
     "Invalid type for 'messages': expected an array of objects, but got an object instead.",
     "messages", kType},
    {R"({"model":"m","messages":["hi"]})",
     "Invalid type for 'messages[0]': expected an object, but got a string instead.", "messages[0]",
     kType},
    {message(R"("content":"x")"), "Missing required parameter: 'messages[1].role'.",
     "messages[1].role", kMissing},
    {message(R"("role":"user")"), "Missing required parameter: 'messages[1].content'.",
     "messages[1].content", kMissing},
    {message(R"("role":"assistant","content":null)"),
     "Missing required parameter: 'messages[1].content'.", "messages[1].content", kMissing},
    {message(R"("role":"tool","content":"x")"),
     "Missing required parameter: 'messages[1].tool_call_id'.", "messages[1].tool_call_id",
     kMissing},
    {message(R"("role":7,"content":"x")"),
     "Invalid type for 'messages[1].role': expected a string, but got an integer instead.",
     "messages[1].role", kType},
    {message(R"("role":"user","content":true)"),
     "Invalid type for 'messages[1].content': expected one of a string or array of objects, but "
     "got a boolean instead.",
     "messages[1].content", kType},
    {message(R"("role":"user","content":["x"])"),
     "Invalid type for 'messages[1].content[0]': expected an object, but got a string instead.",
     "messages[1].content[0]", kType},
    {message(R"("role":"user","content":[{"type":"text","text":"x"},{"text":"x"}])"),
     "Missing required parameter: 'messages[1].content[1].type'.", "messages[1].content[1].type",
     kMissing},
    {message(R"("role":"user","content":[{"type":"text"}])"),
     "Missing required parameter: 'messages[1].content[0].text'.", "messages[1].content[0].text",
     kMissing},
    {message(R"("role":"user","content":[{"type":"text","text":1.5}])"),
     "Invalid type for 'messages[1].content[0].text': expected a string, but got a decimal "
     "number instead.",
     "messages[1].content[0].text", kType},
    {with(R"("max_tokens":"5")"),
     "Invalid type for 'max_tokens': expected an integer, but got a string instead.", "max_tokens",
     kType},
    {with(R"("max_tokens":1.5)"),
     "Invalid type for 'max_tokens': expected an integer, but got a decimal number instead.",
     "max_tokens", kType},
    {with(R"("temperature":"hot")"),
     "Invalid type for 'temperature': expected a decimal, but got a string instead.", "temperature",
     kType},
    {with(R"("stream":"yes")"),
     "Invalid type for 'stream': expected a boolean, but got a string instead.", "stream", kType},
    {with(R"("stop":["a",1])"),
     "Invalid type for 'stop[1]': expected a string, but got an integer instead.", "stop[1]",
     kType},
    {with(R"("stop":5)"),
     "Invalid type for 'stop': expected one of a string or array of strings, but got an integer "
     "instead.",
     "stop", kType},
    {with(R"("stream":true,"stream_options":{"include_obfuscation":"no"})"),
     "Invalid type for 'stream_options.include_obfuscation': expected a boolean, but got a string "
     "instead.",
     "stream_options.include_obfuscation", kType},
    {with(R"("stream":true,"stream_options":{"include_usage":1})"),
     "Invalid type for 'stream_options.include_usage': expected a boolean, but got an integer "
     "instead.",
     "stream_options.include_usage", kType},
    {with(R"("tools":{})"),
     "Invalid type for 'tools': expected an array of objects, but got an object instead.", "tools",
     kType},
    {with(R"("tools":["f"])"),
     "Invalid type for 'tools[0]': expected an object, but got a string instead.", "tools[0]",
     kType},
    {with(R"("tools":[{"function":{"name":"f"}}])"), "Missing required parameter: 'tools[0].type'.",
     "tools[0].type", kMissing},
    {with(R"("tools":[{"type":"function","function":{"name":"f","parameters":"x"}}])"),
     "Invalid type for 'tools[0].function.parameters': expected an object, but got a string "
     "instead.",
     "tools[0].function.parameters", kType},
    {with(R"("response_format":{"type":"json_schema"})"),
     "Missing required parameter: 'response_format.json_schema'.", "response_format.json_schema",
     kMissing},
    {with(R"("metadata":"x")"),
     "Invalid type for 'metadata': expected an object, but got a string instead.", "metadata",
     kType},
    {"[]", "Invalid request body: expected an object.", "-", kType},
    {"\"text\"", "Invalid request body: expected an object.", "-", kType},
};

TEST(ChatRequest, RefusesWhatIsMissingOrIllTyped) {
  for (const Refusal& c : kMissingOrIllTyped) EXPECT_EQ(refusal_of(c.body), c) << c.body;
}

const std::vector<Refusal> kNotAllowed = {
    {R"({"model":"m","messages":[]})",
     "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
     "array instead.",
     "messages", "empty_array"},
    {message(R"("role":"robot","content":"x")"),
     "Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'function', "
     "'tool', and 'developer'.",
     "messages[1].role", "invalid_value"},
    {message(R"("role":"user","content":[{"type":"video"}])"),
     "Invalid value: 'video'. Supported values are: 'text', 'image_url', 'input_audio', "
     "'refusal', and 'file'.",
     "messages[1].content[0].type", "invalid_value"},
    {with(R"("n":0)"),
     "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", "n",
     "integer_below_min_value"},
    {with(R"("n":129)"),
     "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.", "n",
     "integer_above_max_value"},
    {with(R"("max_completion_tokens":-1)"),
     "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1, but "
     "got -1 instead.",
     "max_completion_tokens", "integer_below_min_value"},
    {with(R"("temperature":2.5)"),
     "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 "
     "instead.",
     "temperature", "decimal_above_max_value"},
    {with(R"("temperature":-1)"),
     "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 "
     "instead.",
     "temperature", "decimal_below_min_value"},
    {with(R"("top_p":1.5)"),
     "Invalid 'top_p': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.",
     "top_p", "decimal_above_max_value"},
    {with(R"("logprobs":true,"top_logprobs":21)"),
     "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 "
     "instead.",
     "top_logprobs", "integer_above_max_value"},
    {with(R"("stop":["a","b","c","d","e"])"),
     "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array "
     "with length 5 instead.",
     "stop", "array_above_max_length"},
    {with(R"("stream_options":{"include_usage":true})"),
     "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options",
     "-"},
    {with(R"("top_logprobs":2)"),
     "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs",
     "-"},
    {with(R"("tool_choice":"auto")"),
     "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
     "tool_choice", "-"},
    {with(R"("tools":[])"),
     "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty "
     "array instead.",
     "tools", "empty_array"},
    {with(R"("tools":[{"type":"retrieval"}])"),
     "Invalid value: 'retrieval'. Supported values are: 'function' and 'custom'.", "tools[0].type",
     "invalid_value"},
    {with(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"maybe")"),
     "Invalid value: 'maybe'. Supported values are: 'none', 'auto', and 'required'.", "tool_choice",
     "invalid_value"},
    {with(R"("response_format":{"type":"xml"})"),
     "Invalid value: 'xml'. Supported values are: 'json_object', 'json_schema', and 'text'.",
     "response_format.type", "invalid_value"},
    // The first problem in the body's order is the one that is told.
    {with(R"("n":0,"temperature":3)"),
     "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", "n",
     "integer_below_min_value"},
};

TEST(ChatRequest, RefusesValuesThatAreNotAllowed) {
  for (const Refusal& c : kNotAllowed) EXPECT_EQ(refusal_of(c.body), c) << c.body;
}

TEST(ChatRequest, RefusesWhatIsNoJson) {
  const std::string deep = std::string(200'000, '[');
  for (const std::string& body :
       {std::string(""), std::string(" "), std::string("{"), std::string("nope"), with("\"a\":1,"),
        with("") + "x", with("\"user\":\"\xff\""), with("\"user\":\"\xed\xa0\x80\""),
        R"({"model":5,)" + std::string("}"), with("\"metadata\":" + deep), deep,
        std::string("{\"model\":\"m\"\0}", 14), with("// comment\n\"a\":1")}) {
    const auto request = parse_chat_request(body);
    ASSERT_FALSE(request) << body.substr(0, 200);
    EXPECT_EQ(request.error().kind, RequestProblem::Kind::invalid_json) << body.substr(0, 200);
    EXPECT_EQ(request.error().param, std::nullopt);
    // The sentence around it is a profile's.
    EXPECT_TRUE(request.error().message.ends_with('.'));
    EXPECT_EQ(request.error().message.find("JSON body"), std::string::npos);
  }
}

TEST(ChatRequest, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) {
    return with("\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
  };
  EXPECT_TRUE(parse_chat_request(nested(kRequestDepthMax - 1)));
  EXPECT_FALSE(parse_chat_request(nested(kRequestDepthMax)));
}

TEST(ChatRequest, SurvivesDamagedBodies) {
  const std::string body =
      with(R"("stop":["a"],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],)"
           R"("stream":true,"stream_options":{"include_usage":true},"metadata":{"a":[1,2]})");
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    Rng rng(seed);
    std::string damaged = body;
    for (int i = 0; i < 3; ++i) {
      damaged[rng.below(damaged.size())] = "\"{}[],:x1\\\xff"[rng.below(11)];
    }
    refused += parse_chat_request(damaged).has_error() ? 1 : 0;
  }
  EXPECT_GT(refused, 1'000u);
  EXPECT_LT(refused, 2'000u);
}

}  // namespace
}  // namespace lab
