#include "mockgw/admin/reference_families.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "mockgw/admin/metric_families.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

// A stream answered, another refused by a limit, a breaker open.
GatewayView view_of_reference() {
  GatewayView view;
  view.metrics.prefix = "llm_gateway_llm_gateway";
  view.providers = {{"gpt-4", "openai"}, {"*", "other"}};
  view.counts.add({.route = "/v1/chat/completions",
                   .model = "gpt-4",
                   .status = 200,
                   .is_stream = true,
                   .duration = 2s,
                   .completion = RequestRecord::ModelAnswer{.prompt_tokens = 9,
                                                            .completion_tokens = 50,
                                                            .planned_ttft = 200ms,
                                                            .planned_duration = 2s}});
  view.counts.add({.route = "/v1/chat/completions",
                   .model = "whatever",
                   .status = 429,
                   .condition = ErrorCondition::rate_limited_requests});
  view.gauges.in_flight = 4;
  CircuitSnapshot breaker;
  breaker.state = CircuitState::open;
  view.breakers = {{"openai", breaker}};
  return view;
}

std::vector<std::string> reference_lines(const GatewayView& view) {
  constexpr std::string_view kName = "llm_gateway_llm_gateway_";
  std::vector<std::string> lines;
  std::istringstream text(metrics_text(view));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with(kName)) lines.push_back(line.substr(kName.size()));
  }
  return lines;
}

class ReferenceFamily : public testing::TestWithParam<const char*> {};

TEST_P(ReferenceFamily, HasTheLine) {
  const auto all = reference_lines(view_of_reference());
  EXPECT_EQ(std::count(all.begin(), all.end(), GetParam()), 1) << metrics_text(view_of_reference());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ReferenceFamily,
    testing::Values(
        R"(requests_total{model="gpt-4",provider="openai",status="200",streaming="true"} 1)",
        R"(requests_total{model="whatever",provider="other",status="429",streaming="false"} 1)",
        R"(request_duration_seconds_bucket{model="gpt-4",provider="openai",streaming="true",le="2.5"} 1)",
        R"(tokens_total{model="gpt-4",provider="openai",type="completion"} 50)",
        R"(errors_total{provider="other",error_type="rate_limited_requests"} 1)",
        R"(active_requests{provider="all"} 4)", R"(provider_health{provider="openai"} 0)",
        R"(circuit_breaker_state{provider="openai"} 1)",
        R"(rate_limit_hits_total{tenant="all",limit_type="requests"} 1)",
        R"(cache_operations_total{operation="get",result="hit"} 0)",
        R"(ttft_seconds_bucket{model="gpt-4",provider="openai",le="0.25"} 1)",
        R"(tokens_per_second{model="gpt-4",provider="openai"} 25)"));

TEST(ReferenceFamilies, AreElevenOrTheFourThatTheReferenceWrites) {
  std::vector<prometheus::MetricFamily> all;
  add_reference_families(all, view_of_reference());
  EXPECT_EQ(all.size(), 11u);
  std::vector<prometheus::MetricFamily> written;
  GatewayView live = view_of_reference();
  live.metrics.fill_all = false;
  add_reference_families(written, live);
  EXPECT_EQ(written.size(), 4u);
}

TEST(ReferenceFamilies, AreLeftOutWithoutAPrefix) {
  GatewayView plain = view_of_reference();
  plain.metrics.prefix.clear();
  EXPECT_TRUE(reference_lines(plain).empty());
}

TEST(ReferenceFamilies, WithoutBreakersEveryProviderIsWell) {
  GatewayView well = view_of_reference();
  well.breakers.clear();
  const auto all = reference_lines(well);
  EXPECT_EQ(std::count(all.begin(), all.end(), R"(provider_health{provider="openai"} 1)"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), R"(provider_health{provider="other"} 1)"), 1);
}

}  // namespace
}  // namespace mockgw
