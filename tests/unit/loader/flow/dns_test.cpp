#include "loader/http/dns.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace loader {
namespace {

const std::vector<lab::Endpoint> kBoth{{"::1", 80}, {"10.0.0.1", 80}, {"10.0.0.2", 80}};
const std::vector<lab::Endpoint> kSix{{"::1", 80}};

std::string text(const std::vector<lab::Endpoint>& endpoints) {
  std::string out;
  for (const lab::Endpoint& each : endpoints) out += each.address + " ";
  return out;
}

TEST(Dns, ThePolicyChoosesTheFamily) {
  EXPECT_EQ(text(allowed_endpoints(kBoth, DnsPolicy::any)), "::1 10.0.0.1 10.0.0.2 ");
  EXPECT_EQ(text(allowed_endpoints(kBoth, DnsPolicy::prefer_ipv4)), "10.0.0.1 10.0.0.2 ");
  EXPECT_EQ(text(allowed_endpoints(kBoth, DnsPolicy::only_ipv4)), "10.0.0.1 10.0.0.2 ");
  EXPECT_EQ(text(allowed_endpoints(kBoth, DnsPolicy::prefer_ipv6)), "::1 ");
  EXPECT_EQ(text(allowed_endpoints(kBoth, DnsPolicy::only_ipv6)), "::1 ");
  // What is only preferred may be missing.
  EXPECT_EQ(text(allowed_endpoints(kSix, DnsPolicy::prefer_ipv4)), "::1 ");
  EXPECT_EQ(text(allowed_endpoints(kSix, DnsPolicy::only_ipv4)), "");
}

TEST(Dns, FirstKeepsTheOrderAndRoundRobinGoesOn) {
  const lab::Rng rng(1);
  EXPECT_EQ(text(ordered_endpoints(kBoth, DnsSelect::first, rng, 5)), text(kBoth));
  EXPECT_EQ(text(ordered_endpoints(kBoth, DnsSelect::round_robin, rng, 0)), text(kBoth));
  EXPECT_EQ(text(ordered_endpoints(kBoth, DnsSelect::round_robin, rng, 1)),
            "10.0.0.1 10.0.0.2 ::1 ");
  EXPECT_EQ(text(ordered_endpoints(kBoth, DnsSelect::round_robin, rng, 5)),
            "10.0.0.2 ::1 10.0.0.1 ");
  EXPECT_EQ(text(ordered_endpoints({}, DnsSelect::round_robin, rng, 5)), "");
}

TEST(Dns, RandomMeetsAllAndIsSeeded) {
  std::set<std::string> firsts;
  for (std::uint64_t use = 0; use < 50; ++use) {
    const auto ordered = ordered_endpoints(kBoth, DnsSelect::random, lab::Rng(7), use);
    EXPECT_EQ(text(ordered), text(ordered_endpoints(kBoth, DnsSelect::random, lab::Rng(7), use)));
    firsts.insert(ordered.front().address);
  }
  EXPECT_EQ(firsts.size(), 3u);
}

}  // namespace
}  // namespace loader
