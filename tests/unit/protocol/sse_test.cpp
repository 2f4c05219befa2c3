#include "shared/protocol/sse.h"

#include <gtest/gtest.h>

#include <vector>

#include "shared/base/rng.h"

namespace lab {
namespace {

using namespace std::string_literals;

// "event|data|id" for each event.
using Events = std::vector<std::string>;

void push(SseDecoder& decoder, std::string_view bytes, Events& events) {
  decoder.push(bytes, [&](const SseEvent& event) {
    events.push_back(std::string(event.event) + "|" + std::string(event.data) + "|" +
                     std::string(event.id));
  });
}

Events decode(std::string_view bytes) {
  SseDecoder decoder;
  Events events;
  push(decoder, bytes, events);
  return events;
}

struct Case {
  std::string bytes;
  Events events;
};

const std::vector<Case>& corpus() {
  static const std::vector<Case> cases{
      {"data: {\"a\":1}\n\ndata: [DONE]\n\n", {"|{\"a\":1}|", "|[DONE]|"}},
      {"data: a\r\n\r\ndata: b\r\n\r\n", {"|a|", "|b|"}},
      {"data: a\r\rdata: b\r\r", {"|a|", "|b|"}},
      {"data: a\r\n\ndata: b\n\r\ndata: c\n\r", {"|a|", "|b|", "|c|"}},
      {"\xEF\xBB\xBF"
       "data: a\n\n",
       {"|a|"}},
      // Only one mark is skipped, and only at the start.
      {"\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\n\ndata: b\n\n",
       {"|b|"}},
      {"\xEF\xBB"
       "data: a\n\ndata: b\n\n",
       {"|b|"}},
      {": ping\n\n:\n\ndata: a\n: inside\n\n", {"|a|"}},
      {"event: error\nid: 7\ndata: x\n\ndata: y\n\n", {"error|x|7", "|y|7"}},
      {"data: a\ndata:  b\ndata\ndata:\n\n", {"|a\n b\n\n|"}},
      {"data\n\n", {"||"}},
      {"data:no space\n\n", {"|no space|"}},
      {"data:\ttab: colon\n\n", {"|\ttab: colon|"}},
      {"event: lost\n\ndata: a\n\n", {"|a|"}},
      {"unknown: x\ndata : y\nretry: 10\n\ndata: a\n\n", {"|a|"}},
      {"id: a\nid: b\0c\ndata: x\n\nid\ndata: y\n\n"s, {"|x|a", "|y|"}},
      {"\n\n\r\n\rdata: a\n\n\n\ndata: b\n\n", {"|a|", "|b|"}},
      {"data: a\n\ndata: cut", {"|a|"}},
      {"data: \xE4\xBD\xA0\xE5\xA5\xBD\n\n", {"|\xE4\xBD\xA0\xE5\xA5\xBD|"}},
      {"", {}},
  };
  return cases;
}

TEST(SseDecoder, DecodesAsTheSpecificationSays) {
  for (const Case& c : corpus()) EXPECT_EQ(decode(c.bytes), c.events) << c.bytes;
}

TEST(SseDecoder, GivesTheSameEventsForEverySplitInTwo) {
  for (const Case& c : corpus()) {
    for (std::size_t split = 0; split <= c.bytes.size(); ++split) {
      SseDecoder decoder;
      Events events;
      push(decoder, std::string_view(c.bytes).substr(0, split), events);
      push(decoder, std::string_view(c.bytes).substr(split), events);
      EXPECT_EQ(events, c.events) << c.bytes << " split at " << split;
    }
  }
}

TEST(SseDecoder, GivesTheSameEventsByteByByte) {
  for (const Case& c : corpus()) {
    SseDecoder decoder;
    Events events;
    for (const char byte : c.bytes) push(decoder, {&byte, 1}, events);
    EXPECT_EQ(events, c.events) << c.bytes;
  }
}

// Whatever the place of a line's end, and whatever byte comes before it.
TEST(SseDecoder, FindsTheEndOfALineOfAnyLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (const char last : {'x', '\t', '\v', '\f', '\x0e', '\x8d', '\x8a', '\xff'}) {
      const std::string data = std::string(size, 'a') + last;
      EXPECT_EQ(decode("data: " + data + "\n\n"), Events{"|" + data + "|"}) << size;
      EXPECT_EQ(decode("data: " + data + "\r\r"), Events{"|" + data + "|"}) << size;
    }
  }
}

TEST(SseDecoder, DispatchesAtACarriageReturnWithoutWaitingForALineFeed) {
  SseDecoder decoder;
  Events events;
  push(decoder, "data: a\r\n\r", events);
  EXPECT_EQ(events, Events{"|a|"});
  push(decoder, "\n", events);
  EXPECT_FALSE(decoder.has_unfinished_event());
}

TEST(SseDecoder, KnowsWhetherAnEventWasCut) {
  struct Cut {
    const char* bytes;
    bool is_cut;
  };
  for (const Cut& c : {Cut{"", false}, Cut{"data: a\n\n", false}, Cut{"data: a\n", true},
                       Cut{"data: a\n\ndat", true}, Cut{"event: x\n", true}, Cut{"data\n", true},
                       Cut{": comment", false}, Cut{": comment\n", false}}) {
    SseDecoder decoder;
    Events events;
    push(decoder, c.bytes, events);
    EXPECT_EQ(decoder.has_unfinished_event(), c.is_cut) << c.bytes;
  }
}

TEST(SseDecoder, KeepsRetryAndCountsComments) {
  SseDecoder decoder;
  Events events;
  push(decoder, ": a\nretry: 1500\nretry: soon\nretry: 99999999999999999999\n:b\n\n", events);
  EXPECT_EQ(decoder.retry(), std::chrono::milliseconds(1500));
  EXPECT_EQ(decoder.comment_count(), 2u);
  EXPECT_TRUE(events.empty());
}

TEST(SseDecoder, FailsAtAnEventLargerThanItsLimit) {
  for (const char* bytes : {"data: 0123456789012345", "data: 01234567\ndata: 01234567\n\n",
                            ": 01234567890123456789\n", "event: 0123\ndata: 01234567\ndata: 0\n"}) {
    SseDecoder whole(16);
    Events events;
    push(whole, bytes, events);
    EXPECT_TRUE(whole.has_failed()) << bytes;
    // Byte by byte, and what comes later is ignored.
    SseDecoder decoder(16);
    for (const char* byte = bytes; *byte != '\0'; ++byte) push(decoder, {byte, 1}, events);
    push(decoder, "\n\ndata: x\n\n", events);
    EXPECT_TRUE(decoder.has_failed()) << bytes;
    EXPECT_TRUE(events.empty()) << bytes;
  }
  // A stream of events that each fit has no limit.
  SseDecoder decoder(16);
  Events events;
  push(decoder, "data: 01234567\n\ndata: 01234567\n\ndata: 01234567\n\n", events);
  EXPECT_EQ(events.size(), 3u);
  EXPECT_FALSE(decoder.has_failed());
}

TEST(SseDecoder, SurvivesRandomBytesAndDoesNotDependOnTheirSplit) {
  constexpr std::string_view kBytes = "data:event id\r\n\r\n\0\xEF\xBB\xBF: x";
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    std::string bytes;
    for (int i = 0; i < 200; ++i) bytes += kBytes[rng.below(kBytes.size())];
    SseDecoder decoder;
    Events events;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + rng.below(7);
      push(decoder, std::string_view(bytes).substr(at, size), events);
      at += size;
    }
    EXPECT_EQ(events, decode(bytes)) << "seed " << seed;
  }
}

TEST(SseEncoder, WritesWhatTheDecoderReads) {
  std::string out;
  append_sse_comment(out, "");
  append_sse_comment(out, "ping");
  append_sse_data(out, "{}");
  append_sse_event(out, "error", "a\nb\r\nc\rd");
  append_sse_data(out, "");
  append_sse_written(out, [](std::string& text) { text += "[DONE]"; });
  EXPECT_EQ(out,
            ":\n\n: ping\n\ndata: {}\n\nevent: error\ndata: a\ndata: b\ndata: c\ndata: d\n\n"
            "data: \n\ndata: [DONE]\n\n");
  EXPECT_EQ(decode(out), (Events{"|{}|", "error|a\nb\nc\nd|", "||", "|[DONE]|"}));
}

}  // namespace
}  // namespace lab
