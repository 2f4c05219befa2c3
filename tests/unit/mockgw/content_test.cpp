#include "mockgw/chat/content.h"

#include <gtest/gtest.h>

#include "mockgw/chat/tokenizer.h"
#include "mockgw/config/answer_fixtures.h"
#include "shared/base/json.h"
#include "tests/unit/mockgw/schema_check.h"

namespace mockgw {
namespace {

TokensConfig lorem_of(double tokens) {
  TokensConfig config;
  config.output = lab::Distribution::Kind(lab::Distribution::Constant{tokens});
  return config;
}

TokensConfig with_text(ContentConfig::Kind kind, std::string text = {}) {
  TokensConfig config;
  config.content = {kind, std::move(text)};
  return config;
}

Completion generate(const TokensConfig& config, const ContentRequest& request,
                    std::uint64_t seed = 1) {
  return generate_content(config, request, lab::Rng(seed), {});
}

std::string joined(const Completion& completion) {
  std::string text;
  for (std::size_t i = 0; i < completion.tokens(); ++i) text += completion.token(i);
  return text;
}

TEST(Tokenizer, CutsWordsWithTheirSpaceAndSingleMarks) {
  EXPECT_EQ(token_size("Hello, world"), 5u);
  EXPECT_EQ(token_size(", world"), 1u);
  EXPECT_EQ(token_size(" world!"), 6u);
  EXPECT_EQ(token_size("  x"), 1u);
  EXPECT_EQ(token_size(" "), 1u);
  EXPECT_EQ(token_size(""), 0u);
  EXPECT_EQ(count_tokens("Say hello in one word."), 6u);
}

TEST(Tokenizer, NeverEndsInsideACharacter) {
  // 7 characters of two bytes: the limit of 12 bytes falls between two of them.
  EXPECT_EQ(token_size("äääääää"), 12u);
  // An odd byte first moves the limit into a character, which is then taken whole.
  EXPECT_EQ(token_size("aäääääää"), 13u);
  EXPECT_EQ(token_size("\xF0\x9F\x98\x80"), 4u);
}

TEST(Content, LoremHasAsManyTokensAsDrawnAndEndsItsSentence) {
  const Completion completion = generate(lorem_of(40), {});
  EXPECT_EQ(completion.tokens(), 40u);
  EXPECT_EQ(joined(completion), completion.text());
  EXPECT_NE(completion.text().front(), ' ');
  EXPECT_EQ(completion.text().back(), '.');
  EXPECT_FALSE(completion.cut_by_length);
}

TEST(Content, ThatIgnoresItsEndIsAsLongAsItMay) {
  for (const TokensConfig& config :
       {lorem_of(5), lorem_of(500), with_text(ContentConfig::Kind::fixed, "Short."),
        with_text(ContentConfig::Kind::echo)}) {
    const Completion completion =
        generate(config, {.prompt = "Hi", .max_tokens = 50, .ignores_end = true});
    EXPECT_EQ(completion.tokens(), 50u);
    EXPECT_EQ(joined(completion), completion.text());
    EXPECT_TRUE(completion.cut_by_length);
  }
}

TEST(Content, HasAtLeastMinTokens) {
  EXPECT_EQ(generate(lorem_of(5), {.max_tokens = 50, .min_tokens = 20}).tokens(), 20u);
  EXPECT_EQ(generate(lorem_of(30), {.max_tokens = 50, .min_tokens = 20}).tokens(), 30u);
  EXPECT_FALSE(generate(lorem_of(5), {.max_tokens = 50, .min_tokens = 20}).cut_by_length);
  EXPECT_EQ(generate(with_text(ContentConfig::Kind::fixed, "Short."), {.min_tokens = 20}).tokens(),
            20u);
}

TEST(Content, ThatIsJsonStaysSoWhenItIsLengthened) {
  lab::ResponseFormat format;
  format.kind = lab::ResponseFormat::Kind::json_object;
  const Completion completion =
      generate(lorem_of(5), {.max_tokens = 4000, .json = &format, .ignores_end = true});
  EXPECT_EQ(completion.tokens(), 4000u);
  EXPECT_TRUE(lab::Json::accept(completion.text()));
}

TEST(Content, StopsOnlyAfterMinTokens) {
  const TokensConfig config = with_text(ContentConfig::Kind::fixed, "a b a b a b");
  const std::vector<std::string> stop = {" b"};
  EXPECT_EQ(generate(config, {.stop = stop}).text(), "a");
  EXPECT_EQ(generate(config, {.stop = stop, .min_tokens = 2}).text(), "a b a");
  const Completion stopped =
      generate(config, {.max_tokens = 50, .stop = stop, .ignores_end = true});
  EXPECT_EQ(stopped.text(), "a");
  EXPECT_FALSE(stopped.cut_by_length);
}

TEST(Content, IsTheSameForTheSameGenerator) {
  EXPECT_EQ(generate(lorem_of(40), {}, 7).text(), generate(lorem_of(40), {}, 7).text());
  EXPECT_NE(generate(lorem_of(40), {}, 7).text(), generate(lorem_of(40), {}, 8).text());
}

TEST(Content, MaxTokensCutsALongerAnswerOnly) {
  const Completion cut = generate(lorem_of(40), {.max_tokens = 39});
  EXPECT_EQ(cut.tokens(), 39u);
  EXPECT_TRUE(cut.cut_by_length);
  const Completion whole = generate(lorem_of(40), {.max_tokens = 40});
  EXPECT_EQ(whole.tokens(), 40u);
  EXPECT_FALSE(whole.cut_by_length);
  // The text is the same up to there.
  EXPECT_TRUE(whole.text().starts_with(cut.text()));
}

TEST(Content, AnAnswerHasAtLeastOneToken) { EXPECT_EQ(generate(lorem_of(0), {}).tokens(), 1u); }

TEST(Content, EchoSaysThePrompt) {
  const Completion completion =
      generate(with_text(ContentConfig::Kind::echo), {.prompt = "Grüße, world!"});
  EXPECT_EQ(completion.text(), "Grüße, world!");
  EXPECT_EQ(completion.tokens(), 4u);
}

TEST(Content, FixedAndTemplateTextsAreCutByMaxTokensToo) {
  const Completion fixed =
      generate(with_text(ContentConfig::Kind::fixed, "one two three"), {.max_tokens = 2});
  EXPECT_EQ(fixed.text(), "one two");
  EXPECT_TRUE(fixed.cut_by_length);
  const Completion filled =
      generate(with_text(ContentConfig::Kind::template_, "${model}: ${prompt} $x ${user}"),
               {.model = "gpt-4", .prompt = "hi", .user = "ann"});
  EXPECT_EQ(filled.text(), "gpt-4: hi $x ann");
}

TEST(Content, StopsBeforeTheFirstStopSequence) {
  const std::vector<std::string> stop{"four", " thr"};
  const Completion completion = generate(
      with_text(ContentConfig::Kind::fixed, "one two three four"), {.max_tokens = 4, .stop = stop});
  EXPECT_EQ(completion.text(), "one two");
  EXPECT_EQ(completion.tokens(), 2u);
  EXPECT_FALSE(completion.cut_by_length);
}

TEST(Content, AStopInsideATokenKeepsItsBeginningAsAToken) {
  const std::vector<std::string> stop{"ree"};
  const Completion completion =
      generate(with_text(ContentConfig::Kind::fixed, "one two three"), {.stop = stop});
  EXPECT_EQ(completion.text(), "one two th");
  EXPECT_EQ(completion.tokens(), 3u);
  EXPECT_EQ(completion.token(2), " th");
}

TEST(Content, AStopAtTheVeryBeginningLeavesNothing) {
  const std::vector<std::string> stop{"one"};
  const Completion completion =
      generate(with_text(ContentConfig::Kind::fixed, "one two"), {.stop = stop});
  EXPECT_EQ(completion.text(), "");
  EXPECT_EQ(completion.tokens(), 0u);
}

lab::ResponseFormat format_of(std::string_view schema) {
  return {lab::ResponseFormat::Kind::json_schema, "answer", lab::Json::parse(schema)};
}

TEST(Content, JsonObjectIsAnObject) {
  const lab::ResponseFormat format{lab::ResponseFormat::Kind::json_object, {}, {}};
  const Completion completion = generate(lorem_of(5), {.json = &format});
  EXPECT_TRUE(lab::Json::parse(completion.text()).is_object());
  EXPECT_EQ(joined(completion), completion.text());
}

TEST(Content, JsonSchemaIsFollowed) {
  const lab::ResponseFormat format = format_of(
      R"({"type":"object","properties":{"steps":{"type":"array","minItems":2,
          "items":{"type":"string"}},"answer":{"type":"integer"}},"required":["steps","answer"]})");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Completion completion = generate(lorem_of(5), {.json = &format}, seed);
    const lab::Json value = lab::Json::parse(completion.text());
    EXPECT_EQ(test::schema_problem(*format.schema, value), "") << value;
  }
}

TEST(Content, MaxTokensCutsJsonToo) {
  const lab::ResponseFormat format = format_of(R"({"properties":{"a":{},"b":{}}})");
  const Completion whole = generate(lorem_of(5), {.json = &format});
  const Completion cut = generate(lorem_of(5), {.max_tokens = 3, .json = &format});
  EXPECT_EQ(cut.tokens(), 3u);
  EXPECT_TRUE(cut.cut_by_length);
  EXPECT_FALSE(whole.cut_by_length);
  EXPECT_TRUE(whole.text().starts_with(cut.text()));
}

TEST(Content, AWrittenTextStaysIfItIsJson) {
  const lab::ResponseFormat format = format_of(R"({"type":"array"})");
  const auto json = with_text(ContentConfig::Kind::fixed, R"([ "mine" ])");
  EXPECT_EQ(generate(json, {.json = &format}).text(), R"([ "mine" ])");
  const auto prose = with_text(ContentConfig::Kind::fixed, "Not JSON.");
  EXPECT_TRUE(lab::Json::parse(generate(prose, {.json = &format}).text()).is_array());
}

TEST(Content, AFixtureAnswersWhatItFitsAndTheFallbackTheRest) {
  auto fixtures = std::make_shared<AnswerFixtures>();
  fixtures->entries = {{{.contains = "weather"}, {ContentConfig::Kind::fixed, "Sunny."}},
                       {{.last_role = "tool"}, {ContentConfig::Kind::template_, "${user}: done"}}};
  fixtures->fallback.kind = ContentConfig::Kind::echo;
  TokensConfig config;
  config.content = {ContentConfig::Kind::fixtures, {}, fixtures};
  EXPECT_EQ(generate(config, {.prompt = "the weather?"}).text(), "Sunny.");
  EXPECT_EQ(generate(config, {.user = "ann", .last_role = "tool"}).text(), "ann: done");
  EXPECT_EQ(generate(config, {.prompt = "hello"}).text(), "hello");
}

TEST(Completion, KnowsTheArgumentsOfEachCall) {
  Completion completion;
  completion.begin_tool_call("call_1", "first");
  completion.add_text(R"({"a":1})", 100);
  completion.begin_tool_call("call_2", "second");
  completion.add_text("{}", 100);
  EXPECT_EQ(completion.arguments(0), R"({"a":1})");
  EXPECT_EQ(completion.arguments(1), "{}");
  EXPECT_EQ(completion.tool_calls()[1].first_token, 7u);
  EXPECT_EQ(completion.tool_call_of(0), 0u);
  EXPECT_EQ(completion.tool_call_of(6), 0u);
  EXPECT_EQ(completion.tool_call_of(7), 1u);
  completion.clear();
  EXPECT_TRUE(completion.tool_calls().empty());
}

TEST(Content, ReusesTheBuffersItIsGiven) {
  Completion first = generate(lorem_of(40), {});
  const Completion second = generate_content(lorem_of(5), {}, lab::Rng(1), std::move(first));
  EXPECT_EQ(second.tokens(), 5u);
  EXPECT_EQ(joined(second), second.text());
}

}  // namespace
}  // namespace mockgw
