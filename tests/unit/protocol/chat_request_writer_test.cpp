#include "shared/protocol/chat_request_writer.h"

#include <gtest/gtest.h>

#include <array>

#include "shared/base/json.h"

namespace lab {
namespace {

const std::array<OutgoingMessage, 2> kOutgoingMessages{
    {{Role::system, "Be \"brief\"."}, {Role::user, "Hi\n"}}};

TEST(WriteChatRequest, WritesTheBodyOfTheK6Suite) {
  const std::string body = write_chat_request({.model = "gpt-4",
                                               .messages = {&kOutgoingMessages[1], 1},
                                               .max_tokens = 100,
                                               .temperature = 0.7,
                                               .stream = false});
  EXPECT_EQ(body, R"({"model":"gpt-4","messages":[{"role":"user","content":"Hi\n"}],)"
                  R"("max_tokens":100,"temperature":0.7,"stream":false})");
}

TEST(WriteChatRequest, LetsExtraMembersWin) {
  const Json extra = {{"temperature", 0}, {"top_p", 0.5}, {"metadata", {{"a", {1, nullptr}}}}};
  const std::string body = write_chat_request({.model = "m",
                                               .messages = kOutgoingMessages,
                                               .temperature = 0.7,
                                               .stream = true,
                                               .include_usage = true,
                                               .seed = 9,
                                               .extra = &extra});
  EXPECT_EQ(body, R"({"model":"m","messages":[{"role":"system","content":"Be \"brief\"."},)"
                  R"({"role":"user","content":"Hi\n"}],"stream":true,)"
                  R"("stream_options":{"include_usage":true},"seed":9,)"
                  R"("temperature":0,"top_p":0.5,"metadata":{"a":[1,null]}})");
  const auto request = parse_chat_request(body);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_TRUE(request->include_usage);
  EXPECT_EQ(request->temperature, 0.0);
}

}  // namespace
}  // namespace lab
