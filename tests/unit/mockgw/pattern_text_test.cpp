#include "mockgw/chat/pattern_text.h"

#include <gtest/gtest.h>

#include <regex>

namespace mockgw {
namespace {

constexpr TextBounds kAnyLength{0, 4096};

class PatternText : public testing::TestWithParam<const char*> {};

TEST_P(PatternText, IsFoundByItsPattern) {
  const std::regex pattern(GetParam());
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    lab::Rng rng(seed);
    const auto text = text_for_pattern(GetParam(), kAnyLength, rng);
    ASSERT_TRUE(text);
    EXPECT_TRUE(std::regex_search(*text, pattern)) << *text;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, PatternText,
                         testing::Values("", "abc", "^abc$", "^[a-z0-9_-]+$", "^[^,;]*$",
                                         "^\\d{5}$", "^\\d{5}(-\\d{4})?$", "^(red|green|blue)$",
                                         "^a|b$", "^(?:ab){2,3}c*?$", "^\\+?[1-9]\\d{1,14}$",
                                         "^\\w+@\\w+\\.com$", "^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$",
                                         "^[\\w.-]+$", "^v\\d+\\.\\d+\\.\\d+$", "^\\S+\\s\\D$",
                                         "^(^a|^b)x$", "^.{8}$", "^[+-]?\\d+(\\.\\d+)?$",
                                         "gr\u00fc\u00dfe", "[$]"));

TEST(PatternTextBounds, AreKeptWherePatternAndLengthAllowIt) {
  struct Row {
    const char* pattern;
    TextBounds bounds;
  };
  const Row rows[] = {{"^[a-z]+$", {40, 45}}, {"^[a-z]*$", {0, 1}},      {"^(ab)+$", {10, 12}},
                      {"^x", {9, 9}},         {"^(a|bcdefgh)$", {1, 1}}, {"^\\d{3,}$", {100, 200}}};
  for (const Row& row : rows) {
    lab::Rng rng(7);
    const std::string text = text_for_pattern(row.pattern, row.bounds, rng).value();
    EXPECT_GE(text.size(), row.bounds.min) << row.pattern;
    EXPECT_LE(text.size(), row.bounds.max) << row.pattern;
    EXPECT_TRUE(std::regex_search(text, std::regex(row.pattern))) << text;
  }
}

TEST(PatternTextRefusal, WhatIsNotUnderstoodGivesNothing) {
  for (const char* pattern :
       {"^(?=a)b", "(?!a)b", "(?<=a)b", "(a)\\1", "\\bword\\b", "\\p{L}", "a^b", "a$b", "(a", "a)",
        "[a", "[z-a]", "[]", "*a", "a{2", "a{3,2}", "a{1001}", "\\"}) {
    lab::Rng rng(1);
    EXPECT_FALSE(text_for_pattern(pattern, kAnyLength, rng)) << pattern;
  }
}

TEST(PatternTextRefusal, NestingAndRepetitionEnd) {
  lab::Rng rng(1);
  EXPECT_FALSE(text_for_pattern(std::string(100, '(') + std::string(100, ')'), kAnyLength, rng));
  const auto text = text_for_pattern("((((a{1000}){1000}){1000}){1000})", kAnyLength, rng);
  EXPECT_FALSE(text.has_value());
  EXPECT_FALSE(text_for_pattern("(((((){1000}){1000}){1000}){1000})", kAnyLength, rng));
}

}  // namespace
}  // namespace mockgw
