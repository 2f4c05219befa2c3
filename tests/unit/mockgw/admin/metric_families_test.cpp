#include "mockgw/admin/metric_families.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace mockgw {
namespace {

using namespace std::chrono_literals;

// One chat answered, one refused, a breaker half-open.
GatewayView view_of_metrics() {
  GatewayView view{.uptime = 90s};
  view.counts.add({.route = "/v1/chat/completions",
                   .model = "gpt-4",
                   .status = 200,
                   .duration = 1500ms,
                   .completion = RequestRecord::ModelAnswer{.prompt_tokens = 9,
                                                            .completion_tokens = 50,
                                                            .planned_ttft = 200ms,
                                                            .planned_duration = 1s}});
  view.counts.add({.route = "/v1/chat/completions",
                   .model = "gpt-4",
                   .status = 503,
                   .condition = ErrorCondition::circuit_open});
  view.gauges = {.in_flight = 4, .connections_open = 7};
  view.queue = {.running = 2, .waiting = 3};
  CircuitSnapshot breaker;
  breaker.state = CircuitState::half_open;
  breaker.opened_total = 2;
  breaker.half_opened_total = 1;
  breaker.refused_total = 11;
  view.breakers = {{"open\"ai\n", breaker}};
  return view;
}

std::vector<std::string> metric_lines(const GatewayView& view) {
  std::vector<std::string> lines;
  std::istringstream text(metrics_text(view));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

class MetricsText : public testing::TestWithParam<const char*> {};

TEST_P(MetricsText, HasTheLine) {
  const auto all = metric_lines(view_of_metrics());
  EXPECT_EQ(std::count(all.begin(), all.end(), GetParam()), 1) << metrics_text(view_of_metrics());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, MetricsText,
    testing::Values(
        "# TYPE mockgw_requests_total counter", "mockgw_uptime_seconds 90",
        R"(mockgw_requests_total{route="/v1/chat/completions",model="gpt-4",status="200"} 1)",
        R"(mockgw_requests_total{route="/v1/chat/completions",model="gpt-4",status="503"} 1)",
        R"(mockgw_errors_total{condition="circuit_open"} 1)",
        R"(mockgw_errors_total{condition="queue_full"} 0)", "mockgw_requests_in_flight 4",
        "mockgw_connections_open 7", "mockgw_queue_length 3", "mockgw_slots_used 2",
        "mockgw_client_disconnects_total 0",
        R"(mockgw_tokens_total{model="gpt-4",type="completion"} 50)",
        R"(mockgw_tokens_total{model="gpt-4",type="prompt"} 9)",
        "# TYPE mockgw_planned_time_to_first_token_seconds histogram",
        R"(mockgw_planned_time_to_first_token_seconds_bucket{model="gpt-4",le="0.1"} 0)",
        R"(mockgw_planned_time_to_first_token_seconds_bucket{model="gpt-4",le="0.25"} 1)",
        R"(mockgw_planned_time_to_first_token_seconds_bucket{model="gpt-4",le="120"} 1)",
        R"(mockgw_planned_time_to_first_token_seconds_bucket{model="gpt-4",le="+Inf"} 1)",
        R"(mockgw_planned_time_to_first_token_seconds_sum{model="gpt-4"} 0.2)",
        R"(mockgw_planned_duration_seconds_count{model="gpt-4"} 1)",
        R"(mockgw_duration_seconds_sum{model="gpt-4"} 1.5)",
        // A name that is no plain word is escaped.
        R"(mockgw_circuit_breaker_state{upstream="open\"ai\n"} 2)",
        R"(mockgw_circuit_breaker_transitions_total{upstream="open\"ai\n",to="open"} 2)",
        R"(mockgw_circuit_breaker_transitions_total{upstream="open\"ai\n",to="half_open"} 1)",
        R"(mockgw_circuit_breaker_transitions_total{upstream="open\"ai\n",to="closed"} 0)",
        R"(mockgw_circuit_breaker_refused_total{upstream="open\"ai\n"} 11)"));

TEST(MetricFamilies, NothingIsNamedThatIsNotThere) {
  for (const auto& family : metric_families({})) {
    EXPECT_FALSE(family.metric.empty()) << family.name;
    EXPECT_EQ(family.name.find("breaker"), std::string::npos);
    EXPECT_TRUE(family.name.starts_with("mockgw_")) << family.name;
  }
}

TEST(MetricFamilies, TheStateIsZeroClosedOneOpen) {
  GatewayView open = view_of_metrics();
  open.breakers[0].second.state = CircuitState::open;
  EXPECT_NE(metrics_text(open).find("circuit_breaker_state{upstream=\"open\\\"ai\\n\"} 1\n"),
            std::string::npos);
  open.breakers[0].second.state = CircuitState::closed;
  EXPECT_NE(metrics_text(open).find("circuit_breaker_state{upstream=\"open\\\"ai\\n\"} 0\n"),
            std::string::npos);
}

}  // namespace
}  // namespace mockgw
