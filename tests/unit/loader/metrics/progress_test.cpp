#include "loader/summary/progress.h"

#include <gtest/gtest.h>

#include <sstream>

#include "loader/summary/progress_writer.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

RunProgress smoke_progress() {
  return {.elapsed = 12'340ms,
          .duration_max = 60s,
          .vus = 1,
          .vus_max = 10,
          .complete = 12,
          .interrupted = 0,
          .note = {},
          .scenarios = {{.name = "smoke",
                         .status = ScenarioStatus::running,
                         .fraction = 0.41,
                         .columns = {"10 VUs", progress_time(12'340ms, 30s)}}}};
}

TEST(Progress, ShowsThePlanLikeK6) {
  const RunPlan plan{.execution = "local",
                     .suite = "baseline",
                     .outputs = {},
                     .segment_share = 1,
                     .vus_max = 10,
                     .duration_max = 330'040ms,
                     .scenarios = {{"baseline", "10 looping VUs for 5m0s (gracefulStop: 30s)"}}};
  EXPECT_EQ(format_run_plan(plan, false),
            "     execution: local\n"
            "         suite: baseline\n"
            "        output: -\n"
            "\n"
            "     scenarios: (100.00%) 1 scenario, 10 max VUs, 5m30s max duration (incl. graceful "
            "stop):\n"
            "              * baseline: 10 looping VUs for 5m0s (gracefulStop: 30s)\n"
            "\n");
}

TEST(Progress, CountsScenariosAndOutputsInThePlan) {
  const RunPlan plan{.execution = "simulated (seed 1)",
                     .suite = "two",
                     .outputs = {"json (a.json)", "csv (b.csv)"},
                     .segment_share = 1.0 / 3,
                     .vus_max = 4,
                     .duration_max = 90s,
                     .scenarios = {{"a", "x"}, {"b", "y"}}};
  const std::string text = format_run_plan(plan, true);
  EXPECT_NE(text.find("(33.33%) 2 scenarios, 4 max VUs, 1m30s"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[36mjson (a.json), csv (b.csv)\x1b[0m"), std::string::npos) << text;
}

TEST(Progress, HasARunningLine) {
  EXPECT_EQ(format_running_line(smoke_progress()),
            "running (0m12.3s), 01/10 VUs, 12 complete and 0 interrupted iterations");
  RunProgress simulated = smoke_progress();
  simulated.note = "virtual, 3600x";
  EXPECT_EQ(
      format_running_line(simulated),
      "running (0m12.3s virtual, 3600x), 01/10 VUs, 12 complete and 0 interrupted iterations");
}

TEST(Progress, DrawsOneBarAScenarioInColumns) {
  const std::vector<ScenarioProgress> scenarios{
      {"a", ScenarioStatus::done, 1, {"10 VUs", "30s"}},
      {"bc", ScenarioStatus::running, 0.5, {"100 VUs", "15.0s/30s"}},
      {"d", ScenarioStatus::waiting, 0, {"5 VUs", "0s"}},
  };
  EXPECT_EQ(format_bars(scenarios, {.bar_width = 10, .colors = false}),
            (std::vector<std::string>{
                "a  ✓ [==========] 10 VUs   30s",
                "bc   [====>-----] 100 VUs  15.0s/30s",
                "d  • [----------] 5 VUs    0s",
            }));
}

TEST(Progress, FallsBackToAPercentage) {
  const std::vector<ScenarioProgress> scenarios{
      {std::string(40, 'x'), ScenarioStatus::stopping, 1, {}},
      {"b", ScenarioStatus::interrupted, 0.129, {}},
  };
  EXPECT_EQ(format_bars(scenarios, {.bar_width = 6, .colors = false}),
            (std::vector<std::string>{
                std::string(27, 'x') + "... ↓ [ 100% ]",
                "b" + std::string(29, ' ') + " ✗ [  12% ]",
            }));
}

TEST(Progress, KeepsTimesAtAFixedWidth) {
  EXPECT_EQ(fixed_duration(1'230ms, 5s), "1.2s");
  EXPECT_EQ(fixed_duration(1'230ms, 30s), "01.2s");
  EXPECT_EQ(fixed_duration(1'230ms, 5min), "0m01.2s");
  EXPECT_EQ(fixed_duration(62'300ms, 10min), "01m02.3s");
  EXPECT_EQ(fixed_duration(62'300ms, 2h), "0h01m02.3s");
  EXPECT_EQ(fixed_duration(62'300ms, 12h), "00h01m02.3s");
  // Longer than planned: what is needed.
  EXPECT_EQ(fixed_duration(90s, 30s), "1m30.0s");
}

TEST(Progress, ShowsTheTotalAloneOnceOver) {
  EXPECT_EQ(progress_time(62'300ms, 5min), "1m02.3s/5m0s");
  EXPECT_EQ(progress_time(5min, 5min), "5m0s");
}

TEST(ProgressWriter, WritesPlainLinesWithoutATerminal) {
  std::ostringstream out;
  ProgressWriter writer(out, {});
  EXPECT_EQ(writer.interval(), 1s);
  writer.update(smoke_progress());
  writer.clear();
  writer.finish(smoke_progress());
  EXPECT_EQ(out.str(),
            "running (0m12.3s), 01/10 VUs, 12 complete and 0 interrupted iterations\n"
            "running (0m12.3s), 01/10 VUs, 12 complete and 0 interrupted iterations\n"
            "smoke   [  41% ] 10 VUs  12.3s/30s\n");
}

TEST(ProgressWriter, RefreshesInPlaceOnATerminal) {
  std::ostringstream out;
  ProgressWriter writer(out,
                        {.is_terminal = true, .is_quiet = false, .colors = false, .columns = 80});
  EXPECT_EQ(writer.interval(), 100ms);
  writer.update(smoke_progress());
  const std::string first = out.str();
  EXPECT_TRUE(first.starts_with("running"));
  EXPECT_TRUE(first.ends_with("12.3s/30s\x1b[K\n"));

  // The second goes two lines up and writes the same again.
  writer.update(smoke_progress());
  EXPECT_EQ(out.str(), first + "\r\x1b[2A" + first);
  // Clearing goes up and erases; there is nothing to go up to afterwards.
  writer.clear();
  writer.clear();
  EXPECT_EQ(out.str(), first + "\r\x1b[2A" + first + "\r\x1b[2A\x1b[J");
}

TEST(ProgressWriter, NeverWritesALineThatWraps) {
  std::ostringstream out;
  ProgressWriter writer(out,
                        {.is_terminal = true, .is_quiet = false, .colors = true, .columns = 24});
  writer.update(smoke_progress());
  EXPECT_EQ(out.str(),
            "running (0m12.3s), 01/10\x1b[K\n"
            "smoke   [  41% ] 10 VUs \x1b[K\n");
}

TEST(ProgressWriter, EightyColumnsShowTheSpeedUpOfALongRun) {
  RunProgress soak = smoke_progress();
  soak.elapsed = soak.duration_max = 24h;
  soak.vus = soak.vus_max = 1000;
  soak.complete = 12'345'678;
  soak.note = "virtual, 123456x";
  std::ostringstream out;
  ProgressWriter writer(out,
                        {.is_terminal = true, .is_quiet = false, .colors = false, .columns = 80});
  writer.update(soak);
  EXPECT_TRUE(out.str().starts_with("running (24h00m00.0s virtual, 123456x), 1000/1000 VUs, "))
      << out.str();
}

TEST(ProgressWriter, IsQuietOnRequest) {
  std::ostringstream out;
  ProgressWriter writer(out,
                        {.is_terminal = true, .is_quiet = true, .colors = true, .columns = 80});
  writer.update(smoke_progress());
  writer.finish(smoke_progress());
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace loader
