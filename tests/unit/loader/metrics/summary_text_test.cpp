#include "loader/summary/summary_text.h"

#include "golden.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class SummaryText : public SummaryFixture {};

TEST_F(SummaryText, OfAGoodRun) { expect_golden(summary_text(good_run(), {}), "summary-good.txt"); }

TEST_F(SummaryText, OfABadRunInFull) {
  expect_golden(summary_text(bad_run(), {.colors = false, .mode = SummaryMode::full}),
                "summary-bad-full.txt");
}

TEST_F(SummaryText, HasColoursOnRequestOnly) {
  const SummaryData data = bad_run();
  expect_golden(summary_text(data, {.colors = true, .mode = SummaryMode::compact}),
                "summary-bad-colors.txt");
  EXPECT_EQ(summary_text(data, {}).find('\x1b'), std::string::npos);
}

TEST_F(SummaryText, UsesTheUnitAndTheStatisticsAskedFor) {
  SummaryData data = good_run();
  data.time_unit = "s";
  data.trend_stats = {"p(99)", "p(50)"};
  const std::string text = summary_text(data, {});
  EXPECT_NE(text.find("p(99)=0.19s p(50)=0.15s"), std::string::npos) << text;
}

TEST_F(SummaryText, OfNothingSaysNoMore) {
  EXPECT_EQ(summary_text(SummaryData(), {}), "\n  █ TOTAL RESULTS\n\n");
}

}  // namespace
}  // namespace loader
