#include "loader/http/proxy_rules.h"

#include <gtest/gtest.h>

#include <map>

#include "loader/http/http_client.h"
#include "loader/http/http_debug.h"
#include "loader/http/rate_gate.h"

namespace loader {
namespace {

lab::Result<ProxyRules> rules_of(const std::map<std::string, std::string>& variables) {
  return ProxyRules::from([&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

bool is_proxied(const std::string& exceptions, const std::string& url) {
  const ProxyRules rules =
      rules_of({{"HTTP_PROXY", "http://p"}, {"HTTPS_PROXY", "http://p"}, {"NO_PROXY", exceptions}})
          .value();
  return rules.proxy_for(parse_url(url).value()) != nullptr;
}

TEST(ProxyRules, ASchemeHasItsProxy) {
  const ProxyRules rules = rules_of({{"http_proxy", "plain:3128"},
                                     {"HTTPS_PROXY", "https://us%20er:pw@safe"},
                                     {"https_proxy", "http://not-this"}})
                               .value();
  const Proxy* plain = rules.proxy_for(parse_url("http://h/").value());
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->host, "plain");
  EXPECT_EQ(plain->port, 3128);
  EXPECT_EQ(plain->authorization, "");
  const Proxy* safe = rules.proxy_for(parse_url("https://h/").value());
  ASSERT_NE(safe, nullptr);
  EXPECT_TRUE(safe->is_https);
  EXPECT_EQ(safe->host, "safe");
  EXPECT_EQ(safe->port, 443);
  // base64("us er:pw")
  EXPECT_EQ(safe->authorization, "Basic dXMgZXI6cHc=");
  EXPECT_TRUE(rules_of({}).value().empty());
}

TEST(ProxyRules, TheMachineItselfIsNeverProxied) {
  for (const char* const url : {"http://localhost/", "http://localhost:8080/", "http://127.0.0.1/",
                                "https://127.8.9.1/", "http://[::1]/"}) {
    EXPECT_FALSE(is_proxied("", url)) << url;
  }
  EXPECT_TRUE(is_proxied("", "http://localhost.test/"));
}

TEST(ProxyRules, OneForAllIsForTheMachineItselfToo) {
  const ProxyRules rules = ProxyRules::for_all("X_PROXY", "http://p:1").value();
  for (const char* const url : {"http://localhost/", "https://127.0.0.1/", "http://h.test/"}) {
    EXPECT_NE(rules.proxy_for(parse_url(url).value()), nullptr) << url;
  }
  EXPECT_EQ(ProxyRules::for_all("X_PROXY", "socks5://p").error().where, "X_PROXY");
}

TEST(ProxyRules, ExceptionsAreNamesAddressesRangesAndPorts) {
  EXPECT_FALSE(is_proxied("h.test", "http://h.test/"));
  EXPECT_FALSE(is_proxied("H.test", "http://x.h.test/"));
  EXPECT_TRUE(is_proxied("h.test", "http://xh.test/"));
  EXPECT_TRUE(is_proxied(".h.test", "http://h.test/"));
  EXPECT_FALSE(is_proxied(".h.test", "http://x.h.test/"));
  EXPECT_FALSE(is_proxied("*.h.test", "http://x.h.test/"));
  EXPECT_TRUE(is_proxied("*.h.test", "http://h.test/"));
  EXPECT_FALSE(is_proxied("a, h.test:8080 ,b", "http://h.test:8080/"));
  EXPECT_TRUE(is_proxied("h.test:8080", "http://h.test/"));
  EXPECT_FALSE(is_proxied("h.test:443", "https://h.test/"));
  EXPECT_FALSE(is_proxied("10.0.0.0/8", "http://10.1.2.3/"));
  EXPECT_TRUE(is_proxied("10.0.0.0/8", "http://11.1.2.3/"));
  EXPECT_FALSE(is_proxied("10.1.2.3", "http://10.1.2.3/"));
  EXPECT_TRUE(is_proxied("10.1.2.3:81", "http://10.1.2.3/"));
  EXPECT_FALSE(is_proxied("[fd00::1]:80", "http://[fd00::1]/"));
  EXPECT_FALSE(is_proxied("x,*", "http://anything/"));
}

TEST(ProxyRules, SaysWhichVariableIsWrong) {
  EXPECT_EQ(rules_of({{"HTTP_PROXY", "x y"}}).error().where, "HTTP_PROXY");
  EXPECT_EQ(rules_of({{"https_proxy", "ftp://p"}}).error().where, "https_proxy");
  EXPECT_NE(rules_of({{"HTTPS_PROXY", "socks5://p:1080"}}).error().what.find("no SOCKS"),
            std::string::npos);
  EXPECT_TRUE(rules_of({{"HTTP_PROXY", "http://p:99999"}}).has_error());
}

TEST(RateGate, LetsOneThroughAtATime) {
  using std::chrono::milliseconds;
  RateGate gate(10);
  const lab::TimePoint start{std::chrono::hours(1)};
  EXPECT_EQ(gate.reserve(start), start);
  EXPECT_EQ(gate.reserve(start), start + milliseconds(100));
  EXPECT_EQ(gate.reserve(start + milliseconds(150)), start + milliseconds(200));
  // Time that nobody used is lost.
  EXPECT_EQ(gate.reserve(start + milliseconds(900)), start + milliseconds(900));
  EXPECT_EQ(gate.reserve(start + milliseconds(900)), start + milliseconds(1000));
}

TEST(HttpDebug, ShowsMessages) {
  lab::HttpRequest request{.method = "POST", .target = "/x", .headers = {}, .body = "ab"};
  request.headers.add("A", "b");
  EXPECT_EQ(shown_request(request, "h:80", HttpDebug::headers),
            "Request:\nPOST /x HTTP/1.1\nHost: h:80\nContent-Length: 2\nA: b\n\n");
  EXPECT_EQ(shown_request(request, "h:80", HttpDebug::full),
            "Request:\nPOST /x HTTP/1.1\nHost: h:80\nContent-Length: 2\nA: b\n\nab");
  // The phrase is the server's own.
  HttpOutcome outcome;
  outcome.head_status = 404;
  outcome.reason = "Nope";
  outcome.headers = request.headers;
  outcome.body = "cd";
  EXPECT_EQ(shown_response(outcome, HttpDebug::headers), "Response:\nHTTP/1.1 404 Nope\nA: b\n\n");
  EXPECT_EQ(shown_response(outcome, HttpDebug::full), "Response:\nHTTP/1.1 404 Nope\nA: b\n\ncd");
}

}  // namespace
}  // namespace loader
