#include "loader/http/cookie_jar.h"

#include <gtest/gtest.h>

#include <ostream>

namespace loader {
namespace {

using namespace std::chrono_literals;

// 2026-01-01T00:00:00Z.
const lab::WallTime kStored{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};

struct JarCase {
  const char* name;
  const char* set_by;
  std::vector<const char*> fields;
  const char* asked_for;
  const char* sent;
};

void PrintTo(const JarCase& each, std::ostream* out) { *out << each.name; }

class JarTest : public testing::TestWithParam<JarCase> {};

TEST_P(JarTest, SendsWhatIsForTheUrl) {
  CookieJar jar;
  for (const char* const field : GetParam().fields) {
    jar.store(parse_url(GetParam().set_by).value(), field, kStored);
  }
  EXPECT_EQ(jar.header_for(parse_url(GetParam().asked_for).value(), kStored), GetParam().sent);
}

INSTANTIATE_TEST_SUITE_P(
    All, JarTest,
    testing::Values(
        JarCase{"Plain", "http://h/", {"a=1"}, "http://h/x", "a=1"},
        JarCase{"AnyPort", "http://h:81/", {"a=1"}, "http://h:82/x", "a=1"},
        JarCase{"InOrder", "http://h/", {"b=2", "a=1"}, "http://h/", "b=2; a=1"},
        JarCase{"Replaced", "http://h/", {"a=1", "b=2", "a=3"}, "http://h/", "a=3; b=2"},
        JarCase{"HostOnly", "http://h.test/", {"a=1"}, "http://x.h.test/", ""},
        JarCase{"OtherHost", "http://h/", {"a=1"}, "http://g/", ""},
        JarCase{"Domain", "http://x.h.test/", {"a=1; Domain=h.test"}, "http://y.h.test/", "a=1"},
        JarCase{
            "DottedDomain", "http://h.test/", {"a=1; domain=.H.Test"}, "http://y.h.test/", "a=1"},
        JarCase{"ForeignDomain", "http://h.test/", {"a=1; Domain=g.test"}, "http://g.test/", ""},
        JarCase{"Subdomain", "http://h.test/", {"a=1; Domain=x.h.test"}, "http://x.h.test/", ""},
        JarCase{"NoLabel", "http://xh.test/", {"a=1; Domain=h.test"}, "http://xh.test/", ""},
        JarCase{"AddressAsDomain",
                "http://127.0.0.1/",
                {"a=1; Domain=127.0.0.1"},
                "http://127.0.0.1/",
                "a=1"},
        JarCase{
            "PartOfAnAddress", "http://127.0.0.1/", {"a=1; Domain=0.0.1"}, "http://127.0.0.1/", ""},
        JarCase{"DefaultPath", "http://h/a/b", {"a=1"}, "http://h/a/c", "a=1"},
        JarCase{"BesideTheDefaultPath", "http://h/a/b", {"a=1"}, "http://h/b", ""},
        JarCase{"Path", "http://h/", {"a=1; Path=/x"}, "http://h/x/y?z", "a=1"},
        JarCase{"PathIsNoPrefix", "http://h/", {"a=1; Path=/x"}, "http://h/xy", ""},
        JarCase{"PathIsItself", "http://h/", {"a=1; Path=/x"}, "http://h/x", "a=1"},
        JarCase{"LongerPathsFirst",
                "http://h/",
                {"a=1; Path=/", "b=2; Path=/x"},
                "http://h/x",
                "b=2; a=1"},
        JarCase{"TwoPathsAreTwoCookies",
                "http://h/",
                {"a=1; Path=/", "a=2; Path=/x"},
                "http://h/x",
                "a=2; a=1"},
        JarCase{"RelativePathIsNone", "http://h/", {"a=1; Path=x"}, "http://h/y", "a=1"},
        JarCase{"SecureOverTls", "https://h/", {"a=1; Secure"}, "https://h/", "a=1"},
        JarCase{"SecureInTheClear", "https://h/", {"a=1; secure"}, "http://h/", ""},
        JarCase{"Expired",
                "http://h/",
                {"a=1; Expires=Wed, 31 Dec 2025 23:59:59 GMT"},
                "http://h/",
                ""},
        JarCase{"NotExpired",
                "http://h/",
                {"a=1; Expires=Thu, 01-Jan-2026 00:00:01 GMT"},
                "http://h/",
                "a=1"},
        JarCase{"NoDate", "http://h/", {"a=1; Expires=soon"}, "http://h/", "a=1"},
        JarCase{"MaxAgeWins",
                "http://h/",
                {"a=1; Max-Age=5; Expires=Wed, 31 Dec 2025 23:59:59 GMT"},
                "http://h/",
                "a=1"},
        JarCase{"Removed", "http://h/", {"a=1", "a=; Max-Age=0"}, "http://h/", ""},
        JarCase{"NegativeAge", "http://h/", {"a=1", "a=2; Max-Age=-1"}, "http://h/", ""},
        JarCase{"NoAge", "http://h/", {"a=1; Max-Age=x"}, "http://h/", "a=1"},
        JarCase{"Quoted", "http://h/", {"a=\"x y\""}, "http://h/", "a=\"x y\""},
        JarCase{"Empty", "http://h/", {"a="}, "http://h/", "a="},
        JarCase{"EqualsInTheValue", "http://h/", {"a=b=c"}, "http://h/", "a=b=c"},
        JarCase{
            "NoCookie", "http://h/", {"a", "=1", "", "a b=1", "a=\"", "a=\x01"}, "http://h/", ""}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(CookieJar, CookiesAgeWithTheTime) {
  CookieJar jar;
  const Url url = parse_url("http://h/").value();
  jar.store(url, "a=1; Max-Age=10", kStored);
  EXPECT_EQ(jar.header_for(url, kStored + 9s), "a=1");
  EXPECT_EQ(jar.header_for(url, kStored + 10s), "");
  EXPECT_TRUE(jar.empty());
}

TEST(CookieJar, IsBounded) {
  CookieJar jar;
  const Url url = parse_url("http://h/").value();
  for (std::size_t i = 0; i < CookieJar::kCookiesMax + 1; ++i) {
    jar.store(url, "c" + std::to_string(i) + "=1; Path=/" + std::to_string(i), kStored);
  }
  EXPECT_EQ(jar.header_for(parse_url("http://h/0").value(), kStored), "");
  EXPECT_EQ(jar.header_for(parse_url("http://h/1").value(), kStored), "c1=1");
}

TEST(CookieJar, KeepsSomeNamesAtHome) {
  CookieJar jar;
  const Url url = parse_url("http://h/").value();
  for (const char* const field : {"a=1", "b=2", "c=3"}) jar.store(url, field, kStored);
  EXPECT_EQ(jar.header_for(url, kStored, std::vector<std::string>{"a", "c", "x"}), "b=2");
}

TEST(CookieJar, ListsWhatItWouldSend) {
  CookieJar jar;
  const Url url = parse_url("http://h/x").value();
  for (const char* const field : {"a=1; Path=/", "b=\"2 3\"", "c=4; Path=/y", "d=5; Secure"}) {
    jar.store(url, field, kStored);
  }
  const std::vector<std::pair<std::string, std::string>> listed{{"a", "1"}, {"b", "2 3"}};
  EXPECT_EQ(jar.list_for(url, kStored), listed);
}

// As in k6, which sets them again, expired, and with no path of their own.
TEST(CookieJar, LosesWhatTheUrlSetsByDefault) {
  CookieJar jar;
  const Url url = parse_url("http://h.test/d/x").value();
  for (const char* const field : {"a=1", "b=2", "a=3; Path=/", "c=4", "d=5; Path=/d/x",
                                  "e=6; Domain=h.test", "f=7; Domain=test"}) {
    jar.store(url, field, kStored);
  }
  EXPECT_EQ(jar.header_for(url, kStored), "d=5; a=1; b=2; c=4; e=6; f=7; a=3");
  jar.erase(url, "a");
  EXPECT_EQ(jar.header_for(url, kStored), "d=5; b=2; c=4; e=6; f=7; a=3");
  jar.clear(url, kStored);
  EXPECT_EQ(jar.header_for(url, kStored), "d=5; f=7; a=3");
}

TEST(CookieJar, ReadsDates) {
  EXPECT_EQ(parse_cookie_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            lab::WallTime(std::chrono::seconds(784111777)));
  EXPECT_EQ(parse_cookie_date("Fri, 31 Dec 9999 23:59:59 GMT"), lab::WallTime::max());
  for (const char* const text :
       {"", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_cookie_date(text)) << text;
  }
}

}  // namespace
}  // namespace loader
