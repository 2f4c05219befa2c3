#include "mockgw/base/header_text.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using namespace std::string_view_literals;

TEST(HeaderText, SaysWhatCannotBeSent) {
  struct Row {
    std::string_view name, value, problem;
  };
  const Row rows[] = {
      {"x-any", "a\tvalue", ""},
      {"X-Any", "caf\xc3\xa9", ""},
      {"x", "", ""},
      {"", "a", "is no name"},
      {"x y", "a", "is no name"},
      {"x:", "a", "is no name"},
      {"x\r\ny", "a", "is no name"},
      {"x", "a\r\ny: b", "line breaks"},
      {"x", "a\0b"sv, "control characters"},
      {"Content-Length", "5", "the connection writes Content-Length itself"},
      {"transfer-encoding", "chunked", "the connection writes"},
  };
  for (const Row& row : rows) {
    const std::string problem = header_problem(row.name, row.value);
    EXPECT_EQ(problem.empty(), row.problem.empty()) << row.name << ": " << problem;
    EXPECT_NE(problem.find(row.problem), std::string::npos) << problem;
  }
}

TEST(HeaderText, AppendsARequestsValueOnOneLine) {
  std::string out = "\n";
  append_header_value(out, "a\r\nb\x7f");
  EXPECT_EQ(out, "\na  b ");
}

}  // namespace
}  // namespace mockgw
