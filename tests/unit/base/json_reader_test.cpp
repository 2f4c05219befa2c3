#include "shared/base/json_reader.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/temporary_folder.h"

#include "shared/base/json.h"

namespace lab {
namespace {

using namespace std::chrono_literals;

std::string problem_of(std::string_view text) {
  const Result<Json> parsed = parse_json(text, "f.json");
  return parsed ? "none" : parsed.error().to_string();
}

TEST(ParseJson, AllowsCommentsAndKeepsTheOrderOfKeys) {
  const Result<Json> parsed = parse_json(
      "// first\n{\"z\": 1, /* second */ \"a\": [true, null, \"x\", -2, 0.5]}", "f.json");
  ASSERT_TRUE(parsed) << parsed.error().to_string();
  EXPECT_EQ(parsed->dump(), R"({"z":1,"a":[true,null,"x",-2,0.5]})");
}

TEST(ParseJson, SaysWhereTheSyntaxIsWrong) {
  EXPECT_TRUE(problem_of("{\n  \"a\": x}").starts_with("f.json: line 2, column 8: syntax error"))
      << problem_of("{\n  \"a\": x}");
  EXPECT_TRUE(problem_of("").starts_with("f.json: line 1, column 1: ")) << problem_of("");
  EXPECT_TRUE(problem_of("{} {}").starts_with("f.json: line 1, column 4: ")) << problem_of("{} {}");
  EXPECT_TRUE(problem_of("[\"\u00e9\u00e9\", x]").starts_with("f.json: line 1, column 8: "))
      << problem_of("[\"\u00e9\u00e9\", x]");
}

TEST(ParseJson, RefusesWhatIsNotStrictJson) {
  for (const char* text : {"{\"a\":1,}", "[1,]", "{a:1}", "'x'", "[01]", "[NaN]", "\"\xff\"",
                           "\"\xc0\x80\"", "[1", "\"a", "/* open", "[1e999]"}) {
    EXPECT_TRUE(problem_of(text).starts_with("f.json: line ")) << text << ": " << problem_of(text);
  }
}

TEST(ParseJson, RefusesAKeyGivenTwice) {
  EXPECT_EQ(problem_of("{\"a\": {\"b\": 1,\n \"b\": 2}}"),
            "f.json: line 2, column 4: the key \"b\" is given twice in one object");
  EXPECT_EQ(problem_of(R"([{"b": 1}, {"b": 2}])"), "none");
}

TEST(ParseJson, BoundsTheDepth) {
  EXPECT_EQ(problem_of(std::string(64, '[') + std::string(64, ']')), "none");
  EXPECT_EQ(problem_of(std::string(65, '[')), "f.json: line 1, column 65: nesting deeper than 64");
}

TEST(ReadTextFile, NamesTheFileThatCannotBeRead) {
  const Result<std::string> missing = read_text_file("no/such/file.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(),
            "no/such/file.json: cannot be opened: No such file or directory");
  const Result<std::string> folder = read_text_file(".");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().to_string(), ".: is a folder, not a regular file");
}

TEST(ReadJsonFile, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  const Result<Json> read = read_json_file(folder.write("vus.json", "{\"vus\": 10}"));
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)["vus"], 10);
}

enum class Color { red, green };
constexpr std::array<std::pair<std::string_view, Color>, 2> kColors{
    {{"red", Color::red}, {"green", Color::green}}};

class JsonReader : public testing::Test {
 protected:
  JsonObject read(const char* text) {
    document_ = parse_json(text, "f.json").value();
    return JsonValue(document_, "", problems_).as_object();
  }

  Json document_;
  JsonProblems problems_{"f.json"};
};

TEST_F(JsonReader, ReadsEveryKind) {
  JsonObject object = read(
      R"({"s": "x", "b": true, "n": 0.5, "i": 5.0, "d": "1m30s", "ms": 250, "c": "green",
          "l": ["p", "q"], "o": {"k": 1}})");
  EXPECT_EQ(object.string("s"), "x");
  EXPECT_TRUE(object.boolean("b", false));
  EXPECT_EQ(object.number("n", 0), 0.5);
  EXPECT_EQ(object.integer("i", 0), 5);
  EXPECT_EQ(object.duration("d", 0s), 90s);
  EXPECT_EQ(object.duration("ms", 0s), 250ms);
  EXPECT_EQ(object.one_of<Color>("c", kColors, Color::red), Color::green);
  EXPECT_EQ(object.require("l").as_string_array(), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(object.require("o").as_object().require("k").as_integer(), 1);
  object.finish();
  EXPECT_TRUE(problems_.empty()) << problems_.to_string();
}

TEST_F(JsonReader, GivesTheFallbackForWhatIsNotThere) {
  JsonObject object = read("{}");
  EXPECT_EQ(object.string("s", "y"), "y");
  EXPECT_TRUE(object.boolean("b", true));
  EXPECT_EQ(object.number("n", 1.5), 1.5);
  EXPECT_EQ(object.integer("i", 7), 7);
  EXPECT_EQ(object.duration("d", 3s), 3s);
  EXPECT_EQ(object.one_of<Color>("c", kColors, Color::green), Color::green);
  EXPECT_FALSE(object.find("x"));
  object.finish();
  EXPECT_TRUE(problems_.empty()) << problems_.to_string();
}

TEST_F(JsonReader, SaysWhatIsWrongWithEachValue) {
  struct Case {
    const char* json;
    void (*use)(JsonObject&);
    const char* problem;
  };
  const Case cases[] = {
      {R"({"k":1})", [](JsonObject& o) { (void)o.string("k"); },
       "f.json: k: expected a string, got a number"},
      {R"({"k":null})", [](JsonObject& o) { (void)o.boolean("k", true); },
       "f.json: k: expected true or false, got null"},
      {R"({"k":"1"})", [](JsonObject& o) { (void)o.number("k", 0); },
       "f.json: k: expected a number, got a string"},
      {R"({"k":1.5})", [](JsonObject& o) { (void)o.number("k", 0, 0, 1); },
       "f.json: k: 1.5 is out of range: 0.0 to 1.0 are allowed"},
      {R"({"k":-1})", [](JsonObject& o) { (void)o.number("k", 0, 0); },
       "f.json: k: -1.0 is out of range: at least 0.0 is allowed"},
      {R"({"k":1.5})", [](JsonObject& o) { (void)o.integer("k", 0); },
       "f.json: k: expected a whole number, got 1.5"},
      {R"({"k":18446744073709551615})", [](JsonObject& o) { (void)o.integer("k", 0); },
       "f.json: k: must be at most 9223372036854775807, got 18446744073709551615"},
      {R"({"k":0})", [](JsonObject& o) { (void)o.integer("k", 1, 1); },
       "f.json: k: 0 is out of range: at least 1 is allowed"},
      {R"({"k":9})", [](JsonObject& o) { (void)o.integer("k", 1, 1, 8); },
       "f.json: k: 9 is out of range: 1 to 8 are allowed"},
      {R"({"k":"-1s"})", [](JsonObject& o) { (void)o.duration("k", 0s); },
       "f.json: k: a negative duration is not allowed"},
      {R"({"k":[]})", [](JsonObject& o) { (void)o.duration("k", 0s); },
       "f.json: k: expected a duration such as \"250ms\", got an array"},
      {R"({"k":"gren"})", [](JsonObject& o) { (void)o.one_of<Color>("k", kColors, Color::red); },
       "f.json: k: unknown value \"gren\"; did you mean \"green\"? allowed: \"red\", \"green\""},
      {R"({"k":3})", [](JsonObject& o) { (void)o.one_of<Color>("k", kColors, Color::red); },
       "f.json: k: expected one of \"red\", \"green\", got a number"},
      {R"({"k":{}})", [](JsonObject& o) { (void)o.require("k").as_array(); },
       "f.json: k: expected an array, got an object"},
      {R"({"k":["a",1]})", [](JsonObject& o) { (void)o.require("k").as_string_array(); },
       "f.json: k[1]: expected a string, got a number"},
      {R"({"k":{"a.b":1}})", [](JsonObject& o) { (void)o.require("k").as_object().string("a.b"); },
       "f.json: k[\"a.b\"]: expected a string, got a number"},
  };
  for (const Case& c : cases) {
    problems_ = JsonProblems("f.json");
    JsonObject object = read(c.json);
    c.use(object);
    EXPECT_EQ(problems_.to_string(), c.problem) << c.json;
  }
}

TEST_F(JsonReader, NamesTheNearestKnownKey) {
  JsonObject object = read(R"({"stagez":[],"frobnicate":1})");
  (void)object.find("stages");
  (void)object.integer("vus", 1);
  object.finish();
  EXPECT_EQ(
      problems_.to_string(),
      "f.json: unknown key \"stagez\"; did you mean \"stages\"? allowed: \"stages\", \"vus\"\n"
      "f.json: unknown key \"frobnicate\"; allowed: \"stages\", \"vus\"");
}

TEST_F(JsonReader, ReportsAMissingKeyOnce) {
  JsonObject object = read(R"({"a":{}})");
  JsonObject missing = object.require("a").as_object().require("b").as_object();
  EXPECT_EQ(missing.require("c").as_integer(1, 5, 3), 3);
  missing.value().problem("said of something that is not there");
  missing.finish();
  EXPECT_EQ(problems_.to_string(), "f.json: a: missing required key \"b\"");
}

TEST_F(JsonReader, ReportsAnIllTypedObjectOnce) {
  JsonObject object = read(R"({"a":"text"})").require("a").as_object();
  EXPECT_EQ(object.require("b").as_string("fallback"), "fallback");
  EXPECT_EQ(problems_.to_string(), "f.json: a: expected an object, got a string");
}

TEST_F(JsonReader, ShowsTheFirstTwentyProblems) {
  for (int i = 0; i < 23; ++i) problems_.add("a", "wrong");
  EXPECT_EQ(problems_.errors().size(), 23u);
  EXPECT_TRUE(problems_.to_string().ends_with("f.json: a: wrong\n… and 3 more problems"));
}

TEST(Nearest, ForgivesATypoButNotAnotherWord) {
  const std::array<std::string_view, 3> words{"stages", "startVUs", "vus"};
  EXPECT_EQ(nearest("satges", words), "stages");
  EXPECT_EQ(nearest("startvus", words), "startVUs");
  EXPECT_EQ(nearest("vu", words), "vus");
  EXPECT_EQ(nearest("executor", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
}

}  // namespace
}  // namespace lab
