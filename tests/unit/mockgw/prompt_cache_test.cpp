#include "mockgw/gateway/prompt_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "mockgw/chat/prompt_blocks.h"
#include "tests/support/time_point.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;
using Blocks = std::vector<std::uint64_t>;

using lab::test::at;

lab::ChatRequest request(std::string system, std::string user, std::string model = "gpt-4") {
  lab::ChatRequest made;
  made.model = std::move(model);
  made.messages.resize(2);
  made.messages[0].role = lab::Role::system;
  made.messages[0].content = std::move(system);
  made.messages[1].content = std::move(user);
  return made;
}

std::string words(int count, const std::string& word) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " " + word;
  return text;
}

TEST(PromptBlocks, OneForEachFullBlock) {
  EXPECT_EQ(prompt_blocks(request("", ""), 4).size(), 0u);
  EXPECT_EQ(prompt_blocks(request(words(3, "a"), ""), 4).size(), 0u);
  EXPECT_EQ(prompt_blocks(request(words(3, "a"), words(1, "b")), 4).size(), 1u);
  EXPECT_EQ(prompt_blocks(request(words(20, "a"), words(3, "b")), 4).size(), 5u);
}

TEST(PromptBlocks, AgreeAsFarAsThePromptsDo) {
  const Blocks one = prompt_blocks(request(words(8, "a"), words(8, "b")), 4);
  const Blocks other = prompt_blocks(request(words(8, "a"), words(4, "b") + words(4, "c")), 4);
  ASSERT_EQ(one.size(), 4u);
  ASSERT_EQ(other.size(), 4u);
  EXPECT_TRUE(std::equal(one.begin(), one.begin() + 3, other.begin()));
  EXPECT_NE(one[3], other[3]);
}

TEST(PromptBlocks, TellModelsRolesAndOrdersApart) {
  const Blocks one = prompt_blocks(request(words(4, "a"), words(4, "b")), 4);
  EXPECT_NE(one, prompt_blocks(request(words(4, "a"), words(4, "b"), "gpt-3.5-turbo"), 4));
  EXPECT_NE(one, prompt_blocks(request(words(8, "a"), ""), 4));
  EXPECT_NE(one, prompt_blocks(request(words(4, "b"), words(4, "a")), 4));
  EXPECT_NE(one[1], prompt_blocks(request(words(4, "a") + words(4, "b"), ""), 4)[1]);
}

PrefixCacheConfig config(std::int64_t minimum_tokens, std::int64_t blocks_max = 100) {
  return {
      .block_tokens = 10, .minimum_tokens = minimum_tokens, .ttl = 5min, .blocks_max = blocks_max};
}

TEST(PromptCache, KnowsTheCommonBeginning) {
  PromptCache cache(config(0));
  EXPECT_EQ(cache.take(Blocks{1, 2, 3}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1, 2, 4}, at(1s)), 20);
  EXPECT_EQ(cache.take(Blocks{1, 2, 3}, at(2s)), 30);
  // What follows a difference is not a prefix, even if it was seen.
  EXPECT_EQ(cache.take(Blocks{9, 2, 3}, at(3s)), 0);
}

TEST(PromptCache, ALittleInCommonDoesNotCount) {
  PromptCache cache(config(20));
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1, 3}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(0s)), 20);
}

TEST(PromptCache, ForgetsWhatIsNotUsed) {
  PromptCache cache(config(0));
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1}, at(5min)), 10);  // Used again: its time begins anew.
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(6min)), 10);
}

TEST(PromptCache, WhenFullTheLeastRecentlyUsedGoes) {
  PromptCache cache(config(0, 3));
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1}, at(1s)), 10);
  EXPECT_EQ(cache.take(Blocks{3, 4}, at(2s)), 0);  // 2 goes.
  EXPECT_EQ(cache.take(Blocks{1, 2}, at(3s)), 10);
}

TEST(PromptCache, OfAPromptLargerThanItTheBeginningStays) {
  PromptCache cache(config(0, 2));
  EXPECT_EQ(cache.take(Blocks{1, 2, 3, 4}, at(0s)), 0);
  EXPECT_EQ(cache.take(Blocks{1, 2, 3, 4}, at(1s)), 20);
}

}  // namespace
}  // namespace mockgw
