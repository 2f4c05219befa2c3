#include "loader/flow/prompt.h"

#include <gtest/gtest.h>

#include <set>

namespace loader {
namespace {

using Texts = std::vector<std::string>;

TEST(ParsePrompts, JsonArrayOfStringsOrObjects) {
  EXPECT_EQ(parse_prompts(R"(["a", {"prompt": "b"}, {"text": "c"}, {"question": "d"}])", "p.json")
                .value(),
            (Texts{"a", "b", "c", "d"}));
}

TEST(ParsePrompts, JsonLines) {
  EXPECT_EQ(parse_prompts("\"a\"\n\n{\"prompt\": \"b\"}\r\n{\"text\": \"c\"}", "p.jsonl").value(),
            (Texts{"a", "b", "c"}));
}

TEST(ParsePrompts, CsvTakesTheNamedColumnAndQuotedFields) {
  EXPECT_EQ(
      parse_prompts("id,prompt\r\n1,plain\r\n2,\"with, comma\nand \"\"quotes\"\"\"\r\n", "p.csv")
          .value(),
      (Texts{"plain", "with, comma\nand \"quotes\""}));
}

TEST(ParsePrompts, CsvWithoutHeaderTakesTheFirstColumn) {
  EXPECT_EQ(parse_prompts("one,x\ntwo,y", "p.csv").value(), (Texts{"one", "two"}));
}

TEST(ParsePrompts, ACsvHeaderIsNoPrompt) {
  for (const std::string_view csv :
       {"text\na b", "question\na b", "PROMPT\na b", "\"Prompt\"\na b", " prompt \na b",
        "id;Question\n1;a b", "id\tprompt\n1\ta b", "\xEF\xBB\xBFText,id\na b,1",
        "text,prompt\nno,a b", "id;text\r\n1;\"a b\"\r\n"}) {
    EXPECT_EQ(parse_prompts(csv, "p.csv").value(), (Texts{"a b"})) << csv;
  }
  EXPECT_EQ(parse_prompts("first; second\nthird", "p.csv").value(),
            (Texts{"first; second", "third"}));
  EXPECT_TRUE(parse_prompts("prompt\n", "p.csv").has_error());
}

TEST(ParsePrompts, SkipsAByteOrderMark) {
  EXPECT_EQ(parse_prompts("\xEF\xBB\xBF[\"a\"]", "p.json").value(), (Texts{"a"}));
}

TEST(ParsePrompts, SaysWhereSomethingIsWrong) {
  EXPECT_EQ(parse_prompts(R"(["a", 1])", "p.json").error().where, "p.json: [1]");
  EXPECT_EQ(parse_prompts("\"a\"\n{\"x\":1}", "p.jsonl").error().where, "p.jsonl: line 2");
  EXPECT_EQ(parse_prompts("[]", "p.json").error().what, "holds no prompt");
  EXPECT_TRUE(parse_prompts("{}", "p.json").has_error());
  EXPECT_TRUE(parse_prompts("id,prompt\n1", "p.csv").has_error());
}

TEST(LoadPrompts, SaysWhereItLooked) {
  const auto missing = load_prompts("prompts/none.json", std::nullopt);
  ASSERT_TRUE(missing.has_error());
  EXPECT_EQ(missing.error().to_string(),
            "prompts/none.json: there is no such file among the built-in files; built in are "
            "prompts/general.json");
}

TEST(JsonEscaped, EscapesWhatJsonForbids) {
  EXPECT_EQ(json_escaped("a\"b\\c\nd\te"), R"(a\"b\\c\nd\te)");
  EXPECT_EQ(json_escaped("h\u00e9"), "h\u00e9");
  EXPECT_EQ(json_escaped(""), "");
}

TEST(AppendPrompt, DrawsEachOfTheListAndRepeatsWithTheSameSeed) {
  const PromptSource source = std::make_shared<const Texts>(Texts{"a", "b", "c"});
  std::set<std::string> seen;
  lab::Rng rng(7);
  for (int i = 0; i < 50; ++i) {
    std::string out;
    append_prompt(out, source, rng);
    seen.insert(out);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST(AppendPrompt, SynthesisesFourCharactersAToken) {
  const PromptSource source = SyntheticPrompt{lab::Distribution(lab::Distribution::Constant{50})};
  lab::Rng rng(7);
  lab::Rng same(7);
  std::string first;
  std::string second;
  append_prompt(first, source, rng);
  append_prompt(second, source, same);
  EXPECT_EQ(first.size(), 200u);
  EXPECT_EQ(first, second);
  append_prompt(second, source, same);
  EXPECT_NE(first, second.substr(200));
}

TEST(AppendPrompt, BoundsAHeavyTail) {
  const PromptSource source = SyntheticPrompt{lab::Distribution(lab::Distribution::Constant{1e30})};
  lab::Rng rng(7);
  std::string out;
  append_prompt(out, source, rng);
  EXPECT_EQ(out.size(), 4'000'000u);
}

}  // namespace
}  // namespace loader
