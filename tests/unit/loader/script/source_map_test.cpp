#include "loader/script/source_map.h"

#include <gtest/gtest.h>

#include <string>

#include "shared/base/base64.h"

namespace {

using loader::SourceMap;
using loader::TextPosition;

// What esbuild has made of
//   interface A { a: number }        (nothing)
//   enum E { X }                     lines 1 to 4
//   function f(a: number) {          line 5
//     throw new Error("x" + a);      line 6
//   }
const std::string kMappings =
    "AACA,IAAK,IAAL,kBAAKA,OAAL;AAAS,EAAAA,MAAA;AAAJ,SAAAA;AAAA,GAAA;AACL,SAAS,EAAE,GAAW;AACpB,"
    "QAAM,IAAI,"
    "MAAM,MAAM,CAAC;AACzB;";

TEST(SourceMap, FindsTheSegmentThatAPositionIsIn) {
  const auto map = SourceMap::read(kMappings);
  ASSERT_TRUE(map);
  EXPECT_EQ(map->find({1, 1}), (TextPosition{2, 1}));   // var: enum
  EXPECT_EQ(map->find({1, 5}), (TextPosition{2, 6}));   // E
  EXPECT_EQ(map->find({5, 1}), (TextPosition{3, 1}));   // function
  EXPECT_EQ(map->find({6, 3}), (TextPosition{4, 3}));   // throw
  EXPECT_EQ(map->find({6, 9}), (TextPosition{4, 9}));   // new
  EXPECT_EQ(map->find({6, 11}), (TextPosition{4, 9}));  // In the middle of it.
  EXPECT_EQ(map->find({7, 1}), (TextPosition{5, 1}));   // }
  EXPECT_EQ(map->find({8, 1}), std::nullopt);           // No such line.
}

TEST(SourceMap, ALineWithoutSegmentsComesFromNowhere) {
  const auto map = SourceMap::read("AAAA;;AACA");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->find({1, 9}), (TextPosition{1, 1}));
  EXPECT_EQ(map->find({2, 1}), std::nullopt);
  EXPECT_EQ(map->find({3, 1}), (TextPosition{2, 1}));
  EXPECT_EQ(SourceMap::read("")->find({1, 1}), std::nullopt);
  EXPECT_EQ(SourceMap::read("A")->find({1, 1}), std::nullopt);  // Made by nobody.
  EXPECT_EQ(SourceMap::read("EAAA")->find({1, 2}), std::nullopt);
  EXPECT_EQ(SourceMap::read("EAAA")->find({1, 3}), (TextPosition{1, 1}));
}

TEST(SourceMap, MalformedMappingsAreNone) {
  for (const char* mappings : {"!", "AAA!", "g", "AAAAAA", "gggggggB", "DAAA", "AADA", "AAAD"}) {
    EXPECT_FALSE(SourceMap::read(mappings)) << mappings;
  }
}

TEST(SourceMap, IsTakenOffTheTextThatEndsWithIt) {
  const std::string begin = "//# sourceMappingURL=data:application/json;base64,";
  std::string text = "let a;\n" + begin + lab::base64_encoded(R"({"mappings":"AACA"})") + "\n";
  const auto map = SourceMap::take(text);
  ASSERT_TRUE(map);
  EXPECT_EQ(text, "let a;\n");
  EXPECT_EQ(map->find({1, 1}), (TextPosition{2, 1}));
  for (std::string without :
       {std::string("let a;\n"), begin + "!", begin + lab::base64_encoded("x"),
        begin + lab::base64_encoded("[]"), begin + lab::base64_encoded("{}"),
        begin + lab::base64_encoded(R"({"mappings":1})"),
        begin + lab::base64_encoded(R"({"mappings":"!"})")}) {
    const std::string before = without;
    EXPECT_FALSE(SourceMap::take(without)) << before;
    EXPECT_EQ(without, before);
  }
}

TEST(SourceMap, PositionsInATextBecomeThoseOfTheSource) {
  const auto map = SourceMap::read(kMappings);
  ASSERT_TRUE(map);
  const std::string url = "file:///a.ts";
  EXPECT_EQ(
      loader::with_source_positions("Error: x\n\tat f (file:///a.ts:6:9)\n\tat file:///a.ts:5:1\n"
                                    "\tat g (file:///b.ts:6:9)\n",
                                    url, *map),
      "Error: x\n\tat f (file:///a.ts:4:9)\n\tat file:///a.ts:3:1\n\tat g (file:///b.ts:6:9)\n");
  for (const char* same :
       {"", "file:///a.ts", "file:///a.ts:6", "file:///a.ts:6:", "file:///a.ts:0:1",
        "file:///a.ts:99:1", "file:///a.tsx:6:9", "file:///a.ts:6:99999999999"}) {
    EXPECT_EQ(loader::with_source_positions(same, url, *map), same);
  }
}

}  // namespace
