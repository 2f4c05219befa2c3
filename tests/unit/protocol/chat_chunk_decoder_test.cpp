#include "shared/protocol/chat_chunk_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/base/rng.h"
#include "shared/protocol/chat_response.h"

namespace lab {
namespace {

void expect_as_parsed(ChatChunkDecoder& decoder, const std::string& json) {
  const Result<ChatChunk> parsed = parse_chat_chunk(json);
  const Result<ChatChunk>& read = decoder.read(json);
  ASSERT_EQ(read.has_value(), parsed.has_value()) << json;
  if (parsed) {
    EXPECT_TRUE(*read == *parsed) << json;
  } else {
    EXPECT_EQ(read.error().to_string(), parsed.error().to_string()) << json;
  }
}

// Each after the first one, which is read anew every time.
void expect_each_as_parsed(const std::string& first, const std::vector<std::string>& others) {
  for (const std::string& other : others) {
    ChatChunkDecoder decoder;
    expect_as_parsed(decoder, first);
    expect_as_parsed(decoder, other);
    expect_as_parsed(decoder, first);
  }
}

TEST(ChatChunkDecoder, SaysOfAnotherTokenWhatTheParserSays) {
  expect_each_as_parsed(
      R"({"id":"c","choices":[{"index":0,"delta":{"content":"one"},"finish_reason":null}]})",
      {
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]})",
          // Not plain: escapes, other alphabets, control characters, half of a character.
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"a\"b"},"finish_reason":null}]})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"\n"},"finish_reason":null}]})",
          "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\u00e9\"},"
          "\"finish_reason\":null}]}",
          "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\n\"},"
          "\"finish_reason\":null}]}",
          "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xC3\"},"
          "\"finish_reason\":null}]}",
          // What surrounds the token differs.
          R"({"id":"d","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]})",
          R"({"id":"c","choices":[{"index":1,"delta":{"content":"two"},"finish_reason":null}]})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":"x"}]})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":null},"finish_reason":null}]})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]}})",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}])",
          R"({"id":"c","choices":[{"index":0,"delta":{"content":"two)",
          R"({"error":{"message":"no"}})",
          R"([])",
          "",
      });
}

TEST(ChatChunkDecoder, SaysOfOtherPaddingWhatTheParserSays) {
  expect_each_as_parsed(
      R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"abc"})",
      {
          R"({"choices":[{"index":0,"delta":{"content":"three"}}],"obfuscation":"x"})",
          R"({"choices":[{"index":0,"delta":{"content":"three"}}],"obfuscation":""})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"\n"})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"a","error":"b"})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"a})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":"a"}"})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}],"obfuscation":1})",
          R"({"choices":[{"index":0,"delta":{"content":"one"}}]})",
      });
}

// No token alone says what such a chunk's content is.
TEST(ChatChunkDecoder, KeepsToTheParserWhereContentIsGivenTwice) {
  expect_each_as_parsed(R"({"choices":[{"delta":{"content":"a","content":"b"}}]})",
                        {R"({"choices":[{"delta":{"content":"c","content":"b"}}]})",
                         R"({"choices":[{"delta":{"content":"a","content":"c"}}]})"});
  expect_each_as_parsed(R"({"choices":[{"delta":{"content":"a","content":["a"]}}]})",
                        {R"({"choices":[{"delta":{"content":"b","content":["a"]}}]})"});
  expect_each_as_parsed(R"({"choices":[{"delta":{"content":"a"}},{"delta":{"content":"a"}}]})",
                        {R"({"choices":[{"delta":{"content":"b"}},{"delta":{"content":"a"}}]})"});
  expect_each_as_parsed(R"({"choices":[{"delta":{"content":"a"}},{"delta":{}}]})",
                        {R"({"choices":[{"delta":{"content":"b"}},{"delta":{}}]})"});
}

// A whole stream as it is written, and the same with a byte changed here and there.
TEST(ChatChunkDecoder, SaysWhatTheParserSaysOfStreamsWithChangedBytes) {
  constexpr std::uint64_t kSeed = 1;
  constexpr int kChunks = 20'000;
  constexpr std::string_view kBytes = "\"\\{}[],:a1 \n\x80";
  Rng rng(kSeed);
  ChunkWriter writer({.id = "c-1", .created = 1, .model = "m"}, true, Rng(kSeed));
  ChatChunkDecoder decoder;
  for (int i = 0; i < kChunks; ++i) {
    std::string json;
    writer.set_padding(Rng(kSeed + static_cast<std::uint64_t>(i)));
    writer.append_content(json, 0, "token" + std::to_string(i % 7));
    if (rng.below(2) == 0) json[rng.below(json.size())] = kBytes[rng.below(kBytes.size())];
    expect_as_parsed(decoder, json);
  }
}

}  // namespace
}  // namespace lab
