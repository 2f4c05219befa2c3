#include "loader/summary/html_report.h"

#include <string>
#include <vector>

#include "golden.h"
#include "loader/summary/failing_stretches.h"
#include "loader/summary/html_distributions.h"
#include "loader/summary/html_text.h"
#include "loader/summary/run_columns.h"
#include "loader/summary/run_story.h"
#include "loader/summary/summary_parts.h"
#include "loader/summary/summary_text.h"
#include "loader/summary/time_axis.h"
#include "loader/summary/time_lanes.h"
#include "loader/summary/value_scale.h"
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
    data.over_time = outage();
    data.facts = {.suite = "stress & <more>",
                  .source = "suites/stress.json",
                  .command = "loader run suites/stress.json --html 'a <b>.html'",
                  .loader = "1.2.3",
                  .url = "gateway:8080",
                  .started = "2023-11-14T22:13:20Z",
                  .threads = 2,
                  .exit_code = 99,
                  .errors = {"thresholds on metrics 'a' have been crossed"}};
    data.searches = {{.scenario = "search",
                      .is_over = true,
                      .levels = {{.rate = 10, .iterations = 300},
                                 {.rate = 20, .iterations = 590, .dropped = 10}}}};
    data.notes = {"simulated 11s with seed 1"};
    return data;
  }

  static Sketch sketch_of(double value, std::uint64_t count) {
    const auto bucket = static_cast<std::uint16_t>(Sketch::bucket_of(value));
    return {{{bucket, count}}, value * static_cast<double>(count), value, value};
  }

  /// Eleven windows of a second in which two models answer ten requests each; all of those for
  /// gpt-<4> fail from the fourth to the sixth. Users double on the way.
  [[nodiscard]] static OverTime outage() {
    OverTime over_time{.window = std::chrono::seconds(1), .failure_kinds = {"status 503"}};
    for (const char* const model : {"gpt-<4>", "llama"}) {
      for (const char* const phase : {"hold-5", "ramp-down-0"}) {
        over_time.series.push_back({.scenario = "stress", .phase = phase, .model = model});
      }
    }
    for (std::size_t i = 0; i < 11; ++i) {
      for (const std::size_t model : {0U, 1U}) {
        RequestWindow& window = over_time.series[2 * model + (i < 8 ? 0 : 1)].at(i);
        const bool is_out = model == 0 && i >= 3 && i < 6;
        window.requests = 10;
        window.failed = is_out ? 10 : 0;
        if (is_out) window.failures = {10};
        if (is_out) window.examples = {"load-test-" + std::to_string(i)};
        (is_out ? window.failed_after : window.succeeded) = sketch_of(is_out ? 2 : 400, 10);
        if (!is_out)
          window.slowest = "load-test-" + std::string(model == 0 ? "a" : "b") + std::to_string(i);
        if (!is_out) window.time_to_first_token = sketch_of(50 + 10.0 * static_cast<double>(i), 10);
        window.tokens_out = is_out ? 0 : 200;
      }
      const double users = i < 5 ? 5 : 10;
      over_time.users.push_back({users, users, 20, i == 7 ? 3U : 0U});
    }
    over_time.breaches = {
        {"http_req_failed", "rate<0.05", {{std::chrono::seconds(4), std::chrono::seconds(11)}}},
        {"http_req_duration", "p(95)<500", {}}};
    return over_time;
  }
};

TEST_F(HtmlReport, OfABadRun) { expect_golden(html_report(full_run()), "report-bad.html"); }

TEST_F(HtmlReport, NeedsNothingFromElsewhere) {
  const std::string html = html_report(full_run());
  for (const char* const outside : {"<link", "<img", "<iframe", " src=", " href=", "url(",
                                    "@import", "://", "fetch(", "import("}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
  EXPECT_EQ(html.find("<script>"), html.rfind("<script"));
}

TEST_F(HtmlReport, ShowsNamesAsTheyAreAndNeverAsMarkup) {
  const std::string html = html_report(full_run());
  EXPECT_NE(html.find("<h1>stress &amp; &lt;more&gt;</h1>"), std::string::npos);
  EXPECT_NE(html.find("gpt-&lt;4&gt;"), std::string::npos);
  EXPECT_EQ(html.find("<4>"), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  EXPECT_EQ(html_escaped("\"'<&>"), "&quot;&#39;&lt;&amp;&gt;");
}

TEST_F(HtmlReport, LeavesOutWhatThereIsNot) {
  const std::string html = html_report(SummaryData());
  EXPECT_NE(html.find("Passed"), std::string::npos);
  EXPECT_EQ(html.find("<section>"), std::string::npos) << html;
}

TEST_F(HtmlReport, OfASummaryWithoutWindowsHasThresholdsAndErrors) {
  SummaryData data = full_run();
  data.over_time.reset();
  const std::string html = html_report(data);
  EXPECT_EQ(html.find("Over time"), std::string::npos);
  EXPECT_NE(html.find("load-test-0123456789abcdef"), std::string::npos);
  EXPECT_NE(html.find("p(95)&lt;500"), std::string::npos);
}

TEST_F(HtmlReport, SaysThatARunIsSimulated) {
  SummaryData data = full_run();
  EXPECT_EQ(html_report(data).find("SIMULATED"), std::string::npos);
  data.facts.gateway = "overloaded.json";
  const std::string html = html_report(data);
  EXPECT_NE(html.find("<title>stress &amp; &lt;more&gt; (simulated)</title>"), std::string::npos);
  EXPECT_NE(html.find("<b>SIMULATED</b>"), std::string::npos);
  EXPECT_NE(html.find("<code>overloaded.json</code>"), std::string::npos);
}

TEST_F(HtmlReport, SaysWhatFailedWhenAndWhatToLookUp) {
  SummaryData data = full_run();
  data.errors.front().model = "gpt-<4>";
  data.errors.front().first = std::chrono::seconds(3);
  const std::string html = html_report(data);
  EXPECT_NE(html.find("Model gpt-&lt;4&gt;: 30 of 30 requests failed (100.00%) from 0:03 to 0:06, "
                      "all status 503. <span class=\"look-up\">Look up <code "
                      "class=\"id\">load-test-3</code>"),
            std::string::npos)
      << html.substr(html.find("What happened"), 2000);
  EXPECT_EQ(html.find("Model llama:"), std::string::npos);
  // Those that failed were fast, which is no praise.
  EXPECT_NE(html.find("<b>400ms</b><span>p95 of successes</span>"), std::string::npos);
}

TEST_F(HtmlReport, SaysThatBrokenAnswersAreNoFailedRequestsOfK6) {
  SummaryData data = full_run();
  data.metrics = {{.name = "http_req_failed",
                   .type = MetricType::rate,
                   .values = RateValues{.rate = 0.1, .passes = 22, .fails = 198},
                   .thresholds = {{.source = "rate<0.2", .observed = 0.1}}}};
  const std::string note = "with broken answers and streams, 13.64% failed";
  EXPECT_NE(html_report(data).find(note), std::string::npos);
  std::get<RateValues>(data.metrics[0].values).rate = 0.1364;
  EXPECT_EQ(html_report(data).find("with broken answers"), std::string::npos);
}

TEST_F(HtmlReport, SaysWhatIsBehindALatencyThatHeld) {
  SummaryData data = full_run();
  const auto metric = [](const char* name) {
    return SummaryMetric{
        .name = name,
        .type = MetricType::trend,
        .kind = ValueKind::time,
        .values = TrendValues(),
        .thresholds = {{.source = "p(95)<500", .observed = 400, .verdict = Verdict::pass}}};
  };
  struct BehindCase {
    const char* name;
    std::string_view says;
  };
  constexpr BehindCase kCases[]{
      {"http_req_duration", "of all requests, 13.6"},
      {"http_req_duration{scenario:stress}", "of all its requests, 13.6"},
      {"http_req_duration{model:gpt-<4>,phase:hold-5}",
       "of all its requests, 37.50% of which failed"},
  };
  for (const BehindCase& each : kCases) {
    data.metrics = {metric(each.name)};
    EXPECT_NE(html_report(data).find(each.says), std::string::npos) << each.name;
  }
  for (const char* const name : {"http_req_duration{model:llama}", "http_req_duration{status:200}",
                                 "http_req_duration{scenario:none}", "llm_response_time"}) {
    data.metrics = {metric(name)};
    EXPECT_EQ(html_report(data).find("of which failed"), std::string::npos) << name;
  }
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

TEST(FailingStretches, AreOneDespiteAGoodColumnWithin) {
  RequestSeries series;
  for (std::size_t i = 2; i < 20; ++i) {
    RequestWindow& window = series.at(i);
    window.requests = 10;
    window.failed = (i >= 4 && i < 8 && i != 6) || i == 15 ? 5 : 0;
  }
  const std::vector<FailingStretch> stretches = failing_stretches(series);
  ASSERT_EQ(stretches.size(), 2U);
  EXPECT_EQ(stretches[0].from, 4U);
  EXPECT_EQ(stretches[0].to, 8U);
  EXPECT_EQ(stretches[0].total.failed, 15U);
  EXPECT_EQ(stretches[0].total.requests, 40U);
  EXPECT_EQ(stretches[1].from, 15U);
}

TEST(RunColumns, AreFewWhateverTheRunIs) {
  SummaryData data{.duration = std::chrono::seconds(2 * 239 + 1)};
  data.over_time = OverTime{.window = std::chrono::seconds(2)};
  data.over_time->users.resize(240);
  const auto columns = run_columns(data);
  ASSERT_TRUE(columns);
  EXPECT_EQ(columns->axis.columns, 120U);
  EXPECT_EQ(columns->axis.column, std::chrono::seconds(4));
  EXPECT_EQ(columns->axis.to(119), std::chrono::seconds(479));
  EXPECT_DOUBLE_EQ(columns->axis.seconds(119), 3);
  EXPECT_FALSE(run_columns(SummaryData()));
}

TEST(TimeMarks, AreRoundAndFew) {
  const TimeAxis minutes{.column = std::chrono::seconds(4), .columns = 75, .end = {}};
  std::string text;
  for (const PlotMark& mark : time_marks(minutes)) text += mark.text + " ";
  EXPECT_EQ(text, "0:00 1:00 2:00 3:00 4:00 5:00 ");
  EXPECT_EQ(time_marks_unit(minutes), "m:ss");
  const TimeAxis hours{.column = std::chrono::seconds(64), .columns = 113, .end = {}};
  text.clear();
  for (const PlotMark& mark : time_marks(hours)) text += mark.text + " ";
  EXPECT_EQ(text, "0:00 0:30 1:00 1:30 2:00 ");
  EXPECT_EQ(time_marks_unit(hours), "h:mm");
  EXPECT_EQ(clock_text(std::chrono::seconds(3725)), "1:02:05");
  EXPECT_EQ(clock_text(std::chrono::milliseconds(62'900)), "1:02");
}

TEST(PhaseLanes, LieBelowEachOtherWhereTheyOverlap) {
  OverTime over_time{.window = std::chrono::seconds(1)};
  for (const char* const phase : {"ramp-up-5", "hold-5"}) {
    over_time.series.push_back({.scenario = "a", .phase = phase, .model = "m"});
  }
  over_time.series.push_back({.scenario = "b", .model = "m"});
  for (std::size_t i = 0; i < 4; ++i) over_time.series[0].at(i).requests = 10;
  // The last requests of a phase end in the next one.
  for (std::size_t i = 3; i < 8; ++i) over_time.series[1].at(i).requests = i == 3 ? 2 : 10;
  for (std::size_t i = 2; i < 6; ++i) over_time.series[2].at(i).requests = 1;
  const TimeAxis axis{.column = over_time.window, .columns = 8, .end = {}};
  EXPECT_EQ(phase_lanes(over_time, axis).left_out, 0U);
  const std::vector<TimeLane> lanes = phase_lanes(over_time, axis).lanes;
  ASSERT_EQ(lanes.size(), 2U);
  ASSERT_EQ(lanes[0].size(), 2U);
  EXPECT_EQ(lanes[0][0].name, "a: ramp-up-5");
  EXPECT_EQ(lanes[0][0].to, std::chrono::seconds(4));
  EXPECT_EQ(lanes[0][1].name, "a: hold-5");
  ASSERT_EQ(lanes[1].size(), 1U);
  EXPECT_EQ(lanes[1][0].name, "b");
}

TEST(PhaseLanes, CountTheScenariosThatThereIsNoRoomFor) {
  OverTime over_time{.window = std::chrono::seconds(1)};
  for (const char* const scenario : {"a", "b", "c", "d", "e"}) {
    over_time.series.push_back({.scenario = scenario});
    for (std::size_t i = 0; i < 4; ++i) over_time.series.back().at(i).requests = 1;
  }
  SummaryData data{.duration = std::chrono::seconds(4)};
  data.over_time = over_time;
  const TimeAxis axis{.column = over_time.window, .columns = 4, .end = {}};
  EXPECT_EQ(phase_lanes(over_time, axis).lanes.size(), kPhaseLanesMax);
  EXPECT_EQ(phase_lanes(over_time, axis).left_out, 2U);
  EXPECT_NE(html_report(data).find("2 more scenarios are not there"), std::string::npos);
}

TEST(PhaseLanes, HaveNamesThatAreWhole) {
  struct LabelCase {
    std::string name;
    double share;
    std::string label;
  };
  const LabelCase kCases[]{
      {"ramp-up-100", 0.5, "ramp-up-100"},
      {"ramp-up-100", 0.1, "↗100"},
      {"ramp-down-0", 0.08, "↘0"},
      {"hold-100", 0.1, "100"},
      {"hold-100", 0.05, ""},
      {"chat: hold-5", 0.15, "chat: 5"},
      {"a scenario", 0.1, ""},
  };
  for (const LabelCase& each : kCases) {
    EXPECT_EQ(label_within(each.name, each.share), each.label) << each.name;
  }
}

TEST(AxisStep, GivesThreeToEightMarks) {
  EXPECT_DOUBLE_EQ(axis_step(1), 0.2);
  EXPECT_DOUBLE_EQ(axis_step(2), 0.5);
  EXPECT_DOUBLE_EQ(axis_step(4.1), 1);
  EXPECT_DOUBLE_EQ(axis_step(9), 2);
  EXPECT_DOUBLE_EQ(axis_step(1500), 200);
}

TEST(ValueScale, ReachesToARoundNumber) {
  const ValueScale scale = ValueScale::from_zero(4180);
  EXPECT_DOUBLE_EQ(scale.place(5000), 1);
  EXPECT_EQ(scale.marks(), (std::vector<double>{0, 1000, 2000, 3000, 4000, 5000}));
  EXPECT_DOUBLE_EQ(ValueScale::logarithmic(10, 1000).place(100), 0.5);
  EXPECT_DOUBLE_EQ(ValueScale::logarithmic(10, 1000).value(0.5), 100);
}

TEST(DistributionHtml, OfEqualValuesIsOneBar) {
  const std::string html =
      distribution_html({.title = "m", .values = Sketch({{500, 3}}, 15, 5, 5)});
  EXPECT_NE(html.find("3 values, all of them: 5ms to 5ms<"), std::string::npos) << html;
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_EQ(distribution_html({.title = "m"}), "");
}

TEST(DistributionHtml, HasALongTailWholeAndSaysSo) {
  const auto bucket = [](double value) {
    return static_cast<std::uint16_t>(Sketch::bucket_of(value));
  };
  const std::string html = distribution_html(
      {.title = "m", .values = Sketch({{bucket(100), 99}, {bucket(30000), 1}}, 1, 100, 30000)});
  EXPECT_NE(html.find("100 values, all of them: 100ms to 30s; logarithmic axis"), std::string::npos)
      << html;
  EXPECT_NE(html.find("<th scope=\"row\">max</th><td>30s</td>"), std::string::npos);
}

}  // namespace
}  // namespace loader
