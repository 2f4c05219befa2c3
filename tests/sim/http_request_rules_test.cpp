#include "shared/runtime/http_request_rules.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

const ErrorCode kFine;
const ErrorCode kBad = Errc::bad_message;
const ErrorCode kNotSupported = make_error_code(boost::system::errc::not_supported);

HttpRequest head(std::initializer_list<HttpHeaders::Field> fields) {
  HttpRequest request;
  for (const HttpHeaders::Field& field : fields) request.headers.add(field.name, field.value);
  return request;
}

TEST(HttpRequestRules, OneHostIsNamed) {
  EXPECT_EQ(refusal_of(head({{"Host", "a:80"}})), kFine);
  EXPECT_EQ(refusal_of(head({{"host", ""}})), kFine);
  EXPECT_EQ(refusal_of(head({{"Host", "[::1]:80"}})), kFine);
  EXPECT_EQ(refusal_of(head({})), kBad);
  EXPECT_EQ(refusal_of(head({{"Host", "a"}, {"HOST", "a"}})), kBad);
  EXPECT_EQ(refusal_of(head({{"Host", "a, b"}})), kBad);
  HttpRequest old = head({});
  old.http_1_0 = true;
  EXPECT_EQ(refusal_of(old), kFine);
}

TEST(HttpRequestRules, TheOnlyCodingIsChunked) {
  const auto coded = [](std::string_view codings) {
    return refusal_of(head({{"Host", "a"}, {"Transfer-Encoding", codings}}));
  };
  EXPECT_EQ(coded("chunked"), kFine);
  EXPECT_EQ(coded("Chunked"), kFine);
  EXPECT_EQ(coded("gzip, chunked"), kNotSupported);
  EXPECT_EQ(coded("gzip,chunked"), kNotSupported);
  for (const char* refused : {"", "identity", "gzip", "chunked,", "chunked, gzip", "chunked;q=1"}) {
    EXPECT_EQ(coded(refused), kBad) << refused;
  }
  EXPECT_EQ(
      refusal_of(head(
          {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}})),
      kBad);
  HttpRequest old = head({{"Transfer-Encoding", "chunked"}});
  old.http_1_0 = true;
  EXPECT_EQ(refusal_of(old), kBad);
}

TEST(HttpRequestRules, AbsoluteTargetsBecomeOriginForm) {
  EXPECT_EQ(origin_form("GET", "http://h/a?b"), "/a?b");
  EXPECT_EQ(origin_form("GET", "HTTPS://h:1/a"), "/a");
  EXPECT_EQ(origin_form("GET", "http://h"), "/");
  EXPECT_EQ(origin_form("GET", "http://h?b"), "/?b");
  EXPECT_EQ(origin_form("OPTIONS", "http://h"), "*");
  for (const char* kept : {"/a", "*", "h:443", "http:///a", "ftp://h/a", ""}) {
    EXPECT_EQ(origin_form("GET", kept), kept);
  }
}

TEST(HttpRequestRules, OtherVersionsAreTold) {
  EXPECT_TRUE(names_other_version("GET / HTTP/2.0\r\n"));
  EXPECT_TRUE(names_other_version("GET / HTTP/9.9"));
  for (const char* line : {"", "GET / HTTP/1.1\r\n", "GET /\r\nX: HTTP/2.0", "GET / HTTP/2",
                           "GET / HTTP/x.0\r\n", "GET / http/2.0\r\n"}) {
    EXPECT_FALSE(names_other_version(line)) << line;
  }
}

}  // namespace
}  // namespace lab
