// What a request may hold where vLLM's sampling parameters are known.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace lab {
namespace {

std::string with(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + members + "}";
}

TEST(ChatRequestOfVllm, ReadsVllmsSamplingIfAskedTo) {
  const std::string body = with(R"("ignore_eos":true,"min_tokens":5,"max_tokens":9)");
  const ChatRequest request = parse_chat_request(body, {.has_vllm_sampling = true}).value();
  EXPECT_TRUE(request.ignore_eos);
  EXPECT_EQ(request.min_tokens, 5);
  EXPECT_FALSE(request.unusual);
  const ChatRequest other = parse_chat_request(body).value();
  EXPECT_FALSE(other.ignore_eos);
  EXPECT_EQ(other.min_tokens, 0);
  ASSERT_TRUE(other.unusual);
  EXPECT_EQ(other.unusual->unknown_members, (std::vector<std::string>{"ignore_eos", "min_tokens"}));
}

TEST(ChatRequestOfVllm, KeepsToVllmsBounds) {
  const auto refused = [](const std::string& members) {
    const auto request = parse_chat_request(with(members), {.has_vllm_sampling = true});
    return request ? "" : request.error().message;
  };
  EXPECT_EQ(refused(R"("min_tokens":-1)"),
            "min_tokens must be greater than or equal to 0, got -1.");
  EXPECT_EQ(refused(R"("min_tokens":10,"max_tokens":9)"),
            "min_tokens must be less than or equal to max_tokens=9, got 10.");
  EXPECT_EQ(refused(R"("min_tokens":"5")"),
            "Invalid type for 'min_tokens': expected an integer, but got a string instead.");
  EXPECT_EQ(refused(R"("ignore_eos":1)"),
            "Invalid type for 'ignore_eos': expected a boolean, but got an integer instead.");
  EXPECT_EQ(refused(R"("min_tokens":9,"max_tokens":9,"ignore_eos":null)"), "");
}

}  // namespace
}  // namespace lab
