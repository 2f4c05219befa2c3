#include "loader/http/host_rules.h"

#include <gtest/gtest.h>

#include "loader/http/client_options.h"

namespace loader {
namespace {

HostRules with_overrides(const std::vector<std::pair<std::string, std::string>>& entries) {
  HostRules rules;
  for (const auto& [pattern, target] : entries) {
    rules.overrides.add(parse_host_pattern(pattern, true).value(),
                        parse_host_target(target).value());
  }
  return rules;
}

TEST(HostRules, AnOverrideIsOfANameOrOfANameWithItsPort) {
  const HostRules rules = with_overrides(
      {{"Api.test", "10.0.0.1"}, {"api.test:8443", "10.0.0.2:443"}, {"six.test", "[::1]:81"}});
  EXPECT_EQ(rules.find_override("api.test", 80), (HostTarget{"10.0.0.1", 80}));
  EXPECT_EQ(rules.find_override("api.test", 8443), (HostTarget{"10.0.0.2", 443}));
  EXPECT_EQ(rules.find_override("six.test", 80), (HostTarget{"::1", 81}));
  EXPECT_EQ(rules.find_override("x.api.test", 80), std::nullopt);
}

TEST(HostRules, AWildcardIsWeakerThanANameAndALongerOneStronger) {
  const HostRules rules = with_overrides(
      {{"*.test", "10.0.0.1"}, {"*.api.test", "10.0.0.2"}, {"one.api.test", "10.0.0.3"}});
  EXPECT_EQ(rules.find_override("x.test", 1)->address, "10.0.0.1");
  EXPECT_EQ(rules.find_override("x.api.test", 1)->address, "10.0.0.2");
  EXPECT_EQ(rules.find_override("one.api.test", 1)->address, "10.0.0.3");
  EXPECT_EQ(rules.find_override("test", 1), std::nullopt);
  // As in k6: it stands for a name with its port, which goes first.
  EXPECT_EQ(with_overrides({{"*", "10.0.0.4"}, {"a", "10.0.0.5"}}).find_override("a", 1)->address,
            "10.0.0.4");
}

TEST(HostRules, SaysWhatIsNoNameAndNoAddress) {
  for (const char* const text : {"", "a..b", "-a", "a-", "x*.test", "a b", "*.*.test", "a:80"}) {
    EXPECT_TRUE(parse_host_pattern(text, false).has_error()) << text;
  }
  EXPECT_TRUE(parse_host_pattern("a:x", true).has_error());
  EXPECT_TRUE(parse_host_pattern("a:99999", true).has_error());
  EXPECT_EQ(parse_host_pattern("*.Test:80", true).value(), "*.test:80");
  for (const char* const text : {"", "name", "10.0.0.1:", "10.0.0.1:0", "10.0.0", "[::1"}) {
    EXPECT_TRUE(parse_host_target(text).has_error()) << text;
  }
}

TEST(HostRules, BlockedAreNamesOnly) {
  HostRules rules;
  rules.blocked.add(parse_host_pattern("*.Evil.test", false).value(), true);
  rules.blocked.add(parse_host_pattern("*1", false).value(), true);
  EXPECT_TRUE(rules.is_blocked("a.evil.test"));
  EXPECT_FALSE(rules.is_blocked("evil.test"));
  EXPECT_TRUE(rules.is_blocked("host1"));
  EXPECT_FALSE(rules.is_blocked("127.0.0.1"));
}

TEST(HostRules, RangesAreOfBitsInBothFamilies) {
  EXPECT_TRUE(parse_ip_range("10.0.0.0/8")->contains("10.255.1.2"));
  EXPECT_FALSE(parse_ip_range("10.0.0.0/8")->contains("11.0.0.0"));
  EXPECT_TRUE(parse_ip_range("192.168.4.0/22")->contains("192.168.7.255"));
  EXPECT_FALSE(parse_ip_range("192.168.4.0/22")->contains("192.168.8.0"));
  EXPECT_TRUE(parse_ip_range("1.2.3.4/32")->contains("1.2.3.4"));
  EXPECT_TRUE(parse_ip_range("0.0.0.0/0")->contains("9.9.9.9"));
  EXPECT_FALSE(parse_ip_range("0.0.0.0/0")->contains("fd00::1"));
  EXPECT_TRUE(parse_ip_range("fd00::/8")->contains("fdff::1"));
  EXPECT_FALSE(parse_ip_range("fd00::/8")->contains("fe00::1"));
  for (const char* const text : {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "x/8", "::/129"}) {
    EXPECT_TRUE(parse_ip_range(text).has_error()) << text;
  }
}

TEST(ClientOptions, TheFirstCertificateForAHostIsShown) {
  ClientOptions options;
  options.certificates.push_back({{"*.a.test"}, {}});
  options.certificates.push_back({{"b.test", "c.test"}, {}});
  EXPECT_EQ(options.certificate_for("x.a.test"), 0u);
  EXPECT_EQ(options.certificate_for("x.y.a.test"), 2u);
  EXPECT_EQ(options.certificate_for("a.test"), 2u);
  EXPECT_EQ(options.certificate_for("C.test"), 1u);
  options.certificates.push_back({{}, {}});
  EXPECT_EQ(options.certificate_for("elsewhere"), 2u);
}

}  // namespace
}  // namespace loader
