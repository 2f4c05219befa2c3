#include "mockgw/chat/text_search.h"

#include <gtest/gtest.h>

#include <string>

namespace mockgw {
namespace {

std::string repeated(std::size_t times, std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST(FindText, FindsTheFirstAsTheLibraryDoes) {
  EXPECT_EQ(find_text("abc", "c"), 2u);
  EXPECT_EQ(find_text("abc", "d"), std::string::npos);
  EXPECT_EQ(find_text("abc", ""), 0u);
  EXPECT_EQ(find_text("", "a"), std::string::npos);
  // Longer than what the library's search is good for, with beginnings that come again.
  const std::string part = repeated(40, "ab") + "c";
  const std::string text = repeated(39, "ab") + "a" + repeated(41, "ab") + "cab";
  EXPECT_EQ(find_text(text, part), text.find(part));
  EXPECT_EQ(find_text(part, part), 0u);
  EXPECT_EQ(find_text(part, part + "x"), std::string::npos);
}

// The library's would take a hundred times ten thousand million steps.
TEST(FindText, TakesNoTimeThatAClientCanChoose) {
  const std::string text(1'000'000, 'a');
  EXPECT_EQ(find_text(text, std::string(500'000, 'a') + "b"), std::string::npos);
}

}  // namespace
}  // namespace mockgw
