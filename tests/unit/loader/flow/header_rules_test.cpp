#include "loader/http/header_rules.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(HeaderRules, ValuesHoldNoControlCharacters) {
  for (const std::string_view good : {"", "sk-x", "a b\tc", "Zürich", "\"quoted\""}) {
    EXPECT_FALSE(header_value_problem(good)) << good;
  }
  using namespace std::string_view_literals;
  for (const std::string_view bad : {"sk-x\n"sv, "a\r\nX: y"sv, "a\0b"sv, "\x1b[2J"sv, "\x7f"sv}) {
    EXPECT_TRUE(header_value_problem(bad));
  }
  EXPECT_EQ(header_value_problem("secret\n"),
            "has a line feed at its end, which a header field can't hold; allowed is all that can "
            "be seen, spaces and tabs");
}

TEST(HeaderRules, NamesAreTokensAndNoneOfTheFraming) {
  for (const std::string_view good : {"X-A", "x_b.c~1", "Host", "Connection"}) {
    EXPECT_FALSE(header_name_problem(good)) << good;
  }
  for (const std::string_view bad :
       {"", "a b", "a:", "a\r\nb", "Zürich", "content-length", "Transfer-Encoding", "TRAILER"}) {
    EXPECT_TRUE(header_name_problem(bad)) << bad;
  }
}

TEST(HeaderRules, HostNamesAServer) {
  for (const std::string_view good : {"gateway", "gateway.example:8080", "[::1]:80"}) {
    EXPECT_FALSE(host_value_problem(good)) << good;
  }
  for (const std::string_view bad : {"", "a b", "a/b", "user@a", "a\tb"}) {
    EXPECT_TRUE(host_value_problem(bad)) << bad;
  }
}

}  // namespace
}  // namespace loader
