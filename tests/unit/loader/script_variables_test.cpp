#include "loader/command/script_variables.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(ScriptVariables, AreThoseThatTheTextNames) {
  struct TextCase {
    const char* text;
    std::set<std::string> names;
  };
  const TextCase cases[] = {
      {"", {}},
      {"__ENV", {}},
      {"__ENV.A", {"A"}},
      {"`${__ENV.GATEWAY_URL}/health`", {"GATEWAY_URL"}},
      {"__ENV\n  .A + __ENV . B", {"A", "B"}},
      {"__ENV?.A || __ENV?.['B']", {"A", "B"}},
      {"__ENV['A'] + __ENV[ \"B-C\" ] + __ENV[`D`]", {"A", "B-C", "D"}},
      {"const {A, B: b, C = 1} = __ENV;", {"A", "B", "C"}},
      {"const {\n  A,\n} =\n__ENV", {"A"}},
      {"f({a: 1}); const e = __ENV;", {}},
      {"__ENV[name] + __ENV['open", {}},
      {"__ENVIRONMENT.A + my__ENV.B", {}},
      {"} = __ENV.A", {"A"}},
  };
  for (const auto& [text, names] : cases) EXPECT_EQ(variables_of_script(text), names) << text;
}

}  // namespace
}  // namespace loader
