#include "loader/summary/summary_text.h"

#include "golden.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/summary_search.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class SummaryText : public SummaryFixture {};

TEST_F(SummaryText, OfAGoodRun) { expect_golden(summary_text(good_run(), {}), "summary-good.txt"); }

TEST_F(SummaryText, HasALineForEachOutputOverTheNetwork) {
  SummaryData data = good_run();
  EXPECT_EQ(summary_text(data, {}).find("OUTPUTS"), std::string::npos);
  data.outputs = {{.name = "influxdb (http://h)", .taken = 5, .sent = 3, .dropped = 2},
                  {.name = "opentelemetry (http://c)", .taken = 5, .sent = 5, .dropped = 0}};
  EXPECT_NE(
      summary_text(data, {}).find("    OUTPUTS\n"
                                  "    influxdb (http://h): 5 samples, 3 sent, 2 dropped\n"
                                  "    opentelemetry (http://c): 5 samples, 5 sent, 0 dropped\n"),
      std::string::npos);
}

TEST_F(SummaryText, AnErrorsDetailsAreNoWiderThanATerminal) {
  SummaryData data = good_run();
  EXPECT_EQ(summary_text(data, {}).find("ERRORS"), std::string::npos);
  ErrorTally error{.text = "status 503",
                   .count = 3,
                   .message = std::string(300, 'x'),
                   .host = "gateway:8080",
                   .model = "gpt-4",
                   .scenario = "stress",
                   .first = std::chrono::seconds(1),
                   .last = std::chrono::seconds(90),
                   .request_id = "load-test-1"};
  data.errors = {error};
  const std::string head = "     ↳ gateway:8080, from 1s to 1m30s, such as load-test-1: ";
  const std::size_t room = 100 - text_width(head) - 1;
  EXPECT_NE(summary_text(data, {}).find("    ERRORS\n    status 503  3×\n" + head +
                                        std::string(room, 'x') + "…\n\n"),
            std::string::npos)
      << summary_text(data, {});
  // What not all have is said of each.
  ErrorTally other{.text = "EOF", .count = 1, .host = "gateway:8080", .model = "small"};
  error.message.clear();
  data.errors = {error, other};
  EXPECT_NE(
      summary_text(data, {}).find(
          "    status 503  3×\n"
          "     ↳ gateway:8080, scenario stress, gpt-4, from 1s to 1m30s, such as load-test-1\n"
          "    EOF         1×\n"
          "     ↳ gateway:8080, small, at 0s\n"),
      std::string::npos)
      << summary_text(data, {});
}

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

SearchSummary search_with(std::vector<SearchLevel> levels) {
  return {.scenario = "search",
          .time_unit = std::chrono::minutes(1),
          .is_over = true,
          .levels = std::move(levels)};
}

SearchLevel level(std::uint64_t rate, double p95, bool holds) {
  ThresholdResult result{.source = "p(95)<500",
                         .aggregation = "p(95)",
                         .observed = p95,
                         .verdict = holds ? Verdict::pass : Verdict::fail,
                         .crossed = !holds};
  return {.rate = rate,
          .thresholds = {{.metric = {}, .name = "http_req_duration", .results = {result}}}};
}

TEST_F(SummaryText, ShowsASearchLevelByLevel) {
  SummaryData data = good_run();
  SearchLevel last = level(240, 700, false);
  last.dropped = 1;
  last.interrupted = 2;
  data.searches = {search_with({level(60, 100, true), level(120, 250.5, true), last})};
  EXPECT_NE(summary_text(data, {}).find(
                "  █ SATURATION\n\n"
                "    search: 2.00 iterations/s is the last good level, 4.00 iterations/s is too "
                "much\n"
                "    ✓ 1.00 iterations/s  http_req_duration p(95)=100ms\n"
                "    ✓ 2.00 iterations/s  http_req_duration p(95)=250.5ms\n"
                "    ✗ 4.00 iterations/s  http_req_duration p(95)=700ms  1 iteration dropped, no "
                "virtual user was free  2 iterations not over within gracefulStop\n\n"),
            std::string::npos)
      << summary_text(data, {});
}

TEST(SearchResult, SaysWhatCameOfIt) {
  EXPECT_EQ(search_result(search_with({level(60, 100, true)})),
            "1.00 iterations/s is the last good level, and the search goes no further");
  EXPECT_EQ(search_result(search_with({level(60, 100, false)})),
            "no good level: 1.00 iterations/s, its first, is too much");
  SearchSummary early = search_with({level(60, 100, true)});
  early.is_over = false;
  EXPECT_EQ(search_result(early),
            "1.00 iterations/s is the last good level, none was bad so far; the run ended before "
            "the search did");
  early.levels.clear();
  EXPECT_EQ(search_result(early),
            "no level was carried through so far; the run ended before the search did");
}

TEST_F(SummaryText, UsesTheUnitAndTheStatisticsAskedFor) {
  SummaryData data = good_run();
  data.time_unit = "s";
  data.trend_stats = {"p(99)", "p(50)"};
  const std::string text = summary_text(data, {});
  EXPECT_NE(text.find("p(99)=0.19s p(50)=0.15s"), std::string::npos) << text;
}

TEST_F(SummaryText, ShowsTheDriftWithItsConfidence) {
  Metrics metrics(registry, tags);
  for (const double noise : {50.0, 1.5}) {
    metrics.add(BuiltinMetrics::llm_latency_drift, noise, {}, {});
    metrics.add(BuiltinMetrics::llm_latency_drift_low, noise - 2, {}, {});
    metrics.add(BuiltinMetrics::llm_latency_drift_high, noise + 2, {}, {});
  }
  const SummaryData data = make_summary_data(metrics, {}, {.duration = duration});
  EXPECT_EQ(summary_text(data, {}),
            "\n  █ TOTAL RESULTS\n\n    LLM\n"
            "    llm_latency_drift...: 1.5 [-0.5 … 3.5]\n\n");
}

TEST_F(SummaryText, OfNothingSaysNoMore) {
  EXPECT_EQ(summary_text(SummaryData(), {}), "\n  █ TOTAL RESULTS\n\n");
}

}  // namespace
}  // namespace loader
