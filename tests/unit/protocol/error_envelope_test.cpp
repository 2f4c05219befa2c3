#include "shared/protocol/error_envelope.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(ErrorEnvelope, AlwaysHasAllFourMembers) {
  EXPECT_EQ(write_error_envelope({.status = 500, .type = "server_error", .message = "a \"b\""}),
            R"({"error":{"message":"a \"b\"","type":"server_error","param":null,"code":null}})");
  EXPECT_EQ(write_error_envelope({.status = 400,
                                  .type = "invalid_request_error",
                                  .code = "invalid_type",
                                  .param = "n",
                                  .message = "m"}),
            R"({"error":{"message":"m","type":"invalid_request_error","param":"n",)"
            R"("code":"invalid_type"}})");
}

TEST(ErrorEnvelope, ReadsTheShapesOfTheKnownGateways) {
  struct Case {
    const char* body;
    ErrorInfo info;
  };
  const Case cases[] = {
      {R"({"error":{"message":"m","type":"t","param":null,"code":null}})", {"m", "t", ""}},
      {R"({"error":{"message":"m","type":"t","param":null,"code":"429"}})", {"m", "t", "429"}},
      {R"({"error":{"message":"m","type":null,"code":429}})", {"m", "", "429"}},
      {R"({"type":"error","error":{"type":"t","code":"503","message":"m"}})", {"m", "t", "503"}},
      {R"({"is_bifrost_error":false,"status_code":502,"error":{"message":"m"}})", {"m", "", ""}},
      {R"({"status":"failure","message":"m"})", {"m", "", ""}},
      {R"({"message":"API rate limit exceeded","request_id":"1"})",
       {"API rate limit exceeded", "", ""}},
      {R"({"error":"m"})", {"m", "", ""}},
      {R"({"detail":"Not Found"})", {"Not Found", "", ""}},
      {R"({"detail":[{"msg":"x"}]})", {R"([{"msg":"x"}])", "", ""}},
  };
  for (const Case& c : cases) EXPECT_EQ(read_error_envelope(c.body), c.info) << c.body;
}

TEST(ErrorEnvelope, IsNotFoundInOtherTexts) {
  for (const std::string& body :
       {std::string(""), std::string("upstream request timeout"), std::string("[]"),
        std::string("{}"), std::string(R"({"error":null})"), std::string(R"({"error":)"),
        R"({"message":")" + std::string(70'000, 'x') + "\"}", std::string(60'000, '[')}) {
    EXPECT_EQ(read_error_envelope(body), std::nullopt) << body.substr(0, 50);
  }
}

}  // namespace
}  // namespace lab
