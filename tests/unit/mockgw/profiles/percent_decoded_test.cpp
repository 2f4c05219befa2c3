#include "mockgw/profiles/percent_decoded.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

TEST(PercentDecoded, IsWhatTheClientMeant) {
  struct Row {
    std::string_view text;
    std::optional<std::string> decoded;
  };
  const Row rows[] = {
      {"", ""},
      {"gpt-4", "gpt-4"},
      {"meta%2Fllama", "meta/llama"},
      {"%e2%82%AC", "\u20ac"},
      {"a+b", "a+b"},  // A plus is a space in forms only.
      {"100%", std::nullopt},
      {"%zz", std::nullopt},
  };
  for (const Row& row : rows) EXPECT_EQ(percent_decoded(row.text), row.decoded) << row.text;
}

}  // namespace
}  // namespace mockgw
