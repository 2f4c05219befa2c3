// k6's options of requests and connections, in virtual time.
#include <gtest/gtest.h>

#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTwice = R"([{"http": {"path": "/a"}}, {"http": {"path": "/b"}}])";

Act setting(std::string_view cookie) {
  return write(response(200, "{}", "Set-Cookie: " + std::string(cookie) + "\r\n"));
}

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++found;
  }
  return found;
}

TEST(FlowK6Options, CookiesAreOfOneIteration) {
  FlowWorld world;
  const Act plain = write(response(200, "{}"));
  world.scripts = {{read_request(), setting("s=1; Path=/"), read_request(), plain, read_request(),
                    plain, read_request(), plain}};
  world.run(kTwice, 2);
  EXPECT_EQ(count(world.received[0], "Cookie: s=1\r\n"), 1u);
  EXPECT_LT(world.received[0].find("GET /b"), world.received[0].find("Cookie: s=1"));
}

TEST(FlowK6Options, CookiesStayWithNoCookiesReset) {
  FlowWorld world;
  world.settings.client.no_cookies_reset = true;
  const Act plain = write(response(200, "{}"));
  world.scripts = {{read_request(), setting("s=1; Path=/"), read_request(), plain, read_request(),
                    plain, read_request(), plain}};
  world.run(kTwice, 2);
  EXPECT_EQ(count(world.received[0], "Cookie: s=1\r\n"), 3u);
}

TEST(FlowK6Options, ARedirectSetsAndGetsCookies) {
  FlowWorld world;
  world.scripts = {{read_request(),
                    write(response(302, "", "Location: /next\r\nSet-Cookie: r=1; Path=/\r\n")),
                    read_request(), write(response(200, "{}"))}};
  world.run(R"([{"http": {"path": "/a", "headers": {"Cookie": "own=1"}}}])");
  const std::string second = world.received[0].substr(world.received[0].find("GET /next"));
  EXPECT_EQ(count(world.received[0], "Cookie: own=1\r\n"), 1u);
  EXPECT_NE(second.find("Cookie: r=1\r\n"), std::string::npos);
}

TEST(FlowK6Options, AStepsOwnCookieGoesFirst) {
  FlowWorld world;
  world.scripts = {
      {read_request(), setting("s=1; Path=/"), read_request(), write(response(200, "{}"))}};
  world.run(R"([{"http": {"path": "/a"}},
                {"http": {"path": "/b", "headers": {"Cookie": "own=1"}}}])");
  EXPECT_EQ(count(world.received[0], "Cookie: own=1; s=1\r\n"), 1u);
}

TEST(FlowK6Options, RpsSpacesRequests) {
  FlowWorld world;
  world.settings.rate_gate = std::make_shared<RateGate>(10);
  const Act plain = write(response(200, "{}"));
  world.scripts = {
      {read_request(), plain, read_request(), plain, read_request(), plain, read_request(), plain}};
  world.run(kTwice, 2);
  const auto requests = world.of("http_reqs");
  ASSERT_EQ(requests.size(), 4u);
  // The first opens the connection, which takes 2 ms.
  EXPECT_EQ(requests[1].at - requests[0].at, 98ms);
  EXPECT_EQ(requests[3].at - requests[1].at, 200ms);
}

TEST(FlowK6Options, ABlockedNameAndABlacklistedAddressAreFailedRequests) {
  FlowWorld blocked;
  blocked.settings.client.hosts.blocked.add("*way", true);
  blocked.scripts = {{}};
  blocked.run(R"([{"http": {"path": "/a"}}])");
  EXPECT_EQ(tag(blocked.only("http_reqs"), "error_code"), "1111");
  EXPECT_EQ(tag(blocked.only("http_reqs"), "error"), "hostname is blocked");
  EXPECT_TRUE(blocked.received.empty());
  FlowWorld blacklisted;
  blacklisted.settings.client.hosts.blacklist = {parse_ip_range("10.0.0.0/8").value()};
  blacklisted.scripts = {{}};
  blacklisted.run(R"([{"http": {"path": "/a"}}])");
  EXPECT_EQ(tag(blacklisted.only("http_reqs"), "error_code"), "1110");
  EXPECT_EQ(tag(blacklisted.only("http_reqs"), "error"), "ip is blacklisted");
  EXPECT_TRUE(blacklisted.received.empty());
}

TEST(FlowK6Options, AHostIsFoundWhereTheOptionSays) {
  FlowWorld world;
  world.settings.base_url = parse_url("http://elsewhere.test:99").value();
  world.settings.client.hosts.overrides.add("*.test:99", {"10.0.0.1", 80});
  world.scripts = {{read_request(), write(response(200, "{}"))}};
  world.run(R"([{"http": {"path": "/a"}}])");
  EXPECT_EQ(tag(world.only("http_reqs"), "status"), "200");
  EXPECT_NE(world.received[0].find("Host: elsewhere.test:99\r\n"), std::string::npos);
}

TEST(FlowK6Options, ThrowEndsTheIterationAndNotTheRun) {
  FlowWorld world;
  world.settings.client.throws = true;
  world.scripts = {{read_request(), reset()}, {read_request(), reset()}};
  const IterationOutcome outcome = world.run(
      R"([{"group": {"name": "g", "steps": [
            {"http": {"path": "/a"}, "checks": {"ok": {"status": 200}}}]}},
          {"http": {"path": "/b"}}])",
      2);
  EXPECT_EQ(outcome.kind, IterationOutcome::Kind::completed);
  EXPECT_EQ(world.count("http_reqs"), 2u);
  EXPECT_EQ(world.count("checks"), 0u);
  EXPECT_EQ(world.count("group_duration"), 2u);
  EXPECT_EQ(world.count("iterations"), 2u);
  EXPECT_EQ(world.warnings.size(), 1u);
}

TEST(FlowK6Options, AStatusThrowsNothing) {
  FlowWorld world;
  world.settings.client.throws = true;
  world.scripts = {
      {read_request(), write(response(500, "{}")), read_request(), write(response(200, "{}"))}};
  world.run(kTwice);
  EXPECT_EQ(world.count("http_reqs"), 2u);
}

TEST(FlowK6Options, DiscardedBodiesAreReadAndNotKept) {
  FlowWorld world;
  world.settings.client.discards_bodies = true;
  world.settings.client.response_bytes_max = 10;
  world.scripts = {{read_request(), write(response(200, R"({"a": "longer than ten bytes"})"))}};
  world.run(R"([{"http": {"path": "/a"}, "checks": {"s": {"status": 200},
                 "b": {"json": "/a", "equals": "longer than ten bytes"}}}])");
  EXPECT_EQ(tag(world.only("http_reqs"), "status"), "200");
  EXPECT_DOUBLE_EQ(world.sum("checks"), 1);
}

TEST(FlowK6Options, SystemTagsAreThoseThatWereChosen) {
  FlowWorld world;
  world.settings.system_tags = SystemTags::none();
  world.settings.system_tags.add("status");
  world.settings.system_tags.add("ip");
  world.scripts = {{read_request(), write(response(200, "{}"))}};
  world.run(R"([{"http": {"path": "/a"}, "tags": {"own": "1"}}])");
  EXPECT_EQ(
      world.only("http_reqs").tags,
      (std::map<std::string, std::string>{{"ip", "10.0.0.1"}, {"own", "1"}, {"status", "200"}}));
}

TEST(FlowK6Options, APlainRequestGoesToTheProxyAsAWholeUrl) {
  FlowWorld world;
  world.settings.base_url = parse_url("http://far.test").value();
  world.settings.client.proxies =
      ProxyRules::from([](const std::string& name) {
        return name == "HTTP_PROXY" ? std::optional<std::string>("u:p@gateway") : std::nullopt;
      }).value();
  world.scripts = {
      {read_request(), write(response(200, "{}")), read_request(), write(response(200, "{}"))}};
  world.run(kTwice);
  EXPECT_TRUE(world.received[0].starts_with("GET http://far.test/a HTTP/1.1\r\n"))
      << world.received[0];
  EXPECT_NE(world.received[0].find("Host: far.test\r\n"), std::string::npos);
  EXPECT_NE(world.received[0].find("Proxy-Authorization: Basic dTpw\r\n"), std::string::npos);
  EXPECT_EQ(count(world.received[0], "GET http://far.test/b "), 1u);
}

TEST(FlowK6Options, ATunnelThatIsRefusedIsAFailedRequest) {
  FlowWorld world;
  world.settings.base_url = parse_url("https://far.test").value();
  world.settings.client.proxies =
      ProxyRules::from([](const std::string& name) {
        return name == "HTTPS_PROXY" ? std::optional<std::string>("http://gateway") : std::nullopt;
      }).value();
  world.scripts = {
      {read_request(),
       write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")}};
  world.run(R"([{"http": {"path": "/a"}}])");
  EXPECT_EQ(world.received[0], "CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\n\r\n");
  EXPECT_EQ(tag(world.only("http_reqs"), "error"), "Proxy Authentication Required");
  EXPECT_EQ(tag(world.only("http_reqs"), "error_code"), "1000");
}

TEST(FlowK6Options, HttpDebugShowsEachMessage) {
  FlowWorld world;
  std::string shown;
  world.settings.client.debug = HttpDebug::full;
  world.settings.show = [&shown](const std::string& text) { shown += text; };
  world.scripts = {{read_request(), write(response(200, R"({"a": 1})"))}};
  world.run(R"([{"http": {"path": "/a"}}])");
  EXPECT_NE(shown.find("Request:\nGET /a HTTP/1.1\nHost: gateway\n"), std::string::npos) << shown;
  // The phrase is the server's own.
  EXPECT_NE(shown.find("Response:\nHTTP/1.1 200 X\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find(R"({"a": 1})"), std::string::npos);
}

}  // namespace
}  // namespace loader::test
