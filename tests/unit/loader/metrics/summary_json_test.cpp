#include "loader/summary/summary_json.h"

#include "golden.h"
#include "shared/base/json.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class SummaryJson : public SummaryFixture {};

TEST_F(SummaryJson, HasK6sShape) { expect_golden(summary_json(bad_run()), "summary-bad.json"); }

TEST_F(SummaryJson, ExportsTheOlderShape) {
  expect_golden(summary_export_json(bad_run()), "summary-bad-export.json");
}

TEST_F(SummaryJson, AlwaysHasThePercentilesThatSuitesReadAndThoseAskedForOnce) {
  SummaryData data = good_run();
  const auto json = nlohmann::json::parse(summary_json(data));
  const auto& values = json["metrics"]["http_req_duration"]["values"];
  for (const char* stat : {"avg", "min", "med", "max", "p(50)", "p(90)", "p(95)", "p(99)"}) {
    EXPECT_TRUE(values.contains(stat)) << stat;
  }
  EXPECT_EQ(values.size(), 8u);
  EXPECT_EQ(json["state"]["testRunDurationMs"], 11'000);
}

TEST_F(SummaryJson, InvertsThresholdsInTheExport) {
  const auto json = nlohmann::json::parse(summary_export_json(bad_run()));
  EXPECT_EQ(json["metrics"]["http_req_failed"]["thresholds"]["rate<0.05"], true);
  EXPECT_EQ(json["metrics"]["http_req_duration{status:200}"]["thresholds"]["avg<200"], false);
}

TEST_F(SummaryJson, HasTheSearchBesideK6sShape) {
  SummaryData data = good_run();
  EXPECT_FALSE(nlohmann::json::parse(summary_json(data)).contains("saturation"));
  const ThresholdResult broken{.source = "p(95)<500",
                               .aggregation = "p(95)",
                               .observed = 700,
                               .verdict = Verdict::fail,
                               .crossed = true};
  const MetricVerdict verdict{.metric = {}, .name = "http_req_duration", .results = {broken}};
  data.searches = {
      {.scenario = "s",
       .time_unit = std::chrono::minutes(1),
       .is_over = true,
       .levels = {{.rate = 60, .iterations = 60}, {.rate = 90, .thresholds = {verdict}}}}};
  const auto json = nlohmann::json::parse(summary_json(data))["saturation"]["s"];
  EXPECT_EQ(json["timeUnitMs"], 60'000);
  EXPECT_EQ(json["completed"], true);
  EXPECT_EQ(json["lastGoodRate"], 60);
  EXPECT_EQ(json["firstBadRate"], 90);
  EXPECT_EQ(json["levels"][0]["good"], true);
  EXPECT_EQ(json["levels"][0]["iterations"], 60);
  EXPECT_EQ(json["levels"][1]["thresholds"]["http_req_duration"]["p(95)<500"]["value"], 700);
}

TEST_F(SummaryJson, HasSeedAndHashOfASimulationUnderAKeyOfItsOwn) {
  SummaryData data = good_run();
  EXPECT_FALSE(nlohmann::json::parse(summary_json(data)).contains("simulation"));
  data.simulation = {.seed = 7, .events = 100, .hash = "bab52519539c91f8"};
  const auto json = nlohmann::json::parse(summary_json(data))["simulation"];
  EXPECT_EQ(json, (nlohmann::json{{"seed", 7}, {"events", 100}, {"hash", "bab52519539c91f8"}}));
}

TEST_F(SummaryJson, HasWhatBecameOfTheSamplesOfOutputs) {
  SummaryData data = good_run();
  EXPECT_FALSE(nlohmann::json::parse(summary_json(data)).contains("outputs"));
  data.outputs = {{.name = "influxdb (http://h)", .taken = 5, .sent = 3, .dropped = 2}};
  const auto outputs = nlohmann::json::parse(summary_json(data))["outputs"];
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0]["name"], "influxdb (http://h)");
  EXPECT_EQ(outputs[0]["samples_taken"], 5);
  EXPECT_EQ(outputs[0]["samples_sent"], 3);
  EXPECT_EQ(outputs[0]["samples_dropped"], 2);
}

TEST(PathId, IsK6sMd5) {
  EXPECT_EQ(path_id(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(path_id("::child"), "f41cbb53a398ec1c9fb3d33e20c9b040");
  EXPECT_EQ(path_id("::child::check1"), "6289a7a06253a1c3f6137dfb25695563");
}

TEST(TrendStat, TakesK6sNamesOnly) {
  for (const char* name : {"avg", "min", "med", "max", "count", "p(0)", "p(99.9)", "p(100)"}) {
    EXPECT_TRUE(check_trend_stat(name)) << name;
  }
  for (const char* name : {"", "mean", "p95", "p()", "p(101)", "p(-1)", "p(nan)", "p(9 )"}) {
    EXPECT_FALSE(check_trend_stat(name)) << name;
  }
}

}  // namespace
}  // namespace loader
