#include "shared/base/json_text.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"
#include "shared/base/rng.h"
#include "shared/base/utf8.h"

namespace lab {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, EscapesWhatMustBe) {
  EXPECT_EQ(json_of(""), R"("")");
  EXPECT_EQ(json_of("plain / text"), R"("plain / text")");
  EXPECT_EQ(json_of("\"\\\n\r\t\b\f\x01\x1f\x7f"), "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f\x7f\"");
  EXPECT_EQ(json_of(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(Utf8, WhatIsNoneIsReplacedByteByByte) {
  const std::string bad = "\uFFFD";
  EXPECT_EQ(valid_utf8(""), "");
  EXPECT_EQ(valid_utf8("a\u00e9\u4f60\U0001f600"), "a\u00e9\u4f60\U0001f600");
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a" + bad + "b");
  // Cut short, overlong, a surrogate.
  EXPECT_EQ(valid_utf8("\xe4\xbd"), bad + bad);
  EXPECT_EQ(valid_utf8("\xc0\x80"), bad + bad);
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), bad + bad + bad);
}

TEST(JsonString, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(json_of("\u00e9\u4f60\U0001f600"), "\"\u00e9\u4f60\U0001f600\"");
  const std::string bad = "\uFFFD";
  EXPECT_EQ(json_of("a\xff"
                    "b"),
            "\"a" + bad + "b\"");
  EXPECT_EQ(json_of("\xc0\x80"), "\"" + bad + bad + "\"");
  EXPECT_EQ(json_of("\xed\xa0\x80"), "\"" + bad + bad + bad + "\"");
  EXPECT_EQ(json_of("\xf4\x90\x80\x80"), "\"" + bad + bad + bad + bad + "\"");
  EXPECT_EQ(json_of("\xe4\xbd"), "\"" + bad + bad + "\"");
}

TEST(JsonString, AlwaysParses) {
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    Rng rng(seed);
    std::string text;
    for (int i = 0; i < 16; ++i) text += static_cast<char>(rng.below(256));
    EXPECT_TRUE(nlohmann::json::accept(json_of(text))) << "seed " << seed;
  }
}

TEST(JsonString, FindsWhatMustBeEscapedAtAnyPlace) {
  for (int c = 0; c < 0x80; ++c) {
    for (const std::size_t size : {1u, 7u, 8u, 9u, 16u, 20u}) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(c);
        const auto read = nlohmann::json::parse(json_of(text), nullptr, false);
        ASSERT_EQ(read, nlohmann::json(text)) << c << " at " << at << " of " << size;
      }
    }
  }
}

TEST(JsonNumber, IsTheShortestThatReadsBackEqual) {
  std::string out;
  append_json_number(out, 0.7);
  out += ' ';
  append_json_number(out, 100);
  out += ' ';
  append_json_number(out, -1.5e300);
  out += ' ';
  append_json_integer(out, -9223372036854775807 - 1);
  EXPECT_EQ(out, "0.7 100 -1.5e+300 -9223372036854775808");
}

TEST(JsonNumber, AsGoHasAnExponentAtTheEndsOnly) {
  struct Row {
    double value;
    const char* text;
  };
  const Row rows[] = {
      {0, "0"},
      {1'000'000, "1000000"},
      {0.1, "0.1"},
      {-12.5, "-12.5"},
      {100'000, "100000"},
      {1e20, "100000000000000000000"},
      {9007199254740992, "9007199254740992"},
      {9007199254740994, "9007199254740994"},
      {12345678901234568, "12345678901234568"},
      {-679461700990503092224.0, "-679461700990503100000"},
      {1e21, "1e+21"},
      {0.000001, "0.000001"},
      {1e-7, "1e-07"},
      {-1.5e300, "-1.5e+300"},
  };
  for (const Row& row : rows) {
    std::string out;
    append_json_number_as_go(out, row.value);
    EXPECT_EQ(out, row.text);
  }
}

}  // namespace
}  // namespace lab
