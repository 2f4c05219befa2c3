#include "mockgw/config/shared_limits.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

TEST(SharedLimits, AreWhatAllClientsHaveTogether) {
  using Names = std::vector<std::string>;
  struct LimitsCase {
    const char* file;
    Names names;
  };
  const LimitsCase cases[] = {
      {"{}", {}},
      {R"({"latency": {"drift": [{"step": {"percent": 50, "at": "1m"}}]}})", {}},
      {R"({"faults": [{"name": "f", "match": {"percent": 5}, "fault": {"kind": "stall"}}]})", {}},
      {R"({"faults": [{"name": "f", "match": {"every_nth": 5}, "fault": {"kind": "stall"}}]})",
       {"faults that count requests"}},
      {R"({"faults": [{"name": "f", "match": {"first_n": 5}, "fault": {"kind": "stall"}}]})",
       {"faults that count requests"}},
      {R"({"rate_limits": {"rules": [{"requests": 60}]}})", {"rate_limits"}},
      {R"({"overload": {"max_concurrency": 4}})", {"overload"}},
      {R"({"circuit_breaker": {"preset": "envoy"}})", {"circuit_breaker"}},
      {R"({"circuit_breaker": {"preset": "envoy", "enabled": false}})", {}},
      {R"({"latency": {"prefix_cache": {}}})", {"latency.prefix_cache"}},
      {R"({"timeline": [{"name": "t", "at": "1m", "set": {"overload": {"max_concurrency": 1}}}]})",
       {"overload"}},
  };
  for (const auto& [file, names] : cases) {
    const auto config = read_gateway_config(file, "gateway.json");
    ASSERT_TRUE(config) << file << config.error().to_string();
    EXPECT_EQ(shared_limits(*config), names) << file;
  }
}

}  // namespace
}  // namespace mockgw
