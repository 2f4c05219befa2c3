#include "loader/summary/summary_reader.h"

#include <limits>

#include "loader/summary/html_report.h"
#include "loader/summary/junit.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_markdown.h"
#include "loader/summary/summary_text.h"
#include "shared/base/json.h"
#include "summary_fixture.h"

namespace loader {
namespace {

class SummaryReader : public SummaryFixture {
 protected:
  // All that is made of a summary can be made of its file.
  static void expect_round_trip(const SummaryData& data) {
    const std::string json = summary_json(data);
    ASSERT_TRUE(is_summary(json));
    const auto read = read_summary(json, "s.json");
    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(summary_json(*read), json);
    EXPECT_EQ(summary_export_json(*read), summary_export_json(data));
    EXPECT_EQ(junit_xml(*read), junit_xml(data));
    EXPECT_EQ(summary_markdown(*read), summary_markdown(data));
    for (const SummaryMode mode : {SummaryMode::compact, SummaryMode::full}) {
      EXPECT_EQ(summary_text(*read, {.mode = mode}), summary_text(data, {.mode = mode}));
    }
  }
  static std::string error_of(std::string_view text) {
    return read_summary(text, "s.json").error().to_string();
  }
};

RunFacts facts_of_a_run() {
  return {.suite = "stress",
          .source = "stress.json",
          .command = "loader run stress.json",
          .loader = "1.0",
          .url = "http://gateway:8080",
          .gateway = "healthy",
          .execution = "simulated (seed 1, gateway healthy)",
          .started = "2023-11-14T22:13:20Z",
          .threads = 2,
          .exit_code = 99,
          .errors = {"a threshold was crossed", "the run was interrupted"},
          .run_errors = {"the run was interrupted"}};
}

TEST_F(SummaryReader, GivesBackARunThatWentWell) {
  SummaryData data = good_run();
  data.facts = {.suite = "smoke", .started = "2023-11-14T22:13:20Z"};
  data.simulation = {.seed = ~std::uint64_t{0}, .events = 100, .hash = "bab52519539c91f8"};
  expect_round_trip(data);
}

TEST_F(SummaryReader, GivesBackAllThatCanGoWrong) {
  SummaryData data = bad_run();
  data.facts = facts_of_a_run();
  data.outputs = {{.name = "influxdb (http://h)", .taken = 5, .sent = 3, .dropped = 2}};
  data.parts = {{.kind = Breakdown::Kind::group,
                 .name = "::chat",
                 .duration = duration,
                 .metrics = {data.metrics.front()},
                 .checks = {{.name = "is SSE", .passes = 1, .fails = 2}}},
                {.kind = Breakdown::Kind::scenario, .scenario = "s", .name = "s"}};
  data.time_unit = "ms";
  data.self_doubt = SelfDoubt{
      .figures = {.reads = {.samples = 7, .p50 = 1, .p95 = 2, .p99 = 30.5, .max = 44},
                  .busiest_thread = 0.99,
                  .machine_idle = 0.01,
                  .throttled = std::chrono::milliseconds(12)},
      .findings = {{.kind = "late", .text = "the loader was late", .details = {"why", "so"}}},
      .verdicts = {{.metric = "http_req_duration",
                    .source = "p(95)<500",
                    .observed = 505,
                    .low = -std::numeric_limits<double>::infinity(),
                    .high = 510,
                    .text = "could hold as well"}}};
  expect_round_trip(data);
}

TEST_F(SummaryReader, GivesBackSearchesAndWhatHappenedWhen) {
  SummaryData data = good_run();
  data.facts = facts_of_a_run();
  const ThresholdResult broken{.source = "p(95)<500",
                               .aggregation = "p(95)",
                               .observed = 700,
                               .verdict = Verdict::fail,
                               .crossed = true};
  const MetricVerdict verdict{.name = "http_req_duration", .results = {broken}};
  data.searches = {
      {.scenario = "s",
       .time_unit = std::chrono::minutes(1),
       .is_over = true,
       .levels = {{.rate = 60, .iterations = 60}, {.rate = 90, .thresholds = {verdict}}}}};
  SketchTally tally;
  for (const double value : {10.0, 12.5, 400.0}) tally.add(value);
  data.over_time = OverTime{
      .window = std::chrono::seconds(2),
      .failure_kinds = {"status 503"},
      .series =
          {{.scenario = "s",
            .model = "gpt-4",
            .first = 1,
            .windows = {{.requests = 4, .failed = 1, .failures = {1}, .succeeded = tally.peek()}}}},
      .users = {{.active_vus = 1.5, .vus = 2, .iterations = 3, .dropped = 1}}};
  expect_round_trip(data);
  const auto read = read_summary(summary_json(data), "s.json");
  EXPECT_EQ(read->over_time->series.at(0).windows.at(0).succeeded, tally.peek());
}

// As k6 v1 gives it to handleSummary(): no facts, no errors, and keys of its own.
TEST_F(SummaryReader, ReadsWhatK6Writes) {
  constexpr const char* kOfK6 = R"json({
    "root_group": {"path": "", "id": "d41d8cd98f00b204e9800998ecf8427e", "groups": [],
      "checks": [{"name": "status is 200", "path": "::status is 200", "id": "x",
                  "passes": 9, "fails": 1}], "name": ""},
    "options": {"summaryTrendStats": ["avg", "p(95)"], "summaryTimeUnit": "", "noColor": false},
    "state": {"isStdOutTTY": true, "isStdErrTTY": true, "testRunDurationMs": 1234.5},
    "newer": {"than": "this"},
    "metrics": {
      "http_req_duration": {"type": "trend", "contains": "time",
        "values": {"avg": 12.5, "p(95)": 700},
        "thresholds": {"p(95)<500": {"ok": false}, "max<900": {"ok": true}}},
      "http_req_failed": {"type": "rate", "contains": "default",
        "values": {"rate": 0.1, "passes": 1, "fails": 9}},
      "vus": {"values": {"value": 1, "min": 1, "max": 1}, "type": "gauge", "contains": "default"}
    }
  })json";
  const auto read = read_summary(kOfK6, "k6.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->duration, std::chrono::microseconds(1'234'500));
  EXPECT_TRUE(read->facts.suite.empty());
  EXPECT_FALSE(read->over_time);
  const std::string text = summary_text(*read, {});
  EXPECT_NE(text.find("✗ 'p(95)<500' p(95)=700ms"), std::string::npos) << text;
  EXPECT_NE(text.find("http_req_duration...: avg=12.5ms p(95)=700ms"), std::string::npos) << text;
  EXPECT_NE(text.find("✗ status is 200"), std::string::npos) << text;
}

TEST_F(SummaryReader, DoesNotMakeUpWhatAFileLacks) {
  constexpr const char* kSparse = R"json({"metrics": {
    "a_trend": {"type": "trend", "contains": "time", "values": {"avg": 12.5, "p(95)": null},
      "thresholds": {"p(95)<5": {"ok": true}, "max<5": {"ok": true}}},
    "b_trend": {"type": "trend", "values": {}},
    "c_gauge": {"type": "gauge", "values": {"value": 3}},
    "d_counter": {"type": "counter", "values": {"count": 7, "rate": null}},
    "e_rate": {"type": "rate", "values": {"rate": null, "passes": 0, "fails": 0}}
  }})json";
  const auto read = read_summary(kSparse, "k6.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->trend_stats, (std::vector<std::string>{"avg", "p(95)"}));
  const std::string text = summary_text(*read, {});
  for (const char* const line :
       {"a_trend.....: avg=12.5ms p(95)=–\n", "b_trend.....: avg=–      p(95)=–\n",
        "c_gauge.....: 3 min=–", "d_counter...: 7 –", "e_rate......: – "}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  const std::string markdown = summary_markdown(*read);
  EXPECT_NE(markdown.find("| 12.5ms | – |"), std::string::npos) << markdown;
  EXPECT_EQ(html_report(*read).find("nan"), std::string::npos);
  const lab::Json metrics = lab::Json::parse(summary_json(*read))["metrics"];
  const auto values = [&](const char* name) { return metrics[name]["values"].dump(); };
  EXPECT_EQ(values("a_trend"), R"json({"avg":12.5,"p(95)":null})json");
  EXPECT_EQ(values("b_trend"), "{}");
  EXPECT_EQ(values("c_gauge"), R"({"value":3})");
  EXPECT_EQ(values("d_counter"), R"({"count":7})");
}

// summaryTrendStats decides what a file of k6 has; thresholds are judged by what the run had.
TEST_F(SummaryReader, KeepsK6sVerdictOnAValueThatItsFileLacks) {
  constexpr const char* kOfK6 = R"json({"metrics": {
    "a": {"type": "trend", "contains": "time", "values": {"avg": 12.5},
      "thresholds": {"p(99)<9": {"ok": false}, "max<5": {"ok": true}}},
    "b": {"type": "trend", "values": {"avg": 0},
      "thresholds": {"max<5": {"ok": false, "no_data": true}}}
  }})json";
  const auto read = read_summary(kOfK6, "k6.json");
  ASSERT_TRUE(read) << read.error().to_string();
  const std::string text = summary_text(*read, {});
  EXPECT_NE(text.find("✗ 'p(99)<9' failed; p(99) is not in the file"), text.npos) << text;
  EXPECT_NE(text.find("✓ 'max<5' passed; max is not in the file"), text.npos) << text;
  EXPECT_NE(text.find("✗ 'max<5' no data"), text.npos) << text;
  const std::string html = html_report(*read);
  EXPECT_NE(html.find(">failed; p(99) is not in the file<"), html.npos);
  EXPECT_NE(html.find(">passed; max is not in the file<"), html.npos);
  const std::string markdown = summary_markdown(*read);
  EXPECT_NE(markdown.find("passed; max is not in the file |"), markdown.npos) << markdown;
  const std::string junit = junit_xml(*read);
  EXPECT_NE(junit.find("p(99) is not in the file"), junit.npos) << junit;
  EXPECT_NE(junit.find("no data for"), junit.npos) << junit;
  // Nor does the file that is made of it say more.
  EXPECT_EQ(summary_text(*read_summary(summary_json(*read), "s.json"), {}), text);
}

TEST_F(SummaryReader, SaysWhatIsWrongAndWhere) {
  struct BrokenCase {
    std::string_view text;
    std::string_view error;
  };
  constexpr BrokenCase kCases[]{
      {R"({"metrics": {"a": )", "s.json: is broken or cut short: "},
      {R"({"root_group": {}})", "s.json: missing required key \"metrics\""},
      {R"({"metrics": {"a": {"values": {}}}})", "s.json: metrics.a: missing required key \"type\""},
      {R"({"metrics": {"a": {"type": "sum", "values": {}}}})", "s.json: metrics.a.type: "},
      {R"({"metrics": {"a": {"type": "counter", "values": {}}}})",
       "s.json: metrics.a.values: has no figures"},
      {R"({"metrics": {"a": {"type": "trend", "values": null}}})",
       "s.json: metrics.a.values: expected an object"},
      {R"({"metrics": {"a": {"type": "rate", "values": {"rate": 0.5}}}})",
       "s.json: metrics.a.values: missing required key \"passes\""},
      {R"({"metrics": {"a": {"type": "rate", "values": {"passes": -1}}}})",
       "s.json: metrics.a.values.passes: "},
      {R"({"metrics": {"http_reqs": {"count": 5, "rate": 1}}})",
       "s.json: is in the older shape, of --summary-export"},
      {R"({"metrics": {}, "over_time": {"window": "3s"}})", "s.json: over_time: "},
      {R"({"metrics": {}, "state": {"testRunDurationMs": -5}})",
       "s.json: state.testRunDurationMs: "},
  };
  for (const BrokenCase& each : kCases) {
    EXPECT_TRUE(error_of(each.text).starts_with(each.error)) << error_of(each.text);
  }
}

TEST_F(SummaryReader, KnowsASummaryByItsMetrics) {
  EXPECT_TRUE(is_summary(R"({"metrics": {}})"));
  EXPECT_FALSE(is_summary(R"({"format": "loader run file", "metrics": {}})"));
  EXPECT_FALSE(is_summary(R"({"metrics": 1})"));
  EXPECT_FALSE(is_summary("[1]"));
  EXPECT_FALSE(is_summary("not JSON"));
}

}  // namespace
}  // namespace loader
