// What answers say over virtual time: tool calls, structured answers, log probabilities, written
// answers.
#include <gtest/gtest.h>

#include <set>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

std::string steady_with(std::string_view tokens) {
  return R"({"latency":{"ttft":"100ms","itl":"20ms","other":"2ms"},"tokens":)" +
         std::string(tokens) + "}";
}

constexpr std::string_view kTools = R"("tools":[{"type":"function","function":{"name":"get_weather",
    "parameters":{"type":"object","properties":{"city":{"type":"string"},
    "days":{"type":"integer","minimum":1,"maximum":14}},"required":["city","days"]}}}])";

// A chat request under one id, with more members.
HttpRequest asking(bool stream, std::string_view members, std::string_view id = "same") {
  HttpRequest request = chat_request(stream, "gpt-4o");
  request.headers.add("X-Request-ID", id);
  request.body.insert(request.body.size() - 1, "," + std::string(members));
  return request;
}

Json choice_of(GatewayWorld& world, std::string_view members) {
  const SeenResponse seen = world.send(asking(false, members));
  EXPECT_EQ(seen.status, 200u) << seen.body;
  return Json::parse(seen.body)["choices"][0];
}

// A streamed answer put together again, as a client does it.
struct Assembled {
  std::string content;
  std::vector<Json> tool_calls;  // As in a buffered answer.
  Json logprobs = Json::array();
  std::size_t pieces = 0;  // Chunks with a token.
  std::string finish_reason;
  Json usage;
};

void add_tool_call(const Json& delta, Assembled& answer) {
  const auto index = delta["index"].get<std::size_t>();
  if (delta.contains("id")) {
    EXPECT_EQ(index, answer.tool_calls.size());
    Json call = delta;
    call.erase("index");
    answer.tool_calls.push_back(std::move(call));
    return;
  }
  ++answer.pieces;
  Json& arguments = answer.tool_calls.at(index)["function"]["arguments"];
  arguments = arguments.get<std::string>() + delta["function"]["arguments"].get<std::string>();
}

void add_choice(const Json& choice, Assembled& answer) {
  const Json& delta = choice["delta"];
  const Json content = delta.value("content", Json());
  if (content.is_string() && content != "") {
    answer.content += content.get<std::string>();
    ++answer.pieces;
  }
  for (const Json& call : delta.value("tool_calls", Json::array())) add_tool_call(call, answer);
  if (choice["logprobs"].is_object()) {
    for (const Json& entry : choice["logprobs"]["content"]) answer.logprobs.push_back(entry);
  }
  if (choice["finish_reason"].is_string()) answer.finish_reason = choice["finish_reason"];
}

Assembled assembled(const SeenResponse& seen) {
  EXPECT_EQ(seen.status, 200u) << seen.body;
  Assembled answer;
  for (const std::string& event : seen.events()) {
    if (event == "[DONE]") continue;
    const Json chunk = Json::parse(event);
    for (const Json& choice : chunk["choices"]) add_choice(choice, answer);
    answer.usage = chunk.value("usage", Json());
  }
  return answer;
}

Assembled streamed(GatewayWorld& world, std::string members) {
  members += R"(,"stream_options":{"include_usage":true})";
  return assembled(world.send(asking(true, members)));
}

TEST(GatewayContent, AToolCallStreamsWhatTheBufferedAnswerHolds) {
  GatewayWorld world(steady_with(R"({"output":5})"));
  const Json choice = choice_of(world, kTools);
  EXPECT_TRUE(choice["message"]["content"].is_null());
  EXPECT_EQ(choice["finish_reason"], "tool_calls");
  const Json& calls = choice["message"]["tool_calls"];
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0]["function"]["name"], "get_weather");
  const Json arguments = Json::parse(calls[0]["function"]["arguments"].get<std::string>());
  EXPECT_TRUE(arguments["city"].is_string());
  EXPECT_LE(arguments["days"], 14);
  const Assembled stream = streamed(world, std::string(kTools));
  EXPECT_EQ(Json(stream.tool_calls), calls);
  EXPECT_EQ(stream.content, "");
  EXPECT_EQ(stream.finish_reason, "tool_calls");
  EXPECT_EQ(stream.usage["completion_tokens"], stream.pieces);
}

TEST(GatewayContent, ArgumentsArriveTokenByToken) {
  GatewayWorld world(steady_with(R"({"output":5})"));
  const SeenResponse seen = world.send(asking(true, kTools));
  const std::size_t tokens = assembled(seen).pieces;
  ASSERT_GT(tokens, 5u);
  std::set<Duration> times;
  for (const auto& [at, piece] : seen.pieces) times.insert(at);
  ASSERT_EQ(times.size(), tokens);
  EXPECT_EQ(*times.begin(), 100ms);
  EXPECT_EQ(*times.rbegin(), 100ms + 20ms * (tokens - 1));
}

TEST(GatewayContent, ParallelCallsHaveTheirIndices) {
  GatewayWorld world(steady_with(R"({"output":5,"tool_calls":{"parallel":3}})"));
  const Assembled stream = streamed(world, std::string(kTools));
  ASSERT_EQ(stream.tool_calls.size(), 3u);
  EXPECT_NE(stream.tool_calls[0]["id"], stream.tool_calls[2]["id"]);
  EXPECT_EQ(Json(stream.tool_calls), choice_of(world, kTools)["message"]["tool_calls"]);
  EXPECT_EQ(stream.usage["completion_tokens"], stream.pieces);
  const std::string one = std::string(kTools) + R"(,"parallel_tool_calls":false)";
  EXPECT_EQ(streamed(world, one).tool_calls.size(), 1u);
}

TEST(GatewayContent, AToolsResultIsAnsweredWithText) {
  GatewayWorld world(steady_with(R"({"output":5})"));
  HttpRequest request = asking(false, kTools);
  const std::string conversation =
      R"(,{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
          "function":{"name":"get_weather","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"call_1","content":"18 degrees"}])";
  request.body.replace(request.body.find("}]") + 1, 1, conversation);
  const Json choice = Json::parse(world.send(request).body)["choices"][0];
  EXPECT_EQ(choice["finish_reason"], "stop");
  EXPECT_NE(choice["message"]["content"], "");
}

TEST(GatewayContent, MaxTokensCutsACall) {
  GatewayWorld world(steady_with(R"({"output":5})"));
  const std::string members = std::string(kTools) + R"(,"max_tokens":3)";
  const Assembled stream = streamed(world, members);
  EXPECT_EQ(stream.finish_reason, "length");
  EXPECT_EQ(stream.pieces, 3u);
  EXPECT_EQ(stream.usage["completion_tokens"], 3);
  EXPECT_EQ(choice_of(world, members)["finish_reason"], "length");
}

TEST(GatewayContent, AStructuredAnswerIsJsonInBothForms) {
  GatewayWorld world(steady_with(R"({"output":5})"));
  const std::string members = R"("response_format":{"type":"json_schema","json_schema":{"name":"a",
      "strict":true,"schema":{"type":"object","properties":{"answer":{"type":"integer"},
      "sure":{"type":"boolean"}},"required":["answer","sure"],"additionalProperties":false}}})";
  const Assembled stream = streamed(world, members);
  const Json value = Json::parse(stream.content);
  EXPECT_TRUE(value["answer"].is_number_integer());
  EXPECT_TRUE(value["sure"].is_boolean());
  EXPECT_EQ(stream.finish_reason, "stop");
  EXPECT_EQ(stream.usage["completion_tokens"], stream.pieces);
  EXPECT_EQ(choice_of(world, members)["message"]["content"], stream.content);
  const Json any = choice_of(world, R"("messages":[{"role":"user","content":"Answer in JSON."}],)"
                                    R"("response_format":{"type":"json_object"})");
  EXPECT_TRUE(Json::parse(any["message"]["content"].get<std::string>()).is_object());
}

TEST(GatewayContent, LogprobsAreTheSameInBothForms) {
  GatewayWorld world(steady_with(R"({"output":8})"));
  const std::string members = R"("logprobs":true,"top_logprobs":3)";
  const Assembled stream = streamed(world, members);
  EXPECT_EQ(stream.logprobs.size(), 8u);
  std::string text;
  for (const Json& entry : stream.logprobs) text += entry["token"].get<std::string>();
  EXPECT_EQ(text, stream.content);
  EXPECT_EQ(stream.logprobs[0]["top_logprobs"].size(), 3u);
  EXPECT_EQ(choice_of(world, members)["logprobs"]["content"], stream.logprobs);
  EXPECT_TRUE(choice_of(world, R"("user":"x")")["logprobs"].is_null());
}

TEST(GatewayContent, AWrittenAnswerIsFoundByTheRequest) {
  GatewayWorld world(steady_with(R"({"content":{"fixtures":[
      {"match":{"contains":"Say hello","model":"gpt-4o"},"text":"Hello there."}],
      "fallback":{"template":"no answer for ${model}"}}})"));
  EXPECT_EQ(choice_of(world, R"("user":"x")")["message"]["content"], "Hello there.");
  const SeenResponse other = world.send(chat_request(false, "gpt-3.5-turbo"));
  EXPECT_EQ(Json::parse(other.body)["choices"][0]["message"]["content"],
            "no answer for gpt-3.5-turbo");
}

TEST(GatewayContent, TheSameSeedGivesTheSameCalls) {
  const auto run = [](std::string_view id) {
    GatewayWorld world(steady_with(R"({"tool_calls":{"probability":0.5,"parallel":2}})"));
    const std::string members = std::string(kTools) + R"(,"seed":7,"n":4)";
    Json choices = Json::parse(world.send(asking(false, members, id)).body)["choices"];
    return choices;
  };
  // By the seed in the request, whatever its id.
  EXPECT_EQ(run("one"), run("another"));
}

TEST(GatewayContent, AStreamOfACallCanBreakLikeAnyOther) {
  GatewayWorld world(R"({"faults":[{"name":"cut","fault":{"kind":"truncate_no_done",
      "after_tokens":2}}]})");
  const Assembled stream = assembled(world.send(asking(true, kTools)));
  EXPECT_EQ(stream.pieces, 2u);
  EXPECT_EQ(stream.finish_reason, "");
  EXPECT_EQ(stream.tool_calls.size(), 1u);
}

}  // namespace
}  // namespace lab::test
