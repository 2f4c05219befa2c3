#include "shared/runtime/http_message.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(HttpHeaders, FindIgnoresCaseAndKeepsTheFirst) {
  HttpHeaders headers;
  headers.add("Content-Type", "a");
  headers.add("X-Id", "1");
  headers.add("x-id", "2");
  EXPECT_EQ(headers.find("content-type"), "a");
  EXPECT_EQ(headers.find("X-ID"), "1");
  EXPECT_FALSE(headers.find("X"));
  headers.set("X-Id", "3");
  EXPECT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers.find("x-id"), "3");
  EXPECT_EQ(headers[0].name, "Content-Type");
  headers.clear();
  EXPECT_TRUE(headers.empty());
}

TEST(HttpHeaders, TokensOfListFields) {
  HttpHeaders headers;
  headers.add("Accept-Encoding", "br;q=1, GZIP ;q=0.5,, identity");
  headers.add("Accept-Encoding", "zstd");
  for (const char* token : {"br", "gzip", "identity", "zstd"}) {
    EXPECT_TRUE(headers.has_token("accept-encoding", token)) << token;
  }
  EXPECT_FALSE(headers.has_token("accept-encoding", "gz"));
  EXPECT_FALSE(headers.has_token("te", "br"));
}

TEST(TargetPath, EndsAtQueryOrFragment) {
  EXPECT_EQ(target_path("/v1/models?x=1"), "/v1/models");
  EXPECT_EQ(target_path("/v1/models#x"), "/v1/models");
  EXPECT_EQ(target_path("/v1/models"), "/v1/models");
}

TEST(ReasonPhrase, KnowsWhatGatewaysSend) {
  EXPECT_EQ(reason_phrase(429), "Too Many Requests");
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace
}  // namespace lab
