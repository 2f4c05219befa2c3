#include "loader/flow/text_template.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

const Environment kEnvironment{{"MODEL", "gpt-4"}, {"EMPTY", ""}};

TEST(TextTemplate, ReplacesNames) {
  EXPECT_EQ(expand("a ${MODEL} b ${EMPTY}${MODEL}", kEnvironment).value(), "a gpt-4 b gpt-4");
  EXPECT_EQ(expand("no names, a $ and a {}", kEnvironment).value(), "no names, a $ and a {}");
}

TEST(TextTemplate, KeepsEscapedBraces) {
  EXPECT_EQ(expand("$${MODEL}", kEnvironment).value(), "${MODEL}");
  EXPECT_EQ(expand("$${MODEL} ${MODEL}", kEnvironment).value(), "${MODEL} gpt-4");
}

TEST(TextTemplate, NamesTheNearestKnownName) {
  const auto expanded = expand("${MODLE}", kEnvironment);
  ASSERT_TRUE(expanded.has_error());
  EXPECT_NE(expanded.error().what.find("did you mean ${MODEL}?"), std::string::npos);
}

TEST(TextTemplate, RefusesAnOpenBrace) { EXPECT_TRUE(expand("${MODEL", kEnvironment).has_error()); }

TEST(TextTemplate, DoesNotExpandValues) {
  EXPECT_EQ(expand("${A}", {{"A", "${A}"}}).value(), "${A}");
}

}  // namespace
}  // namespace loader
