#include "loader/http/url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace loader {
namespace {

TEST(ParseUrl, TakesHostPortAndTarget) {
  const Url url = parse_url("http://Gateway.Example:8080/v1?x=1#part").value();
  EXPECT_FALSE(url.is_https);
  EXPECT_EQ(url.host, "gateway.example");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.target, "/v1?x=1");
  EXPECT_EQ(url.authority(), "gateway.example:8080");
}

TEST(ParseUrl, FillsInPortAndPath) {
  EXPECT_EQ(parse_url("http://a").value().port, 80);
  EXPECT_EQ(parse_url("https://a").value().port, 443);
  EXPECT_EQ(parse_url("https://a").value().target, "/");
  EXPECT_EQ(parse_url("https://a").value().authority(), "a");
}

TEST(ParseUrl, TakesIPv6WithoutItsBrackets) {
  const Url url = parse_url("https://[::1]:8443/x").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.authority(), "[::1]:8443");
  EXPECT_EQ(url.to_string(), "https://[::1]:8443/x");
}

TEST(ParseUrl, RefusesWhatAClientCannotUse) {
  for (const char* text : {"", "gateway:8080", "/v1", "ftp://a/", "http://", "http://:80/",
                           "http://a:0/", "http://a:99999/", "http://user:pw@a/", "http://a b/"}) {
    EXPECT_TRUE(parse_url(text).has_error()) << text;
  }
}

TEST(ParseSentUrl, LeavesPathAndQueryAsTheyAre) {
  for (const auto& [text, target] : std::vector<std::pair<std::string, std::string>>{
           {"http://h:1/a[b]?x= |\"<>^`{}%zz\u00fc#part", "/a[b]?x= |\"<>^`{}%zz\u00fc"},
           {"http://h:1?q=//x", "/?q=//x"},
           {"http://h:1", "/"},
           {"http://h:1#part", "/"}}) {
    const Url url = parse_sent_url(text).value();
    EXPECT_EQ(url.host, "h") << text;
    EXPECT_EQ(url.port, 1) << text;
    EXPECT_EQ(url.target, target) << text;
  }
}

TEST(ParseSentUrl, RefusesWhatAClientCannotUse) {
  for (const char* text : {"", "/v1", "http:///x", "http://a:0/", "http://a b/", "http://u@a/",
                           "http://a/b\nc", "http://a/?b\x7f"}) {
    EXPECT_TRUE(parse_sent_url(text).has_error()) << text;
  }
}

TEST(JoinUrl, PutsPathsBelowTheBase) {
  const Url root = parse_url("http://h:1").value();
  const Url below = parse_url("http://h:1/llm/").value();
  EXPECT_EQ(join_url(root, "/v1/models").value().to_string(), "http://h:1/v1/models");
  EXPECT_EQ(join_url(below, "/v1/models").value().to_string(), "http://h:1/llm/v1/models");
  EXPECT_EQ(join_url(below, "health?full=1").value().to_string(), "http://h:1/llm/health?full=1");
}

TEST(JoinUrl, TakesAnAbsoluteUrlForItself) {
  const Url base = parse_url("http://h:1/llm").value();
  EXPECT_EQ(join_url(base, "https://other/x").value().to_string(), "https://other/x");
  EXPECT_EQ(join_url(base, "/proxy?to=http://other").value().target, "/llm/proxy?to=http://other");
  EXPECT_EQ(join_url(base, "https://other/with space").value().target, "/with%20space");
}

TEST(JoinUrl, EncodesWhatPeopleWrite) {
  const Url base = parse_url("http://h:1/llm").value();
  for (const auto& [path, target] : std::vector<std::pair<std::string, std::string>>{
           {"/b/Zürich", "/llm/b/Z%C3%BCrich"},
           {"/a b", "/llm/a%20b"},
           {"/x|y{z}^", "/llm/x%7Cy%7Bz%7D%5E"},
           {"/x?q=ü&r=[1]#part", "/llm/x?q=%C3%BC&r=%5B1%5D"},
           {"//x/y", "/llm//x/y"},
           {"/done%20already", "/llm/done%20already"},
           {"?q=1", "/llm/?q=1"}}) {
    const auto joined = join_url(base, path);
    ASSERT_TRUE(joined) << path << ": " << joined.error().what;
    EXPECT_EQ(joined->target, target) << path;
    EXPECT_EQ(joined->host, "h") << path;
  }
  EXPECT_EQ(join_url(base, "/50%").error().what,
            "invalid path \"/50%\": \"%\" begins two hexadecimal digits");
  EXPECT_EQ(join_url(base, "/a\n").error().what,
            "invalid path \"/a\n\": a control character is in it");
}

TEST(ResolveUrl, FollowsALocationAsBrowsersDo) {
  const Url current = parse_url("http://h:1/a/b?q=1").value();
  EXPECT_EQ(resolve_url(current, "/c").value().to_string(), "http://h:1/c");
  EXPECT_EQ(resolve_url(current, "c").value().to_string(), "http://h:1/a/c");
  EXPECT_EQ(resolve_url(current, "../c").value().to_string(), "http://h:1/c");
  EXPECT_EQ(resolve_url(current, "https://other").value().to_string(), "https://other/");
  EXPECT_TRUE(resolve_url(current, "gopher://x/").has_error());
}

TEST(ResolveUrl, EncodesWhatServersWriteAsItIs) {
  const Url current = parse_url("http://h:1/a/b").value();
  const auto target = [&current](std::string_view location) {
    return resolve_url(current, location).value().to_string();
  };
  EXPECT_EQ(target("/b/Zürich"), "http://h:1/b/Z%C3%BCrich");
  EXPECT_EQ(target("/a b"), "http://h:1/a%20b");
  EXPECT_EQ(target("c d?q=ä \"x\"#part of it"), "http://h:1/a/c%20d?q=%C3%A4%20%22x%22");
  EXPECT_EQ(target("/a%2Fb%20c"), "http://h:1/a%2Fb%20c");
  EXPECT_EQ(target("/[x]|{y}\\^`<>"), "http://h:1/%5Bx%5D%7C%7By%7D%5C%5E%60%3C%3E");
  EXPECT_EQ(target("http://[::1]:8080/ü"), "http://[::1]:8080/%C3%BC");
  EXPECT_EQ(target("//other/a b"), "http://other/a%20b");
  EXPECT_EQ(target("/to?http://x y/"), "http://h:1/to?http://x%20y/");
  EXPECT_EQ(target("?x=1 2"), "http://h:1/a/b?x=1%202");
  EXPECT_EQ(target("#part"), "http://h:1/a/b");
  EXPECT_EQ(target("../../x/./y/../z"), "http://h:1/x/z");
  EXPECT_EQ(target("."), "http://h:1/a/");
  EXPECT_EQ(target("http://o/a/../b/.."), "http://o/");
  EXPECT_EQ(target("/%7Ea/..%2Fb?x=/../y"), "http://h:1/%7Ea/..%2Fb?x=/../y");
}

TEST(ResolveUrl, SaysWhatIsWrongWithALocation) {
  const Url current = parse_url("http://h:1/a/b").value();
  for (const std::string_view location :
       {"http://[::bad/", "http://a b/", "http://Zürich/", "http://", "http://h:99999/", "/%zz",
        "ftp://h/", "http://u:p@h/", "/a\tb", "http://a%0d%0ax/"}) {
    const auto resolved = resolve_url(current, location);
    ASSERT_TRUE(resolved.has_error()) << location;
    EXPECT_TRUE(resolved.error().what.starts_with("failed to parse Location header \"" +
                                                  std::string(location) + "\": "))
        << resolved.error().what;
  }
}

TEST(ParseUrl, RefusesAHostThatWouldEndAHeader) {
  for (const char* text :
       {"http://a%0d%0aX:%20y/", "http://a%20b/", "http://a%2fb/", "http://%C3%BC/"}) {
    EXPECT_TRUE(parse_url(text).has_error()) << text;
  }
}

}  // namespace
}  // namespace loader
