#include "loader/merge/run_file.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "shard_examples.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using lab::Json;

Json example_json() { return Json::parse(run_file_text(example_file())); }

std::string refused(const std::string& text) {
  const auto file = read_run_file(text, "run.json");
  return file ? "read" : file.error().to_string();
}

TEST(RunFile, IsReadBackAsItWasWritten) {
  RunFile file = example_file();
  file.tags = {{"shard", "1"}};
  file.end = {.exit_code = 105, .is_whole = false, .errors = {"the run was interrupted"}};
  file.strain = {.reads = {.sum = 3, .min = 3, .max = 3, .values = {3}},
                 .watched = std::chrono::seconds(9),
                 .busiest_thread = 0.25,
                 .late_drops = 2};
  file.parts = {{.kind = Breakdown::Kind::phase,
                 .scenario = "s",
                 .name = "hold-5",
                 .first = std::chrono::nanoseconds(1'234'567'891),
                 .last = std::chrono::hours(30),
                 .metrics = file.measured.metrics,
                 .checks = {{.name = "ok", .passes = 1}}}};
  const std::string text = run_file_text(file);
  const auto again = read_run_file(text, "run.json");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(run_file_text(*again), text);
  EXPECT_TRUE(differences(again->run, file.run).empty());
  EXPECT_EQ(again->parts[0].first, file.parts[0].first);
  EXPECT_EQ(again->strain.late_drops, 2u);
}

TEST(RunFile, OfALargeTrendIsReadBackToTheLastBit) {
  Trend trend;
  for (int i = 0; i < 10'000; ++i) trend.add(0.1 * i - 100);
  RunFile file = example_file();
  file.measured.metrics = {{.name = "http_req_duration",
                            .type = MetricType::trend,
                            .kind = ValueKind::time,
                            .trend = trend.record()}};
  const RunFile again = read_run_file(run_file_text(file), "run.json").value();
  const Trend read = Trend::from(again.measured.metrics[0].trend).value();
  EXPECT_EQ(read.sum(), trend.sum());
  for (const double percent : {0.0, 50.0, 95.0, 99.9, 100.0}) {
    EXPECT_EQ(read.percentile(percent), trend.percentile(percent));
  }
}

TEST(RunFile, WhatIsNoneIsSaidToBeNone) {
  EXPECT_EQ(refused("{}"), "run.json: is no run file, as --mergeable writes them");
  EXPECT_EQ(refused("[1]"), "run.json: is no run file, as --mergeable writes them");
  EXPECT_EQ(refused(R"({"format": 3})"), "run.json: is no run file, as --mergeable writes them");
  const std::string of_summary = refused(R"({"metrics": {}, "root_group": {}})");
  EXPECT_NE(of_summary.find("is a summary"), std::string::npos) << of_summary;
  EXPECT_NE(of_summary.find("--mergeable FILE"), std::string::npos) << of_summary;
  EXPECT_TRUE(read_run_file("{}", "run.json").error().is_foreign);
  EXPECT_EQ(refused("notes"), "run.json: is no run file, as --mergeable writes them");
  EXPECT_TRUE(read_run_file("{\"a", "run.json").error().is_foreign);
  // What may be the beginning of one is one that was cut.
  for (const char* const text : {"", "{\n \"form", R"({"format": "loader run file", "v)"}) {
    EXPECT_FALSE(read_run_file(text, "run.json").error().is_foreign) << text;
  }
}

TEST(RunFile, ANameWithControlCharactersIsRefused) {
  Json json = example_json();
  json["run"]["metrics"].push_back({{"name", "http_req_duration{a:\x1b[2J}"}, {"type", "trend"}});
  EXPECT_EQ(refused(json.dump()),
            "run.json: is broken: the name of a metric has control characters");
}

TEST(RunFile, ANewerOneAsksForANewerLoader) {
  Json json = example_json();
  json["version"] = 3;
  json["unheard of"] = true;
  EXPECT_EQ(refused(json.dump()),
            "run.json: is of version 3 of the format, and this loader reads up to 2: merge with a "
            "newer one");
}

TEST(RunFile, ErrorsOfTheFirstVersionAreATextAndACount) {
  Json json = example_json();
  json["version"] = 1;
  json["errors"] = Json::parse(R"([{"text": "EOF", "count": 5}])");
  const RunFile file = read_run_file(json.dump(), "run.json").value();
  EXPECT_EQ(file.errors.at(0).count, 5u);
  EXPECT_EQ(file.errors.at(0).request_id, "");
}

TEST(RunFile, EveryTruncationIsRefused) {
  const std::string whole = run_file_text(example_file());
  for (std::size_t size = 0; size + 2 < whole.size(); size += 1 + whole.size() / 200) {
    const auto file = read_run_file(whole.substr(0, size), "run.json");
    ASSERT_FALSE(file) << size;
    EXPECT_NE(file.error().what.find("broken or cut short"), std::string::npos);
    EXPECT_FALSE(file.error().is_foreign);
  }
}

// What is changed in a good file, and what is said of it.
struct Broken {
  std::string change;  ///< A JSON pointer, and
  Json to;             ///< what stands there then; discarded: nothing.
  std::string says;
};

TEST(RunFile, WhatCannotBeMergedIsRefusedWithItsPlace) {
  const Json trend = Json::parse(
      R"({"name": "http_req_duration", "type": "trend", "sum": 1, "min": 1, "max": 1, "values": [1]})");
  const auto changed = [&trend](const char* key, const Json& value) {
    Json copy = trend;
    copy[key] = value;
    return Json::array({copy});
  };
  const std::vector<Broken> cases{
      {"/version", 0, "version: 0 is out of range"},
      {"/segment", "1/7:2/7", "segment is none of those of run.sequence"},
      {"/segment", "x", "execution segment \"x\""},
      {"/run/sequence", "0,2,1", "execution segment \"0,2,1\""},
      {"/run/suite", 5, "run.suite: "},
      {"/run/unknown", 5, "unknown key \"unknown\""},
      {"/run/no_data", "maybe", "unknown value \"maybe\""},
      {"/run/metrics", Json::parse(R"([{"name": "http_reqs", "type": "gauge"}])"),
       "\"http_reqs\" exists already as a counter"},
      {"/run/metrics", Json::parse(R"([{"name": "nothing{a:b}"}])"), "no metric is named"},
      {"/run/thresholds", Json::parse(R"([{"metric": "vus", "thresholds": ["p(95)<1"]}])"), "vus"},
      {"/run/thresholds", Json::parse(R"([{"metric": "vus{a:b}", "thresholds": ["value<1"]}])"),
       "thresholds on sub-metrics that it does not declare"},
      {"/scenarios_started", "yesterday", "\"yesterday\" is no time"},
      {"/scenarios_started", "1999-01-01T00:00:00Z", "is no time"},
      {"/setup", "12s", "setup is longer than the whole run"},
      {"/duration", "10000h", "duration is longer than a year"},
      {"/ticks/0/seconds", 1'000'000, "ticks are of more seconds than the run has"},
      {"/ticks/0/seconds", 4503599627370496, "ticks are of more seconds than the run has"},
      {"/ticks/0/seconds", 0, "ticks[0].seconds: 0 is out of range"},
      {"/ticks/0/vus", -1, "ticks[0].vus: -1 is out of range"},
      {"/measured/metrics", changed("min", 2), "measured.metrics[0]: has another min or max"},
      {"/measured/metrics", changed("values", Json::array()), "either values or buckets"},
      {"/measured/metrics", changed("values", "1"), "measured.metrics[0].values"},
      {"/measured/metrics", changed("name", "no_such"), "metric \"no_such\""},
      {"/measured/metrics", changed("type", "list"), "measured.metrics[0].type"},
      {"/measured/metrics", changed("nonzero", 1), "unknown key \"nonzero\""},
      {"/measured/groups", Json::parse(R"([{"name": "g", "parent": 1}])"), "does not stand before"},
      {"/measured/checks", Json::parse(R"([{"name": "c", "group": 9}])"), "does not stand before"},
      {"/drift/window", "7m", "window is not five minutes"},
      {"/drift/counts", Json::array({1, 2}), "not as many sums as counts"},
      {"/end/exit_code", 256, "end.exit_code: 256 is out of range"},
      {"/errors", Json::parse(R"([{"text": "x", "count": -1}])"), "errors[0].count"},
      {"/errors/0/kind", "guess", "unknown value \"guess\""},
      {"/errors/0/first", "10000h", "first is longer than a year"},
  };
  for (const Broken& each : cases) {
    Json json = example_json();
    json[Json::json_pointer(each.change)] = each.to;
    const std::string says = refused(json.dump());
    EXPECT_TRUE(says.starts_with("run.json: is broken: ")) << each.change << ": " << says;
    EXPECT_NE(says.find(each.says), std::string::npos) << each.change << ": " << says;
    EXPECT_EQ(says.find('\n'), std::string::npos) << says;
  }
}

TEST(RunFile, EveryKeyThatIsTakenAwayIsADefaultOrARefusal) {
  const Json whole = example_json();
  for (const auto& [key, value] : whole.items()) {
    Json json = whole;
    json.erase(key);
    const std::string says = refused(json.dump());
    // The setup is a second long, so the run can't be of no duration.
    const bool is_needed = key == "format" || key == "version" || key == "run" ||
                           key == "segment" || key == "duration";
    EXPECT_EQ(says != "read", is_needed) << key << ": " << says;
  }
}

// A wrong type anywhere is a sentence, never more.
TEST(RunFile, AnyValueMayBeOfAnyType) {
  const Json whole = example_json();
  const Json flat = whole.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    for (const char* const other : {"null", "true", "-1", "1e308", "\"x\"", "[]", "{}", "[{}]"}) {
      Json json = whole;
      json[Json::json_pointer(pointer)] = Json::parse(other);
      EXPECT_FALSE(refused(json.dump()).empty()) << pointer;
    }
  }
}

TEST(RunFile, DifferencesAreNamed) {
  const RunIdentity run = example_file().run;
  const auto named = [&run](const std::function<void(RunIdentity&)>& change) {
    RunIdentity other = run;
    change(other);
    return differences(run, other);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(named([](RunIdentity&) {}), Names{});
  EXPECT_EQ(named([](RunIdentity& r) { r.suite = "another"; }), Names{"the suite"});
  EXPECT_EQ(named([](RunIdentity& r) { r.facts["the seed"] = "2"; }), Names{"the seed"});
  EXPECT_EQ(named([](RunIdentity& r) { r.facts.erase("the seed"); }), Names{"the seed"});
  EXPECT_EQ(named([](RunIdentity& r) { r.facts["the option rps"] = "5"; }),
            Names{"the option rps"});
  EXPECT_EQ(named([](RunIdentity& r) { r.thresholds.clear(); }), Names{"the thresholds"});
  EXPECT_EQ(named([](RunIdentity& r) { r.sequence = "0,1"; }),
            Names{"the segments that the load is split into"});
}

}  // namespace
}  // namespace loader
