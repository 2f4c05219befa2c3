#include "mockgw/chat/content.h"

#include <gtest/gtest.h>

#include "mockgw/chat/tokenizer.h"

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

TEST(Content, ReusesTheBuffersItIsGiven) {
  Completion first = generate(lorem_of(40), {});
  const Completion second = generate_content(lorem_of(5), {}, lab::Rng(1), std::move(first));
  EXPECT_EQ(second.tokens(), 5u);
  EXPECT_EQ(joined(second), second.text());
}

}  // namespace
}  // namespace mockgw
