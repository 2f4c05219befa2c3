#include "mockgw/config/timeline.h"

#include <gtest/gtest.h>

#include "mockgw/config/gateway_config.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::vector<TimelinePhase> read_phases(std::string_view text, std::string& problems_text) {
  const lab::Json json = lab::Json::parse(text);
  lab::JsonProblems problems("gateway.json");
  auto phases = read_timeline(lab::JsonValue(json, "timeline", problems));
  problems_text = problems.to_string();
  return phases;
}

TEST(Timeline, FindsThePhaseInForce) {
  std::string problems;
  const auto phases =
      read_phases(R"([{"at":"5m","for":"2m","set":{}},{"name":"b","at":"6m","for":"30s","set":{}},
                               {"at":"20m","set":{}}])",
                  problems);
  EXPECT_EQ(problems, "");
  EXPECT_EQ(phase_at(phases, minutes(4)), std::nullopt);
  EXPECT_EQ(phase_at(phases, minutes(5)), 0u);
  // The later one covers the earlier one while it lasts.
  EXPECT_EQ(phase_at(phases, minutes(6)), 1u);
  EXPECT_EQ(phase_at(phases, minutes(6) + seconds(30)), 0u);
  EXPECT_EQ(phase_at(phases, minutes(7)), std::nullopt);
  EXPECT_EQ(phase_at(phases, minutes(500)), 2u);
}

TEST(Timeline, ReadsBackWhatItWrites) {
  std::string problems;
  const auto phases = read_phases(
      R"([{"name":"brownout","at":"5m","for":"2m","set":{"latency":{"ttft":"3s"}}}])", problems);
  EXPECT_EQ(to_json(read_phases(to_json(phases).dump(), problems)), to_json(phases));
}

TEST(Timeline, APhaseIsTheFileWithItsChanges) {
  const GatewayConfig config =
      read_gateway_config(R"({"latency":{"ttft":"1s","itl":"5ms"},"models":{"m":{}},
          "timeline":[{"at":"5m","set":{"latency":{"ttft":"3s"},"faults":[
             {"fault":{"kind":"status","status":500}}]}}]})",
                          "gateway.json")
          .value();
  ASSERT_EQ(config.phases.size(), 1u);
  const GatewayConfig& phase = *config.phases[0];
  EXPECT_DOUBLE_EQ(phase.latency.ttft.mean(), 3.0);
  EXPECT_DOUBLE_EQ(phase.latency.itl.mean(), 0.005);
  EXPECT_DOUBLE_EQ(phase.models.find("m")->latency.ttft.mean(), 3.0);
  EXPECT_EQ(phase.faults.size(), 1u);
  EXPECT_TRUE(config.faults.empty());
}

TEST(Timeline, NamesWhatIsWrongInAPhase) {
  const auto config = read_gateway_config(
      R"({"timeline":[{"at":"5m","set":{"latency":{"tftt":"3s"}}}]})", "gateway.json");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().to_string().find("timeline[0].set"), std::string::npos)
      << config.error().to_string();
  EXPECT_NE(config.error().to_string().find("tftt"), std::string::npos);
  const auto fixed =
      read_gateway_config(R"({"timeline":[{"at":"5m","set":{"listen":":1"}}]})", "gateway.json");
  ASSERT_FALSE(fixed);
  EXPECT_NE(fixed.error().to_string().find("cannot change"), std::string::npos);
}

}  // namespace
}  // namespace mockgw
