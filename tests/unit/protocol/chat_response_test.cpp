#include "shared/protocol/chat_response.h"

#include <gtest/gtest.h>

#include "shared/protocol/chat_chunk.h"

namespace lab {
namespace {

const AnswerHead kHead{
    .id = "chatcmpl-1", .created = 1700000000, .model = "gpt-4", .system_fingerprint = "fp_1"};

constexpr std::string_view kChunkHead =
    R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4",)"
    R"("system_fingerprint":"fp_1","choices":[)";

std::string chunk(std::string_view rest) { return std::string(kChunkHead) + std::string(rest); }

template <class Append>
std::string written(Append&& append) {
  std::string out;
  append(out);
  return out;
}

TEST(ChunkWriter, WritesTheChunksOfAStream) {
  ChunkWriter writer(kHead);
  EXPECT_EQ(written([&](auto& out) { writer.append_role(out, 0); }),
            chunk(R"({"index":0,"delta":{"role":"assistant","content":"","refusal":null},)"
                  R"("logprobs":null,"finish_reason":null}]})"));
  EXPECT_EQ(
      written([&](auto& out) { writer.append_content(out, 1, " a\"b"); }),
      chunk(R"({"index":1,"delta":{"content":" a\"b"},"logprobs":null,"finish_reason":null}]})"));
  EXPECT_EQ(written([&](auto& out) { writer.append_finish(out, 0, FinishReason::length); }),
            chunk(R"({"index":0,"delta":{},"logprobs":null,"finish_reason":"length"}]})"));
}

TEST(ChunkWriter, WritesUsageOnEveryChunkIfAskedFor) {
  ChunkWriter writer(kHead, true);
  EXPECT_EQ(written([&](auto& out) { writer.append_content(out, 0, "a"); }),
            chunk(R"({"index":0,"delta":{"content":"a"},"logprobs":null,"finish_reason":null}],)"
                  R"("usage":null})"));
  EXPECT_EQ(
      written([&](auto& out) { writer.append_finish(out, 0, FinishReason::stop); }),
      chunk(R"({"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null})"));
  EXPECT_EQ(written([&](auto& out) { writer.append_usage(out, {7, 3, 2, 1}); }),
            chunk(R"(],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,)"
                  R"("prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},)"
                  R"("completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":0,)"
                  R"("accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}})"));
}

TEST(ChunkWriter, WritesToolCallsAndLogprobs) {
  ChunkWriter writer(kHead);
  EXPECT_EQ(written([&](auto& out) { writer.append_role(out, 0, false); }),
            chunk(R"({"index":0,"delta":{"role":"assistant","content":null,"refusal":null},)"
                  R"("logprobs":null,"finish_reason":null}]})"));
  EXPECT_EQ(written([&](auto& out) { writer.append_tool_call_start(out, {0, 1}, "call_1", "f"); }),
            chunk(R"({"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_1","type":"function",)"
                  R"("function":{"name":"f","arguments":""}}]},"logprobs":null,)"
                  R"("finish_reason":null}]})"));
  EXPECT_EQ(
      written([&](auto& out) { writer.append_tool_call_arguments(out, {0, 1}, "{\"a"); }),
      chunk(R"({"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"a"}}]},)"
            R"("logprobs":null,"finish_reason":null}]})"));
  const TokenLogprob logprob{"hé", -0.5, {{"hé", -0.5}, {"x", -2}}};
  EXPECT_EQ(written([&](auto& out) { writer.append_content(out, 0, "hé", &logprob); }),
            chunk(R"({"index":0,"delta":{"content":"hé"},"logprobs":{"content":[{"token":"hé",)"
                  R"("logprob":-0.5,"bytes":[104,195,169],"top_logprobs":[{"token":"hé",)"
                  R"("logprob":-0.5,"bytes":[104,195,169]},{"token":"x","logprob":-2,)"
                  R"("bytes":[120]}]}],"refusal":null},"finish_reason":null}]})"));
}

TEST(ChunkWriter, BeginsAChoiceOfToolCallsInOneChunk) {
  ChunkWriter writer(kHead);
  EXPECT_EQ(written([&](auto& out) { writer.append_role_with_tool_call(out, {}, "call_1", "f"); }),
            chunk(R"({"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[)"
                  R"({"index":0,"id":"call_1","type":"function","function":{"name":"f",)"
                  R"("arguments":""}}],"refusal":null},"logprobs":null,"finish_reason":null}]})"));
}

TEST(ChunkWriter, WritesEachFormOfCall) {
  const std::string end = R"(},"logprobs":null,"finish_reason":null}]})";
  const ToolCallPlace function{0, 0, CallForm::function};
  const ToolCallPlace custom{0, 1, CallForm::custom};
  ChunkWriter writer(kHead);
  EXPECT_EQ(
      written([&](auto& out) { writer.append_role_with_tool_call(out, function, "call_1", "f"); }),
      chunk(R"({"index":0,"delta":{"role":"assistant","content":null,)"
            R"("function_call":{"name":"f","arguments":""},"refusal":null)" +
            end));
  EXPECT_EQ(
      written([&](auto& out) { writer.append_tool_call_start(out, function, "call_1", "f"); }),
      chunk(R"({"index":0,"delta":{"function_call":{"name":"f","arguments":""})" + end));
  EXPECT_EQ(written([&](auto& out) { writer.append_tool_call_arguments(out, function, "{}"); }),
            chunk(R"({"index":0,"delta":{"function_call":{"arguments":"{}"})" + end));
  EXPECT_EQ(written([&](auto& out) { writer.append_tool_call_start(out, custom, "call_1", "c"); }),
            chunk(R"({"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_1","type":"custom",)"
                  R"("custom":{"name":"c","input":""}}])" +
                  end));
  EXPECT_EQ(
      written([&](auto& out) { writer.append_tool_call_arguments(out, custom, "a"); }),
      chunk(R"({"index":0,"delta":{"tool_calls":[{"index":1,"custom":{"input":"a"}}])" + end));
}

std::string padding_of(const std::string& chunk) {
  constexpr std::string_view kName = R"(,"obfuscation":")";
  const std::size_t begin = chunk.find(kName);
  if (begin == std::string::npos || !chunk.ends_with("\"}")) return "";
  return chunk.substr(begin + kName.size(), chunk.size() - 2 - begin - kName.size());
}

TEST(ChunkWriter, PadsChunksSoThatTheirSizesTellNothing) {
  ChunkWriter writer(kHead, true, Rng(1));
  const auto content = [&](std::string_view text) {
    return written([&](auto& out) { writer.append_content(out, 0, text); });
  };
  const std::string one = content("a");
  EXPECT_TRUE(one.starts_with(
      chunk(R"({"index":0,"delta":{"content":"a"},"logprobs":null,"finish_reason":null}],)"
            R"("usage":null,"obfuscation":")")));
  EXPECT_EQ(padding_of(one).size(), 13u);  // Up to 16 with the text and its quotes.
  EXPECT_EQ(content(" understand").size(), one.size());
  EXPECT_EQ(content("\n").size(), one.size());
  EXPECT_EQ(content(" understanding").size(), one.size() + 16);
  EXPECT_NE(padding_of(content("a")), padding_of(one));
  const auto is_padded = [&](const std::string& text) {
    return !padding_of(text).empty() && padding_of(text).size() <= 16;
  };
  EXPECT_TRUE(is_padded(written([&](auto& out) { writer.append_role(out, 0); })));
  EXPECT_TRUE(is_padded(written([&](auto& out) { writer.append_usage(out, {}); })));
  EXPECT_TRUE(
      is_padded(written([&](auto& out) { writer.append_finish(out, 0, FinishReason::stop); })));
  EXPECT_TRUE(
      is_padded(written([&](auto& out) { writer.append_tool_call_arguments(out, {0, 0}, "{}"); })));
}

TEST(ChunkWriter, LeavesOutNullsIfTheGatewayDoes) {
  ChunkWriter writer({.id = "c", .created = 1, .model = "m", .omits_nulls = true});
  const std::string head =
      R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[)";
  EXPECT_EQ(written([&](auto& out) { writer.append_role(out, 0); }),
            head + R"({"index":0,"delta":{"role":"assistant","content":""}}]})");
  EXPECT_EQ(written([&](auto& out) { writer.append_role(out, 0, false); }),
            head + R"({"index":0,"delta":{"role":"assistant"}}]})");
  EXPECT_EQ(written([&](auto& out) { writer.append_finish(out, 0, FinishReason::stop); }),
            head + R"({"index":0,"delta":{},"finish_reason":"stop"}]})");
  const TokenLogprob logprob{"x", 0, {}};
  EXPECT_EQ(written([&](auto& out) { writer.append_content(out, 0, "x", &logprob); }),
            head + R"({"index":0,"delta":{"content":"x"},"logprobs":{"content":[{"token":"x",)"
                   R"("logprob":0,"bytes":[120],"top_logprobs":[]}],"refusal":null}}]})");
}

TEST(ChatCompletion, SaysThatAMessageHasNoAnnotations) {
  AnswerHead head = kHead;
  head.has_annotations = true;
  std::string out;
  append_chat_completion(out, head, std::vector<CompletionChoice>{{.content = "Hi"}}, {});
  EXPECT_NE(out.find(R"("content":"Hi","refusal":null,"annotations":[]},"logprobs")"),
            std::string::npos)
      << out;
}

TEST(ChatCompletion, WritesEveryMember) {
  const CompletionChoice choices[] = {{.content = "Hi", .finish_reason = FinishReason::stop},
                                      {.content = "",
                                       .tool_calls = {{"call_1", "f", "{\"a\":1}"}},
                                       .logprobs = std::vector<TokenLogprob>{},
                                       .finish_reason = FinishReason::tool_calls}};
  AnswerHead head = kHead;
  head.service_tier = "default";
  std::string out;
  append_chat_completion(out, head, choices, {7, 3, 0, 0});
  EXPECT_EQ(out,
            R"({"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4",)"
            R"("choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},)"
            R"("logprobs":null,"finish_reason":"stop"},{"index":1,"message":{"role":"assistant",)"
            R"("content":null,"tool_calls":[{"id":"call_1","type":"function","function":)"
            R"({"name":"f","arguments":"{\"a\":1}"}}],"refusal":null},"logprobs":{"content":[],)"
            R"("refusal":null},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,)"
            R"("completion_tokens":3,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":0,)"
            R"("audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,)"
            R"("audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},)"
            R"("service_tier":"default","system_fingerprint":"fp_1"})");
}

TEST(ChatCompletion, LeavesOutNullsIfTheGatewayDoes) {
  const CompletionChoice choices[] = {
      {.content = "Hi", .finish_reason = FinishReason::content_filter}};
  std::string out;
  append_chat_completion(out, {.id = "c", .created = 1, .model = "m", .omits_nulls = true}, choices,
                         {});
  EXPECT_TRUE(out.starts_with(
      R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":"Hi"},"finish_reason":"content_filter"}],)"
      R"("usage":{"prompt_tokens":0,)"))
      << out;
  EXPECT_TRUE(out.ends_with("}}}")) << out;
}

}  // namespace
}  // namespace lab
