#include "loader/compare/compare_settings.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

double margin_of(const CompareSettings& settings, Measure measure) {
  return settings.margins[place_of(measure)];
}

TEST(CompareMargins, AreOfAllOrOfSomeMeasures) {
  CompareSettings settings;
  EXPECT_EQ(margin_of(settings, Measure::ttft_p95), 0.02);
  EXPECT_EQ(margin_of(settings, Measure::failed), 0.005);
  ASSERT_TRUE(set_margin(settings, "10%"));
  EXPECT_EQ(margin_of(settings, Measure::ttft_p95), 0.1);
  EXPECT_EQ(margin_of(settings, Measure::failed), 0.005);
  ASSERT_TRUE(set_margin(settings, "ttft=20%"));
  ASSERT_TRUE(set_margin(settings, "duration_p50=0%"));
  ASSERT_TRUE(set_margin(settings, "failed=1.5%"));
  EXPECT_EQ(margin_of(settings, Measure::ttft_p99), 0.2);
  EXPECT_EQ(margin_of(settings, Measure::duration_p50), 0);
  EXPECT_EQ(margin_of(settings, Measure::duration_p95), 0.1);
  EXPECT_EQ(margin_of(settings, Measure::failed), 0.015);
}

TEST(CompareMargins, SayWhatIsAllowed) {
  CompareSettings settings;
  for (const char* const wrong : {"", "5", "x%", "-1%", "nan%", "ttft=", "ttft=5", "1e9%"}) {
    EXPECT_TRUE(set_margin(settings, wrong).error().to_string().starts_with("--margin: ")) << wrong;
  }
  const std::string unknown = set_margin(settings, "tft=5%").error().to_string();
  EXPECT_NE(unknown.find("there is no measure \"tft\"; there are failed, "), std::string::npos);
}

TEST(Measures, StandWhereTheirNumbersSay) {
  for (const Measure measure : {Measure::failed, Measure::ttft_p50, Measure::checks_failed}) {
    EXPECT_LT(place_of(measure), kMeasureCount);
  }
  EXPECT_EQ(info_of(Measure::failed).name, "failed");
  EXPECT_EQ(info_of(Measure::itl_p99).name, "itl_p99");
  EXPECT_EQ(info_of(Measure::tokens_per_second).name, "tokens_per_second");
  EXPECT_EQ(info_of(Measure::checks_failed).name, "checks_failed");
}

}  // namespace
}  // namespace loader
