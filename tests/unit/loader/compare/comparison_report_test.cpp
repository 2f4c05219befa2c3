#include <gtest/gtest.h>

#include <sstream>

#include "loader/compare/comparison_html.h"
#include "loader/compare/comparison_json.h"
#include "loader/compare/comparison_markdown.h"
#include "loader/compare/comparison_text.h"
#include "loader/compare/comparison_words.h"
#include "loader/summary/summary_format.h"
#include "shared/base/json.h"
#include "synthetic_runs.h"

namespace loader {
namespace {

const RunComparison& slower_and_failing() {
  static const RunComparison kMade = [] {
    ComparedRun b = synthetic_run({.seed = 2, .slowdown = 1.3, .failed = 0.1});
    b.name = "<b>.json";
    b.summary.facts.suite = std::string(120, 'x');
    b.summary.over_time->failure_kinds = {"status 500 <\x1b[2J>"};
    return compare_runs(synthetic_run({}), b, {.draws = 200});
  }();
  return kMade;
}

TEST(ComparisonText, HasWhatIsWorseFirstAndNarrowLines) {
  const std::string text = comparison_text(slower_and_failing(), false);
  const std::size_t worse = text.find("✗ WORSE");
  const std::size_t alike = text.find("~ NO DIFFERENCE");
  const std::size_t unjudged = text.find("? NOT JUDGED");
  ASSERT_NE(worse, std::string::npos) << text;
  EXPECT_LT(worse, alike);
  EXPECT_TRUE(unjudged == std::string::npos || alike < unjudged);
  EXPECT_LT(worse, text.find("duration_per_token"));
  EXPECT_NE(text.find("NOT ALIKE"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    // What has no space can't be broken.
    if (line.find("xxx") == std::string::npos) {
      EXPECT_LE(text_width(line), 100u) << line;
    }
  }
  EXPECT_NE(comparison_text(slower_and_failing(), true).find("\x1b[31m✗ WORSE"), std::string::npos);
}

TEST(ComparisonJson, HasEachFigure) {
  const RunComparison& comparison = slower_and_failing();
  const auto json = lab::Json::parse(comparison_json(comparison));
  EXPECT_EQ(json["regression"], true);
  EXPECT_EQ(json["figures"].size(), comparison.figures.size());
  const auto& failed = json["figures"][0];
  EXPECT_EQ(failed["measure"], "failed");
  EXPECT_EQ(failed["unit"], "share");
  EXPECT_EQ(failed["verdict"], "worse");
  EXPECT_LT(failed["low"].get<double>(), failed["change"].get<double>());
  EXPECT_EQ(failed["margin"], 0.005);
}

TEST(ComparisonMarkdown, FoldsAwayWhatIsNoDifference) {
  const std::string text = comparison_markdown(slower_and_failing());
  EXPECT_TRUE(text.starts_with("## ❌ worse: &lt;b&gt;.json against seed 1")) << text;
  EXPECT_NE(text.find("### Worse: "), std::string::npos);
  EXPECT_NE(text.find("<details>"), std::string::npos);
}

TEST(ComparisonHtml, IsAPageThatNeedsNothingElse) {
  const std::string page = comparison_html(slower_and_failing());
  EXPECT_NE(page.find("<h1>Comparison</h1>"), std::string::npos);
  EXPECT_NE(page.find("interval worse"), std::string::npos);
  EXPECT_NE(page.find("<p>B is worse than A: the share of requests"), std::string::npos);
  EXPECT_NE(page.find("The pictures reach from -"), std::string::npos);
  EXPECT_NE(page.find("&lt;b&gt;.json"), std::string::npos);
  EXPECT_EQ(page.find("<b>.json"), std::string::npos);
  for (const char* const elsewhere : {"http://", "https://", "<script", "src="}) {
    EXPECT_EQ(page.find(elsewhere), std::string::npos) << elsewhere;
  }
}

TEST(ComparisonReports, OfFiguresWithoutVerdictSaySo) {
  ComparedRun k6{.name = "k6.json"};
  k6.summary.metrics = {{.name = "http_req_failed",
                         .type = MetricType::rate,
                         .values = RateValues{.rate = 0.5, .passes = 5, .fails = 5}}};
  const RunComparison comparison = compare_runs(k6, k6, {});
  EXPECT_NE(comparison_text(comparison, false).find("No verdict: A and B have no distributions"),
            std::string::npos);
  EXPECT_TRUE(comparison_markdown(comparison).starts_with("## ➖ no verdict: "));
  EXPECT_NE(comparison_html(comparison).find("No verdict"), std::string::npos);
}

TEST(ComparisonWords, TheHeadlineNamesWhatTellsTheMost) {
  const auto change = [](Measure measure, double a, double b, ChangeVerdict verdict) {
    return FigureChange{
        .measure = measure, .a = a, .b = b, .change = b / a - 1, .verdict = verdict};
  };
  RunComparison comparison;
  comparison.figures = {
      change(Measure::duration_avg, 100, 200, ChangeVerdict::worse),
      change(Measure::duration_p95, 1000, 3000, ChangeVerdict::worse),
      change(Measure::tokens_per_second, 10, 12, ChangeVerdict::better),
  };
  EXPECT_EQ(
      headline_text(comparison),
      "B is worse than A: the 95th percentile of the duration of good answers went from 1s to "
      "3s (+200.0%); one more figure is worse. B is also better than A: the rate of tokens of "
      "good answers, all users together went from 10.0/s to 12.0/s (+20.0%).");
  for (FigureChange& each : comparison.figures) each.verdict = ChangeVerdict::alike;
  EXPECT_EQ(headline_text(comparison),
            "B is not surely different from A in any figure, beyond its margin.");
  for (FigureChange& each : comparison.figures) each.verdict = ChangeVerdict::unjudged;
  EXPECT_EQ(headline_text(comparison), "Nothing could be judged: there are too few values.");
  comparison.no_verdict = "why";
  EXPECT_EQ(headline_text(comparison), "");
}

TEST(ComparisonWords, ChangesHaveTheirSigns) {
  struct ChangeCase {
    MeasureUnit unit;
    double change;
    std::string_view text;
  };
  constexpr ChangeCase kCases[]{{MeasureUnit::milliseconds, 0.098, "+9.8%"},
                                {MeasureUnit::per_second, -0.5, "-50.0%"},
                                {MeasureUnit::milliseconds, -0.0001, "±0.0%"},
                                {MeasureUnit::milliseconds, 9.5, "×10.5"},
                                {MeasureUnit::share, 0.004, "+0.40 points"}};
  for (const ChangeCase& each : kCases) {
    EXPECT_EQ(change_text(each.unit, each.change), each.text);
  }
  EXPECT_EQ(figure_value(MeasureUnit::share, 0.0052), "0.52%");
  EXPECT_EQ(figure_value(MeasureUnit::per_second, 2.5), "2.500/s");
  EXPECT_EQ(figure_value(MeasureUnit::milliseconds, 1640), "1.64s");
}

}  // namespace
}  // namespace loader
