#include "loader/flow/json_body.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

// What `pointer` leads to in `text`: "none", or what is known of it, the kept value included.
std::string found(std::string_view text, std::string_view pointer) {
  JsonPointers asked;
  asked.add("/other", false);
  asked.add(pointer, true);
  JsonBody body(asked, text);
  const JsonFinding* const finding = body.find(pointer);
  if (finding == nullptr) return "none";
  return (*finding->value)->dump() + (finding->is_empty ? " empty" : "");
}

TEST(JsonBody, FollowsAPointerToAnyValue) {
  constexpr std::string_view kText =
      R"({"a":{"b":[1,{"c":"x"},[]]},"":2,"a/b":3,"m~n":4,"~1":5,"e":{},"s":"","n":null,"f":1.5,)"
      R"("t":true,"0":"zero","list":["p","q"]})";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"/a/b/0", "1"},
      {"/a/b/1/c", R"("x")"},
      {"/a/b/1", R"({"c":"x"})"},
      {"/a/b/2", "[] empty"},
      {"/a/b/3", "none"},
      {"/a/b/01", "none"},
      {"/a/b/-", "none"},
      {"/a/b", R"([1,{"c":"x"},[]])"},
      {"/a/x", "none"},
      {"/a/b/0/c", "none"},
      {"/", "2"},
      {"/a~1b", "3"},
      {"/m~0n", "4"},
      {"/~01", "5"},
      {"/e", "{} empty"},
      {"/s", R"("" empty)"},
      {"/n", "null empty"},
      {"/f", "1.5"},
      {"/t", "true"},
      {"/0", R"("zero")"},
      {"/list/1", R"("q")"},
  };
  for (const auto& [pointer, expected] : cases) {
    EXPECT_EQ(found(kText, pointer), expected) << pointer;
  }
  EXPECT_EQ(found(R"([[7]])", ""), "[[7]]");
  EXPECT_EQ(found(R"([[7]])", "/0/0"), "7");
  EXPECT_EQ(found("7", ""), "7");
}

TEST(JsonBody, OfEqualNamesTheLastCounts) {
  EXPECT_EQ(found(R"({"a":1,"a":2})", "/a"), "2");
  EXPECT_EQ(found(R"({"a":{"b":1},"a":{}})", "/a/b"), "none");
  EXPECT_EQ(found(R"({"a":{"b":1},"a":3})", "/a/b"), "none");
  EXPECT_EQ(found(R"({"a":[1,2],"a":[3]})", "/a/1"), "none");
}

TEST(JsonBody, TakesTheLastOfEqualMembersAlsoWithManyPointers) {
  JsonPointers asked;
  for (int i = 0; i < 100; ++i) asked.add("/" + std::to_string(i) + "/x", true);
  JsonBody body(asked, R"({"99":{"x":1},"0":{"x":2},"99":{},"0":{"x":3},"98":{"x":4}})");
  EXPECT_EQ(body.find("/99/x"), nullptr);
  EXPECT_EQ(**body.find("/0/x")->value, 3);
  EXPECT_EQ(**body.find("/98/x")->value, 4);
}

TEST(JsonBody, HoldsNothingUnlessAllOfItIsJson) {
  for (const std::string_view text :
       {std::string_view(R"({"a":1)"), std::string_view(R"({"a":1} x)"), std::string_view(""),
        std::string_view(R"({"a":1,"b":"\xff"})"), std::string_view("\0", 1)}) {
    JsonPointers asked;
    asked.add("/a", false);
    JsonBody body(asked, text);
    EXPECT_FALSE(body.is_json()) << text;
    EXPECT_EQ(body.find("/a"), nullptr) << text;
    EXPECT_FALSE(body.has("/a")) << text;
  }
  EXPECT_EQ(found(std::string(65, '[') + std::string(65, ']'), ""), "none");
  EXPECT_NE(found(std::string(64, '[') + std::string(64, ']'), "/0"), "none");
}

TEST(JsonBody, KeepsOnlyWhatItIsToKeep) {
  JsonPointers asked;
  asked.add("/list", false);
  asked.add("/text", false);
  asked.add("/text", true);  // Two checks of one value.
  JsonBody body(asked, R"({"list":[1],"text":"x"})");
  EXPECT_TRUE(body.has("/list"));
  EXPECT_FALSE(body.find("/list")->value);
  EXPECT_EQ(**body.find("/text")->value, "x");
}

lab::Json random_value(lab::Rng& rng, int depth) {
  const auto kind = rng.below(depth > 0 ? 6 : 4);
  if (kind == 0) return rng.below(10);
  if (kind == 1) return "s" + std::to_string(rng.below(3));
  if (kind == 2) return nullptr;
  if (kind == 3) return rng.below(2) == 1;
  lab::Json value = kind == 4 ? lab::Json::array() : lab::Json::object();
  for (std::uint64_t i = rng.below(4); i > 0; --i) {
    lab::Json inner = random_value(rng, depth - 1);
    kind == 4 ? value.push_back(inner) : void(value[std::to_string(rng.below(3))] = inner);
  }
  return value;
}

// Members are named by digits, so that the same pointers lead into objects and arrays.
TEST(JsonBody, FindsWhatNlohmannsPointersFind) {
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    lab::Rng rng(seed);
    const lab::Json value = random_value(rng, 4);
    const std::string text = value.dump();
    JsonPointers asked;
    std::vector<std::string> pointers;
    for (int i = 0; i < 12; ++i) {
      std::string pointer;
      for (std::uint64_t left = rng.below(4); left > 0; --left) {
        pointer += "/" + std::to_string(rng.below(3));
      }
      asked.add(pointer, true);
      pointers.push_back(pointer);
    }
    JsonBody body(asked, text);
    for (const std::string& pointer : pointers) {
      const lab::Json::json_pointer to(pointer);
      const JsonFinding* const finding = body.find(pointer);
      ASSERT_EQ(finding != nullptr, value.contains(to)) << text << " " << pointer;
      if (finding == nullptr) continue;
      ASSERT_EQ(**finding->value, value.at(to)) << text << " " << pointer;
      ASSERT_EQ(finding->is_empty,
                !value.at(to).is_primitive() ? value.at(to).empty() : value.at(to).is_null())
          << text << " " << pointer;
    }
  }
}

}  // namespace
}  // namespace loader
