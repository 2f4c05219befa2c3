// What a request may hold where vLLM's sampling parameters are known.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace lab {
namespace {

std::string chat_with(const std::string& members) {
  return R"({"model":"m","messages":[{"role":"user","content":"a"}],)" + members + "}";
}

TEST(ChatRequestOfVllm, ReadsVllmsSamplingIfAskedTo) {
  const std::string body = chat_with(R"("ignore_eos":true,"min_tokens":5,"max_tokens":9)");
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
    const auto request = parse_chat_request(chat_with(members), {.has_vllm_sampling = true});
    return request ? "" : request.error().message;
  };
  EXPECT_EQ(refused(R"("min_tokens":-1)"),
            "min_tokens must be greater than or equal to 0, got -1.");
  EXPECT_EQ(refused(R"("min_tokens":10,"max_tokens":9)"),
            "min_tokens must be less than or equal to max_tokens=9, got 10.");
  EXPECT_EQ(refused(R"("min_tokens":"5")"),
            "Invalid type for 'min_tokens': expected an integer, but got a string instead.");
  EXPECT_EQ(refused(R"("ignore_eos":2)"),
            "Invalid type for 'ignore_eos': expected a boolean, but got an integer instead.");
  EXPECT_EQ(refused(R"("stream":"maybe")"),
            "Invalid type for 'stream': expected a boolean, but got a string instead.");
  EXPECT_EQ(refused(R"("stream":"")"),
            "Invalid type for 'stream': expected a boolean, but got a string instead.");
  EXPECT_EQ(refused(R"("stream":[])"),
            "Invalid type for 'stream': expected a boolean, but got an array instead.");
  EXPECT_EQ(refused(R"("temperature":-1)"),
            "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 "
            "instead.");
  EXPECT_EQ(refused(R"("n":0)"),
            "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.");
  EXPECT_EQ(refused(R"("min_tokens":9,"max_tokens":9,"ignore_eos":null)"), "");
}

std::string stops(std::size_t count) {
  std::string all = R"("stop":["0")";
  for (std::size_t i = 1; i < count; ++i) all += ",\"" + std::to_string(i) + '"';
  return all + "]";
}

TEST(ChatRequestOfVllm, TakesMoreThanOpenAiDoes) {
  const std::string wide = R"("temperature":2.5,"n":200,)" + stops(5);
  const auto request = parse_chat_request(chat_with(wide), {.has_vllm_sampling = true});
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->temperature, 2.5);
  EXPECT_EQ(request->n, 200);
  EXPECT_EQ(request->stop.size(), 5);
  for (const std::string& member : {std::string(R"("temperature":2.5)"), std::string(R"("n":200)"),
                                    stops(5), std::string(R"("stream":"false")")}) {
    EXPECT_FALSE(parse_chat_request(chat_with(member))) << member;
  }
  EXPECT_TRUE(parse_chat_request(chat_with(stops(kStopsMax)), {.has_vllm_sampling = true}));
  const auto more =
      parse_chat_request(chat_with(stops(kStopsMax + 1)), {.has_vllm_sampling = true});
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().message,
            "Invalid 'stop': array too long. Expected an array with maximum length 128, but got an "
            "array with length 129 instead.");
}

TEST(ChatRequestOfVllm, BooleansAreAsLaxAsPydantics) {
  const std::pair<const char*, bool> rows[] = {
      {"1", true},       {"0", false},        {R"("true")", true}, {R"("false")", false},
      {R"("1")", true},  {R"("0")", false},   {R"("yes")", true},  {R"("no")", false},
      {R"("on")", true}, {R"("off")", false}, {R"("t")", true},    {R"("f")", false},
      {R"("y")", true},  {R"("n")", false},   {R"("TRUE")", true}, {R"("False")", false},
  };
  for (const auto& [text, value] : rows) {
    const std::string members =
        R"("ignore_eos":)" + std::string(text) + R"(,"logprobs":)" + std::string(text);
    const auto request = parse_chat_request(chat_with(members), {.has_vllm_sampling = true});
    ASSERT_TRUE(request) << text << request.error().message;
    EXPECT_EQ(request->ignore_eos, value) << text;
    EXPECT_EQ(request->logprobs, value) << text;
  }
  // What is in stream_options as well.
  const auto request =
      parse_chat_request(chat_with(R"("stream":"on","stream_options":{"include_usage":"yes"})"),
                         {.has_vllm_sampling = true});
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->stream);
  EXPECT_TRUE(request->include_usage);
}

}  // namespace
}  // namespace lab
