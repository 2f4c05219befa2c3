#include "shared/runtime/http_message.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

using namespace std::chrono_literals;

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

TEST(HttpHeaders, AreWrittenALineEachInTheirOrder) {
  const auto lines = [](const HttpHeaders& headers) {
    std::string out = ">";
    headers.append_to(out);
    return out;
  };
  HttpHeaders headers;
  EXPECT_EQ(lines(headers), ">");
  headers.add("A", "1");
  headers.add("B", "");
  headers.add("C", std::string(300, 'c'));
  EXPECT_EQ(lines(headers), ">A: 1\r\nB: \r\nC: " + std::string(300, 'c') + "\r\n");
  headers.remove("c");
  headers.set("a", "2");
  EXPECT_EQ(lines(headers), ">B: \r\na: 2\r\n");
  headers.add("E", "5");
  headers.remove("e");
  EXPECT_EQ(lines(headers), ">B: \r\na: 2\r\n");
  headers.clear();
  headers.add("D", "4");
  EXPECT_EQ(lines(headers), ">D: 4\r\n");
  const HttpHeaders taken = std::move(headers);
  headers.add("F", "6");  // What was moved from is empty, and as good as new.
  EXPECT_EQ(lines(headers), ">F: 6\r\n");
  EXPECT_EQ(lines(taken), ">D: 4\r\n");
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

// RFC 9110, 5.6.7: its own example.
TEST(FormatHttpDate, WritesWhatTheStandardDoes) {
  const WallTime day = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6);
  EXPECT_EQ(format_http_date(day + 8h + 49min + 37s + 999ms), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(day - 1s), "Sat, 05 Nov 1994 23:59:59 GMT");
}

TEST(ReasonPhrase, KnowsWhatGatewaysSend) {
  EXPECT_EQ(reason_phrase(429), "Too Many Requests");
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace
}  // namespace lab
