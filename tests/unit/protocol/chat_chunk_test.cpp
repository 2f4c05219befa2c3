#include "shared/protocol/chat_chunk.h"

#include <gtest/gtest.h>

#include "shared/base/rng.h"
#include "shared/protocol/chat_response.h"

namespace lab {
namespace {

ChatChunk parsed_chunk(std::string_view json) {
  auto chunk = parse_chat_chunk(json);
  EXPECT_TRUE(chunk) << json << ": " << chunk.error().to_string();
  return chunk ? *std::move(chunk) : ChatChunk{};
}

TEST(ChatChunk, ARefusalIsWhatTheUserReads) {
  const ChatChunk chunk =
      parsed_chunk(R"({"choices":[{"index":0,"delta":{"content":null,"refusal":"No."}}]})");
  ASSERT_EQ(chunk.choices.size(), 1u);
  EXPECT_EQ(chunk.choices[0].content, "");
  EXPECT_EQ(chunk.choices[0].refusal, "No.");
  EXPECT_TRUE(chunk.choices[0].says_something());
}

TEST(ChatChunk, ReadsWhatTheWriterWrites) {
  ChunkWriter writer({.id = "c-1", .created = 1, .model = "m"}, true);
  // A role chunk has a role and no content.
  std::string json;
  writer.append_role(json, 2);
  ChatChunk chunk = parsed_chunk(json);
  ASSERT_EQ(chunk.choices.size(), 1u);
  EXPECT_EQ(chunk.choices[0].index, 2);
  EXPECT_TRUE(chunk.choices[0].has_role);
  EXPECT_EQ(chunk.choices[0].content, "");
  EXPECT_EQ(chunk.usage, std::nullopt);
  // A content chunk, escapes and all.
  json.clear();
  const TokenLogprob logprob{"x", -1, {{"content", -1}}};
  writer.append_content(json, 0, "a\"\n\u00e9\x01", &logprob);
  chunk = parsed_chunk(json);
  EXPECT_EQ(chunk.choices[0].content, "a\"\n\u00e9\x01");
  EXPECT_EQ(chunk.choices[0].finish_reason, "");
  // A finish chunk.
  json.clear();
  writer.append_finish(json, 0, FinishReason::content_filter);
  EXPECT_EQ(parsed_chunk(json).choices[0].finish_reason, "content_filter");
  // A usage chunk: choices are there, and empty.
  json.clear();
  writer.append_usage(json, {7, 3, 2, 1});
  chunk = parsed_chunk(json);
  EXPECT_TRUE(chunk.choices.empty());
  EXPECT_EQ(chunk.usage, (UsageReceived{7, 3, 2, 1}));
  // Tool calls.
  json.clear();
  writer.append_tool_call_start(json, {0, 1}, "call_1", "f");
  chunk = parsed_chunk(json);
  ASSERT_EQ(chunk.choices[0].tool_calls.size(), 1u);
  EXPECT_EQ(chunk.choices[0].tool_calls[0].index, 1);
  EXPECT_EQ(chunk.choices[0].tool_calls[0].id, "call_1");
  EXPECT_EQ(chunk.choices[0].tool_calls[0].name, "f");
  json.clear();
  writer.append_tool_call_arguments(json, {0, 1}, "{\"a");
  EXPECT_EQ(parsed_chunk(json).choices[0].tool_calls[0].arguments, "{\"a");
}

TEST(ChatChunk, ReadsABufferedCompletion) {
  const CompletionChoice choices[] = {{.content = "Hi", .finish_reason = FinishReason::stop},
                                      {.content = "",
                                       .tool_calls = {{"call_1", "f", "{}"}},
                                       .finish_reason = FinishReason::tool_calls}};
  std::string json;
  append_chat_completion(json, {.id = "c", .created = 1, .model = "m"}, choices, {7, 3, 2, 1});
  const auto completion = parse_chat_chunk(json);
  ASSERT_TRUE(completion);
  ASSERT_EQ(completion->choices.size(), 2u);
  EXPECT_EQ(completion->choices[0].content, "Hi");
  EXPECT_EQ(completion->choices[0].finish_reason, "stop");
  EXPECT_EQ(completion->choices[1].index, 1);
  EXPECT_EQ(completion->choices[1].tool_calls.at(0).arguments, "{}");
  EXPECT_EQ(completion->usage, (UsageReceived{7, 3, 2, 1}));
}

TEST(ChatChunk, ReadsErrorsInsideAStream) {
  EXPECT_EQ(parsed_chunk(R"({"error":{"message":"boom","type":"server_error","code":"x"}})").error,
            (ErrorInfo{"boom", "server_error", "x"}));
  EXPECT_EQ(parsed_chunk(R"({"error":{"message":"boom","type":null,"code":500}})").error,
            (ErrorInfo{"boom", "", "500"}));
  EXPECT_EQ(parsed_chunk(R"({"error":"boom"})").error, (ErrorInfo{"boom", "", ""}));
  EXPECT_EQ(parsed_chunk(R"({"error":null,"choices":[]})").error, std::nullopt);
}

TEST(ChatChunk, IgnoresWhatItDoesNotKnow) {
  const ChatChunk chunk = parsed_chunk(
      R"({"id":7,"choices":[{"index":0.0,"delta":{"reasoning_content":"hm","content":[{"x":1}],)"
      R"("tool_calls":null,"x":{"content":"no"}},"logprobs":{"content":[{"content":"no"}]}},3],)"
      R"("usage":{"prompt_tokens":12.0,"cost":{"prompt_tokens":1}},"model":null,"extra":[[{}]]})");
  ASSERT_EQ(chunk.choices.size(), 1u);
  EXPECT_EQ(chunk.choices[0].content, "");
  EXPECT_EQ(chunk.choices[0].reasoning, "hm");
  EXPECT_TRUE(chunk.choices[0].tool_calls.empty());
  EXPECT_EQ(chunk.usage, (UsageReceived{.prompt_tokens = 12}));
  EXPECT_TRUE(parsed_chunk("{}").choices.empty());
}

TEST(ChatChunk, RefusesWhatIsNotOneJsonObject) {
  for (const std::string& json :
       {std::string(""), std::string("[DONE]"), std::string("[]"), std::string("3"),
        std::string("{\"choices\":["), std::string("{} {}"), std::string("{\"id\":\"\xff\"}"),
        std::string(100'000, '[')}) {
    EXPECT_FALSE(parse_chat_chunk(json)) << json.substr(0, 100);
  }
}

TEST(ChatChunk, SurvivesDamagedChunks) {
  const std::string json =
      R"({"choices":[{"index":0,"delta":{"role":"a","content":"x","tool_calls":[{"index":1}]}}])"
      R"(,"usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":1}},)"
      R"("error":{"code":1}})";
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    Rng rng(seed);
    std::string damaged = json;
    for (int i = 0; i < 2; ++i) {
      damaged[rng.below(damaged.size())] = "\"{}[],:x1\\\xff"[rng.below(11)];
    }
    refused += parse_chat_chunk(damaged).has_error() ? 1 : 0;
  }
  EXPECT_GT(refused, 1'000u);
  EXPECT_LT(refused, 2'000u);
}

}  // namespace
}  // namespace lab
