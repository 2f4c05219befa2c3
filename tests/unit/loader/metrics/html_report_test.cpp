#include "loader/summary/html_report.h"

#include "golden.h"
#include "loader/summary/html_chart.h"
#include "loader/summary/html_text.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_text.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class HtmlReport : public SummaryFixture {
 protected:
  /// A bad run with everything that a report can show.
  [[nodiscard]] SummaryData full_run() {
    SummaryData data = bad_run();
    TagTable part_tags;
    Breakdown breakdown(registry, part_tags);
    Metrics metrics(registry, part_tags);
    metrics.observe([&](const Sample& sample, const TagTable&) { breakdown.add(sample); });
    for (int i = 0; i < 40; ++i) {
      const TagSetId phase = part_tags.intern({{"scenario", "main <1>"},
                                               {"phase", i < 20 ? "hold-5" : "ramp-down-0"},
                                               {"group", "::chat::inner"},
                                               {"check", "status is 200"}});
      const lab::TimePoint at = lab::TimePoint{} + std::chrono::seconds(i);
      metrics.add(B::http_reqs, 1, phase, at);
      metrics.add(B::http_req_failed, i % 10 == 0 ? 1 : 0, phase, at);
      metrics.add(B::http_req_duration, 100 + 3.0 * i * i, phase, at);
      metrics.add(B::checks, 1, phase, at);
    }
    data.parts = summary_parts(breakdown, {.duration = duration});
    data.distributions = summary_distributions(metrics);
    data.searches = {{.scenario = "search",
                      .is_over = true,
                      .levels = {{.rate = 10, .iterations = 300},
                                 {.rate = 20, .iterations = 590, .dropped = 10}}}};
    data.notes = {"simulated 11s with seed 1"};
    return data;
  }

  [[nodiscard]] static HtmlReportContext context() {
    return {.suite = "stress & <more>",
            .started = lab::WallTime(std::chrono::seconds(1'700'000'000)),
            .exit_code = 99,
            .errors = {"thresholds on metrics 'a' have been crossed"}};
  }
};

TEST_F(HtmlReport, OfABadRun) {
  expect_golden(html_report(full_run(), context()), "report-bad.html");
}

TEST_F(HtmlReport, NeedsNothingFromElsewhere) {
  const std::string html = html_report(full_run(), context());
  for (const char* const outside :
       {"<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import", "://"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
}

TEST_F(HtmlReport, ShowsNamesAsTheyAreAndNeverAsMarkup) {
  const std::string html = html_report(full_run(), context());
  EXPECT_NE(html.find("<h1>stress &amp; &lt;more&gt;</h1>"), std::string::npos);
  EXPECT_NE(html.find("main &lt;1&gt;"), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  EXPECT_EQ(html_escaped("\"'<&>"), "&quot;&#39;&lt;&amp;&gt;");
}

TEST_F(HtmlReport, LeavesOutWhatThereIsNot) {
  const std::string html =
      html_report(SummaryData(), {.suite = "nothing", .started = {}, .errors = {}});
  EXPECT_NE(html.find("Passed"), std::string::npos);
  EXPECT_EQ(html.find("<section>"), std::string::npos) << html;
}

TEST_F(HtmlReport, PhasesHaveRatesOfTheirOwnTime) {
  const SummaryData data = full_run();
  // 20 requests within 19 seconds, not within the 11 of the run.
  const SummaryPart& phase = data.parts.at(1);
  EXPECT_EQ(phase.name, "hold-5");
  EXPECT_EQ(phase.duration, std::chrono::seconds(19));
  const auto& requests = std::get<CounterValues>(find_metric(phase.metrics, "http_reqs")->values);
  EXPECT_DOUBLE_EQ(requests.rate, 20.0 / 19);
}

TEST_F(HtmlReport, TheFullTextHasGroupsAndScenariosToo) {
  const std::string text = summary_text(full_run(), {.colors = false, .mode = SummaryMode::full});
  EXPECT_NE(text.find("  █ GROUP: chat > inner\n\n    ✓ status is 200\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("  █ SCENARIO: main <1>\n"), std::string::npos);
  EXPECT_EQ(summary_text(full_run(), {}).find("GROUP"), std::string::npos);
}

TEST(AxisStep, GivesThreeToEightMarks) {
  EXPECT_DOUBLE_EQ(axis_step(1), 0.2);
  EXPECT_DOUBLE_EQ(axis_step(2), 0.5);
  EXPECT_DOUBLE_EQ(axis_step(4.1), 1);
  EXPECT_DOUBLE_EQ(axis_step(9), 2);
  EXPECT_DOUBLE_EQ(axis_step(1500), 200);
}

TEST(DistributionChart, OfEqualValuesIsOneBar) {
  const SummaryDistribution same{
      .metric = "m", .samples = 3, .p50 = 5, .p95 = 5, .p99 = 5, .quantiles = {5, 5, 5}};
  const std::string svg = distribution_chart(same, "");
  EXPECT_NE(svg.find("class=\"bar\""), std::string::npos);
  EXPECT_EQ(svg.find("class=\"bar\""), svg.rfind("class=\"bar\""));
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

}  // namespace
}  // namespace loader
