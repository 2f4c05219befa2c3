#include "mockgw/config/tokens_config.h"

#include <gtest/gtest.h>

#include "mockgw/config/answer_fixtures.h"
#include "shared/base/json.h"
#include "tests/support/temporary_folder.h"

namespace mockgw {
namespace {

using ContentKind = ContentConfig::Kind;

// What the section becomes, and what is wrong with it.
std::pair<TokensConfig, std::string> tokens_of(std::string_view text) {
  const lab::Json json = lab::parse_json(text, "test").value();
  lab::JsonProblems problems("gateway.json");
  TokensConfig tokens = read_tokens({json, "tokens", problems}, TokensConfig::healthy());
  return {std::move(tokens), problems.to_string()};
}

TEST(TokensConfig, PrintsWhatItReads) {
  const char* sections[] = {
      R"({"output":16,"content":"echo","tool_calls":{"probability":0.5,"parallel":3}})",
      R"({"output":16,"content":{"fixed":"a"},"tool_calls":{"probability":1.0,"parallel":1}})",
      R"({"output":16,"content":{"fixtures":[{"match":{"equals":"a","contains":"b","system":"c",
          "model":"d","user":"e","last_role":"tool","regex":"^f"},"text":"g"},
          {"match":{},"template":"${prompt}"}],"fallback":"echo"},
          "tool_calls":{"probability":0.0,"parallel":1}})"};
  for (const char* section : sections) {
    const auto [tokens, problems] = tokens_of(section);
    EXPECT_EQ(problems, "");
    EXPECT_EQ(to_json(tokens), lab::Json::parse(section));
  }
}

TEST(TokensConfig, CallsToolsByDefaultOneAtATime) {
  const TokensConfig tokens = tokens_of("{}").first;
  EXPECT_EQ(tokens.tool_calls.probability, 1);
  EXPECT_EQ(tokens.tool_calls.parallel, 1u);
}

struct BadSection {
  const char* text;
  std::vector<const char*> expected;
};

class TokensConfigErrors : public testing::TestWithParam<BadSection> {};

TEST_P(TokensConfigErrors, NameThePathAndWhatIsAllowed) {
  const std::string problems = tokens_of(GetParam().text).second;
  for (const char* expected : GetParam().expected) {
    EXPECT_NE(problems.find(expected), std::string::npos) << expected << "\n" << problems;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, TokensConfigErrors,
    testing::Values(
        BadSection{R"({"tool_calls":{"probabilty":1}})", {"tokens.tool_calls", "probability"}},
        BadSection{R"({"tool_calls":{"probability":1.5}})", {"tokens.tool_calls.probability"}},
        BadSection{R"({"tool_calls":{"parallel":0}})", {"tokens.tool_calls.parallel", "1"}},
        BadSection{R"({"tool_calls":{"parallel":33}})", {"tokens.tool_calls.parallel", "32"}},
        BadSection{R"({"content":{"fixtures":[]}})", {"tokens.content.fixtures", "no answer"}},
        BadSection{R"({"content":{"fixtures":7}})", {"tokens.content.fixtures", "array"}},
        BadSection{R"({"content":{"fixtures":"/no/such/file.json"}})",
                   {"tokens.content.fixtures", "/no/such/file.json"}},
        BadSection{R"({"content":{"fixed":"a","fallback":"echo"}})", {"tokens.content.fallback"}},
        BadSection{R"({"content":{"fixtures":[{"text":"a"}],"fallback":"ecko"}})",
                   {"tokens.content.fallback", "echo"}},
        BadSection{R"({"content":{"fixtures":[{"text":"a","template":"b"}]}})",
                   {"tokens.content.fixtures[0]", "either"}},
        BadSection{R"({"content":{"fixtures":[{"match":{"contain":"a"},"text":"b"}]}})",
                   {"tokens.content.fixtures[0].match", "contain", "contains"}},
        BadSection{R"({"content":{"fixtures":[{"match":{"regex":"(a"},"text":"b"}]}})",
                   {"tokens.content.fixtures[0].match.regex", "no regular expression"}},
        BadSection{R"({"content":{"fixtures":[{"match":{"last_role":"bot"},"text":"b"}]}})",
                   {"tokens.content.fixtures[0].match.last_role", "assistant"}}));

struct MatchCase {
  const char* match;
  bool fits;
};

class AnswerMatches : public testing::TestWithParam<MatchCase> {};

TEST_P(AnswerMatches, FitWhenEverythingGivenHolds) {
  const AnswerFacts facts{.model = "gpt-4",
                          .prompt = "What is the weather in Paris?",
                          .system = "You are a weather bot.",
                          .user = "ann",
                          .last_role = "user"};
  const lab::Json json =
      lab::Json::array({{{"match", lab::Json::parse(GetParam().match)}, {"text", "found"}}});
  lab::JsonProblems problems("test");
  const AnswerFixtures fixtures = read_answer_fixtures({json, "", problems}, FileAccess::allowed);
  ASSERT_TRUE(problems.empty()) << problems.to_string();
  EXPECT_EQ(fixtures.choose(facts).text == "found", GetParam().fits);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AnswerMatches,
    testing::Values(MatchCase{R"({})", true}, MatchCase{R"({"contains":"weather"})", true},
                    MatchCase{R"({"contains":"Weather"})", false},
                    MatchCase{R"({"equals":"What is the weather in Paris?"})", true},
                    MatchCase{R"({"equals":"What is the weather"})", false},
                    MatchCase{R"({"regex":"(?i)WEATHER in \\w+\\?$"})", true},
                    MatchCase{R"({"regex":"^weather"})", false},
                    MatchCase{R"({"system":"bot"})", true},
                    MatchCase{R"({"system":"What"})", false},
                    MatchCase{R"({"model":"gpt-4"})", true}, MatchCase{R"({"model":"gpt"})", false},
                    MatchCase{R"({"user":"ann"})", true}, MatchCase{R"({"user":"bob"})", false},
                    MatchCase{R"({"last_role":"user"})", true},
                    MatchCase{R"({"last_role":"tool"})", false},
                    MatchCase{R"({"contains":"weather","model":"gpt-3"})", false}));

TEST(AnswerFixtures, TheFirstThatFitsIsTaken) {
  const auto tokens = tokens_of(R"({"content":{"fixtures":[{"match":{"contains":"b"},"text":"1"},
      {"match":{"contains":"a"},"text":"2"},{"match":{"contains":"a"},"text":"3"}]}})")
                          .first;
  EXPECT_EQ(tokens.content.fixtures->choose({.prompt = "a"}).text, "2");
  EXPECT_EQ(tokens.content.fixtures->choose({.prompt = "b"}).text, "1");
  EXPECT_EQ(tokens.content.fixtures->choose({.prompt = "c"}).kind, ContentKind::lorem);
}

TEST(AnswerFixtures, APatternThatTakesTooLongIsNotFound) {
  const auto pattern = AnswerPattern::compile("(a*)*(a*)*(a*)*b").value();
  EXPECT_FALSE(pattern.is_found_in(std::string(5'000, 'a')));
  EXPECT_TRUE(pattern.is_found_in("aab"));
}

class AnswerFile : public testing::Test {
 protected:
  std::pair<TokensConfig, std::string> read_with(std::string_view entries) const {
    return tokens_of(R"({"content":{"fixtures":")" + folder.write("answers.json", entries) +
                     R"("}})");
  }

  lab::TemporaryFolder folder;
  std::string path = folder.path("answers.json");
};

TEST_F(AnswerFile, IsReadAndPrintedByItsName) {
  const auto [tokens, problems] = read_with(R"([{"text":"Hello."}]  // All requests.)");
  EXPECT_EQ(problems, "");
  EXPECT_EQ(tokens.content.fixtures->choose({}).text, "Hello.");
  EXPECT_EQ(to_json(tokens)["content"]["fixtures"], path);
}

TEST_F(AnswerFile, ItsProblemsNameTheFileAndThePlaceInIt) {
  const std::string problems = read_with(R"([{"text":"a"},{"text":7}])").second;
  for (const std::string& expected :
       {std::string("tokens.content.fixtures"), path, std::string("[1].text")}) {
    EXPECT_NE(problems.find(expected), std::string::npos) << expected << "\n" << problems;
  }
}

}  // namespace
}  // namespace mockgw
