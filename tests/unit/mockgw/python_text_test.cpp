#include "mockgw/chat/python_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "shared/base/json.h"

namespace mockgw {
namespace {

TEST(PythonText, IsTheReprOfAValue) {
  const std::pair<std::string, std::string> rows[] = {
      {R"([{"type":"string","n":1.5},{}])", "[{'type': 'string', 'n': 1.5}, {}]"},
      {"[true,false,null,-2,[]]", "[True, False, None, -2, []]"},
      {R"("it's")", R"("it's")"},
      {R"("it's \"so\"")", R"('it\'s "so"')"},
      {R"("a\\b\n\r\t\u0001é")", R"('a\\b\n\r\t\x01é')"},
  };
  for (const auto& [json, text] : rows) {
    EXPECT_EQ(python_text(lab::Json::parse(json)), text) << json;
  }
}

}  // namespace
}  // namespace mockgw
