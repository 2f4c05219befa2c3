#include "loader/metrics/run_windows.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Recorded {
  TagTable tags;
  RunWindows windows{tags};
  TagSetId chat = tags.intern({{"scenario", "chat"}, {"phase", "hold-5"}});

  /// A request of `took`, which ends `at` after the start.
  void add(lab::Duration at, lab::Duration took, RequestRecord record = {.outcome = "ok"}) {
    record.start = lab::TimePoint(at - took);
    record.end = lab::TimePoint(at);
    if (record.tags == TagSetId()) record.tags = chat;
    if (record.model.empty()) record.model = "gpt-4";
    windows.add(record, at);
  }
};

TEST(RunWindows, ARequestCountsWhereItEnds) {
  Recorded run;
  run.add(milliseconds(900), milliseconds(100));
  run.add(milliseconds(1100), milliseconds(300));
  run.add(milliseconds(3999), milliseconds(200));
  const OverTime over_time = run.windows.over_time();
  EXPECT_EQ(over_time.window, seconds(1));
  EXPECT_EQ(over_time.windows(), 4U);
  ASSERT_EQ(over_time.series.size(), 1U);
  const RequestSeries& series = over_time.series[0];
  EXPECT_EQ(series.scenario, "chat");
  EXPECT_EQ(series.phase, "hold-5");
  EXPECT_EQ(series.model, "gpt-4");
  EXPECT_EQ(series.find(0)->requests, 1U);
  EXPECT_EQ(series.find(1)->succeeded.max(), 300);
  EXPECT_EQ(series.find(2)->requests, 0U);
  EXPECT_EQ(series.find(3)->requests, 1U);
  EXPECT_EQ(series.find(4), nullptr);
}

TEST(RunWindows, ASeriesLastsFromItsFirstRequestToTheEndOfItsLast) {
  Recorded run;
  // Sent before the scenarios began: a clock may say so.
  run.add(milliseconds(1500), milliseconds(1700));
  run.add(milliseconds(3999), milliseconds(200));
  EXPECT_EQ(run.windows.over_time().series[0].began, lab::Duration::zero());
  EXPECT_EQ(run.windows.over_time().series[0].ended, milliseconds(3999));
  Recorded other;
  other.add(milliseconds(2500), milliseconds(100), {.outcome = "ok", .model = "late"});
  other.add(seconds(500), milliseconds(100), {.outcome = "ok", .model = "late"});
  const RequestSeries late = other.windows.over_time().sum();
  EXPECT_EQ(late.began, milliseconds(2400));
  EXPECT_EQ(late.ended, seconds(500));
  OverTime both = other.windows.over_time();
  both.merge(run.windows.over_time());
  EXPECT_EQ(both.sum().began, lab::Duration::zero());
  EXPECT_EQ(both.sum().ended, seconds(500));
}

TEST(OverTime, PartsOfARunHaveOnePlan) {
  OverTime whole{.window = seconds(1)};
  whole.loads = {{"chat", "hold-5", {seconds(0), seconds(40)}},
                 {"chat", "hold-5", {seconds(60), seconds(80)}}};
  OverTime cut_short{.window = seconds(1)};
  cut_short.loads = {{"chat", "hold-5", {seconds(0), seconds(7)}}};
  const std::vector<PlannedLoad> plan = whole.loads;
  whole.merge(cut_short);
  EXPECT_EQ(whole.loads, plan);
  cut_short.merge(whole);
  EXPECT_EQ(cut_short.loads, plan);
}

TEST(RunWindows, SuccessesAndFailuresAreApart) {
  Recorded run;
  const std::array<lab::Duration, 2> between{milliseconds(5), milliseconds(20)};
  run.add(seconds(1), milliseconds(100),
          {.time_to_first_token = milliseconds(40),
           .outcome = "ok",
           .tokens_in = 12,
           .tokens_out = 3,
           .inter_token_latencies = between});
  run.add(seconds(1), milliseconds(2), {.status = 503, .outcome = "status"});
  run.add(seconds(1), milliseconds(3), {.status = 503, .outcome = "status"});
  run.add(seconds(1), milliseconds(60'000), {.outcome = "transport", .reason = "request timeout"});
  run.add(seconds(1), milliseconds(80),
          {.status = 200, .outcome = "missing_done", .tokens_out = 9});
  const OverTime over_time = run.windows.over_time();
  EXPECT_EQ(over_time.failure_kinds,
            (std::vector<std::string>{"status 503", "request timeout", "missing_done"}));
  const RequestWindow& window = *over_time.series[0].find(1);
  EXPECT_EQ(window.requests, 5U);
  EXPECT_EQ(window.failed, 4U);
  EXPECT_EQ(window.failures, (std::vector<std::uint64_t>{2, 1, 1}));
  EXPECT_EQ(window.succeeded.count(), 1U);
  EXPECT_EQ(window.failed_after.max(), 60'000);
  EXPECT_EQ(window.time_to_first_token.min(), 40);
  EXPECT_EQ(window.inter_token.count(), 2U);
  EXPECT_EQ(window.tokens_in, 12U);
  EXPECT_EQ(window.tokens_out, 3U);
  EXPECT_EQ(over_time.series[0].tokens_out.count(), 1U);
}

TEST(RunWindows, TheSlowestSuccessCanBeLookedUp) {
  Recorded run;
  run.add(milliseconds(100), milliseconds(10), {.outcome = "ok", .request_id = "quick"});
  run.add(milliseconds(200), milliseconds(90), {.outcome = "ok", .request_id = "slow"});
  run.add(milliseconds(300), milliseconds(80), {.outcome = "ok", .request_id = "later"});
  run.add(milliseconds(400), milliseconds(399), {.outcome = "status", .request_id = "failed"});
  run.add(milliseconds(1400), milliseconds(200), {.outcome = "ok", .request_id = "slower"});
  const OverTime over_time = run.windows.over_time();
  EXPECT_EQ(over_time.series[0].find(0)->slowest, "slow");
  EXPECT_EQ(over_time.series[0].find(1)->slowest, "slower");
  EXPECT_EQ(over_time.sum().total().slowest, "slower");
}

TEST(RunWindows, PhasesAndModelsHaveTheirOwnSeries) {
  Recorded run;
  run.add(seconds(1), milliseconds(1));
  run.add(seconds(2), milliseconds(1), {.outcome = "ok", .model = "other"});
  const TagSetId later = run.tags.intern({{"scenario", "chat"}, {"phase", "ramp-down-0"}});
  run.add(seconds(9), milliseconds(1), {.tags = later, .outcome = "ok"});
  const OverTime over_time = run.windows.over_time();
  ASSERT_EQ(over_time.series.size(), 3U);
  EXPECT_EQ(over_time.series[2].first, 9U);
  EXPECT_EQ(over_time.sum().total().requests, 3U);
  const auto of_model = over_time.sum([](const auto& each) { return each.model == "gpt-4"; });
  EXPECT_EQ(of_model.total().requests, 2U);
  EXPECT_EQ(of_model.find(2)->requests, 0U);
}

TEST(RunWindows, WindowsGetLongerInsteadOfMore) {
  Recorded run;
  constexpr int kSeconds = 24 * 3600;
  for (int i = 0; i < kSeconds; ++i) {
    run.add(seconds(i), milliseconds(10));
    run.windows.add_iteration(seconds(i));
  }
  const OverTime over_time = run.windows.over_time();
  EXPECT_EQ(over_time.window, seconds(512));
  EXPECT_LE(over_time.windows(), RunWindows::kWindowsMax);
  EXPECT_EQ(over_time.sum().total().requests, kSeconds);
  for (std::size_t i = 0; i + 1 < over_time.windows(); ++i) {
    ASSERT_EQ(over_time.series[0].find(i)->requests, 512U) << i;
    ASSERT_EQ(over_time.users[i].iterations, 512U) << i;
  }
}

TEST(RunWindows, MoreSeriesAndKindsThanItKeepsArePutTogether) {
  Recorded run;
  for (int i = 0; i < 1000; ++i) {
    const std::string model = "model " + std::to_string(i);
    run.add(seconds(1), milliseconds(1),
            {.status = static_cast<unsigned>(400 + i), .outcome = "status", .model = model});
  }
  const OverTime over_time = run.windows.over_time();
  EXPECT_EQ(over_time.series.size(), RunWindows::kSeriesMax);
  EXPECT_EQ(over_time.series.back().model, RunWindows::kOthers);
  EXPECT_EQ(over_time.failure_kinds.size(), RunWindows::kKindsMax);
  EXPECT_EQ(over_time.failure_kinds.back(), RunWindows::kOthers);
  EXPECT_EQ(over_time.sum().total().failed, 1000U);
}

TEST(RunWindows, WhatWasBeforeTheStartIsLeftOut) {
  Recorded run;
  run.add(milliseconds(-5), milliseconds(1));
  run.windows.add_dropped(3, seconds(-1));
  EXPECT_EQ(run.windows.over_time().windows(), 0U);
}

TEST(OverTime, PartsOfARunAreAddedUp) {
  Recorded a;
  Recorded b;
  a.add(seconds(1), milliseconds(10), {.status = 500, .outcome = "status"});
  a.windows.add_dropped(2, seconds(1));
  b.add(seconds(1), milliseconds(10), {.status = 429, .outcome = "status"});
  b.add(seconds(1), milliseconds(10), {.status = 500, .outcome = "status"});
  b.add(seconds(300), milliseconds(10));
  OverTime sum = a.windows.over_time();
  sum.merge(b.windows.over_time());
  EXPECT_EQ(sum.window, seconds(2));
  EXPECT_EQ(sum.failure_kinds, (std::vector<std::string>{"status 500", "status 429"}));
  ASSERT_EQ(sum.series.size(), 1U);
  EXPECT_EQ(sum.series[0].find(0)->failures, (std::vector<std::uint64_t>{2, 1}));
  EXPECT_EQ(sum.series[0].find(150)->requests, 1U);
  EXPECT_EQ(sum.users[0].dropped, 2U);
  // The other way round it is the same.
  OverTime other = b.windows.over_time();
  other.merge(a.windows.over_time());
  EXPECT_EQ(other.window, seconds(2));
  EXPECT_EQ(other.sum().total().requests, 4U);
}

TEST(OverTime, FilesHaveItWhole) {
  Recorded run;
  run.add(seconds(1), milliseconds(10), {.status = 500, .outcome = "status"});
  run.add(seconds(70), milliseconds(10));
  run.windows.add_iteration(seconds(2));
  OverTime over_time = run.windows.over_time();
  over_time.users[1].active_vus = 2.5;
  over_time.loads.push_back({"chat", "hold-5", {seconds(0), milliseconds(70'500)}});
  over_time.breaches.push_back({"checks", "rate>0.9", {{seconds(2), seconds(8)}}});
  const lab::Json json = lab::write_fields(over_time);
  lab::JsonProblems problems("a file");
  OverTime read;
  lab::read_fields(lab::JsonValue(json, "", problems), read);
  EXPECT_TRUE(problems.empty()) << problems.to_string();
  EXPECT_EQ(lab::write_fields(read).dump(), json.dump());
  EXPECT_EQ(read.loads, over_time.loads);
  EXPECT_EQ(read.breaches[0].spans, over_time.breaches[0].spans);
}

TEST(OverTime, ABrokenFileIsRefused) {
  const auto problem = [](const char* text) {
    const lab::Json json = lab::Json::parse(text);
    lab::JsonProblems problems("a file");
    OverTime read;
    lab::read_fields(lab::JsonValue(json, "", problems), read);
    return problems.to_string();
  };
  EXPECT_NE(problem(R"({"window": "3s", "users": [{}]})").find("power of two"), std::string::npos);
  EXPECT_NE(problem(R"({"window": "1s", "series": [{"windows": [{"failed": 1}]}]})")
                .find("more failures"),
            std::string::npos);
  EXPECT_NE(problem(R"({"window": "1s", "series": [{"first": 99999999}]})").find("first"),
            std::string::npos);
  EXPECT_NE(problem(R"({"window": "1s", "loads": [{"span": {"from": "2s", "to": "1s"}}]})")
                .find("ends before"),
            std::string::npos);
}

}  // namespace
}  // namespace loader
