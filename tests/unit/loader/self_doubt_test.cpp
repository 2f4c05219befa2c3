#include "loader/run/self_doubt.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "loader/run/run_conclusion.h"

namespace loader {
namespace {

using std::chrono::seconds;
using Texts = std::vector<std::string>;

/// A run of ten seconds with requests of 700 to 800 ms, and a loader at ease.
class SelfDoubtTest : public testing::Test {
 protected:
  SelfDoubtTest() {
    for (int i = 0; i <= 1000; ++i) {
      metrics_.add(BuiltinMetrics::http_reqs, 1, {}, {});
      metrics_.add(BuiltinMetrics::http_req_duration, 700 + 0.1 * i, {}, {});
    }
    waits(0.1, 990);
    waits(2, 10);
    strain_.watched = seconds(10);
    strain_.busiest_thread = 0.3;
    strain_.machine_idle = 0.5;
  }

  void waits(double milliseconds, int count) {
    for (int i = 0; i < count; ++i) {
      strain_.reads.add(milliseconds);
      strain_.timers.add(milliseconds);
    }
  }
  // Two of a hundred moments are met by a wait of 12 ms.
  void be_late() { waits(12, 20); }

  void threshold(const char* metric, const char* expression) {
    ASSERT_TRUE(add_threshold(thresholds_, registry_, metric, expression));
  }

  RunResult conclude_run(RunResult result = {}) {
    conclude({.metrics = metrics_, .duration = seconds(10), .strain = &strain_},
             {.thresholds = thresholds_}, result);
    return result;
  }
  static Texts kinds(const RunResult& result) {
    Texts kinds;
    for (const DoubtFinding& finding : result.summary.self_doubt->findings) {
      kinds.push_back(finding.kind);
    }
    return kinds;
  }

  MetricRegistry registry_;
  TagTable tags_;
  ThresholdSet thresholds_;
  Metrics metrics_{registry_, tags_};
  Strain strain_;
};

TEST_F(SelfDoubtTest, ALoaderAtEaseHasFiguresAndNoDoubt) {
  // Two milliseconds would do to cross it.
  threshold("http_req_duration", "p(95)<795.5");
  const RunResult result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  ASSERT_TRUE(result.summary.self_doubt);
  EXPECT_EQ(kinds(result), Texts{});
  EXPECT_TRUE(doubt_lines(*result.summary.self_doubt).empty());
  EXPECT_EQ(result.summary.self_doubt->figures.reads.samples, 1000U);
  EXPECT_DOUBLE_EQ(result.summary.self_doubt->figures.reads.p50, 0.1);
  EXPECT_DOUBLE_EQ(result.summary.self_doubt->figures.reads.max, 2);
}

TEST_F(SelfDoubtTest, WithoutAWatchThereIsNone) {
  threshold("http_req_duration", "p(95)<700");
  RunResult result;
  conclude({.metrics = metrics_, .duration = seconds(10)}, {.thresholds = thresholds_}, result);
  EXPECT_FALSE(result.summary.self_doubt);
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
}

TEST_F(SelfDoubtTest, ALateLoaderSaysByHowMuchAndWhatIsNotToBeTrusted) {
  be_late();
  const RunResult result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  EXPECT_EQ(kinds(result), Texts{"late"});
  const DoubtFinding& finding = result.summary.self_doubt->findings.front();
  EXPECT_EQ(finding.text,
            "the loader was late: what came waited 12ms (p(99)), 12ms at most, until it was read; "
            "timers ran late by 12ms (p(99)), 12ms at most");
  ASSERT_EQ(finding.details.size(), 2U);
  EXPECT_EQ(finding.details[0],
            "why: it was not the CPU; something stopped the process, or a piece of work took that "
            "long");
  EXPECT_TRUE(finding.details[1].starts_with("not to be trusted: http_req_duration p(50)=750ms ±"))
      << finding.details[1];
}

struct ExitCase {
  const char* threshold;
  ExitCode exit_code;
  bool is_doubtful;
};

TEST_F(SelfDoubtTest, AMachineThatNeverIdledIsWhy) {
  be_late();
  strain_.machine_idle = 0.004;
  const RunResult result = conclude_run();
  EXPECT_EQ(result.summary.self_doubt->findings.front().details[0],
            "why: the machine's CPUs idled 0 % of the time");
}

TEST_F(SelfDoubtTest, TheExitCodeIs121OnlyIfAThresholdHangsOnIt) {
  be_late();
  const std::vector<ExitCase> cases{
      {"p(95)<15000", ExitCode::ok, false},
      {"p(95)<801", ExitCode::ok, false},         // 6 ms away: lateness moves it by 5.
      {"p(95)<796", ExitCode::bottleneck, true},  // It held, by 1 ms.
      {"p(95)<794", ExitCode::bottleneck, true},  // It was crossed, by 1 ms.
      {"p(95)<780", ExitCode::thresholds_crossed, false},
      {"max<803", ExitCode::bottleneck, true},
      {"max<813", ExitCode::ok, false},
      {"min<705", ExitCode::bottleneck, true},  // Any may have been the least, if it waited.
  };
  for (const ExitCase& each : cases) {
    thresholds_.clear();
    threshold("http_req_duration", each.threshold);
    const RunResult result = conclude_run();
    EXPECT_EQ(result.exit_code, each.exit_code) << each.threshold;
    EXPECT_EQ(!result.summary.self_doubt->verdicts.empty(), each.is_doubtful) << each.threshold;
  }
}

TEST_F(SelfDoubtTest, WhatIsCrossedForCertainDecidesAndDoubtsAreSaidAsWell) {
  be_late();
  threshold("http_req_duration", "max<500");
  threshold("http_req_duration", "p(95)<794");
  const RunResult result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  ASSERT_EQ(result.errors.size(), 2U);
  EXPECT_EQ(result.errors[0], "thresholds on metrics 'http_req_duration' have been crossed");
  EXPECT_TRUE(result.errors[1].starts_with(
      "the loader itself was the bottleneck, and verdicts hang on it: http_req_duration "
      "'p(95)<794': p(95)=795ms, which may as well have been 79"))
      << result.errors[1];
}

TEST_F(SelfDoubtTest, TheFirstReasonDecidesTheExitCode) {
  be_late();
  threshold("http_req_duration", "p(95)<794");
  RunResult interrupted;
  interrupted.fail(ExitCode::interrupted, "the run was interrupted");
  EXPECT_EQ(conclude_run(std::move(interrupted)).exit_code, ExitCode::interrupted);
}

TEST_F(SelfDoubtTest, AMomentThatAnyMachineHasIsNone) {
  strain_.reads = Trend();
  strain_.timers = Trend();
  waits(0.1, 91);
  waits(40, 9);
  EXPECT_EQ(kinds(conclude_run()), Texts{});
  waits(40, 3);
  EXPECT_EQ(kinds(conclude_run()), Texts{"late"});
}

TEST_F(SelfDoubtTest, AStandstillIsSpokenOfHoweverRare) {
  waits(0.1, 100'000);
  waits(300, 1);
  threshold("http_req_duration", "p(95)<796");
  threshold("http_req_duration", "max<900");
  RunResult result = conclude_run();
  EXPECT_EQ(kinds(result), Texts{"late"});
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  // One that stands out by as much may have met it. The percentile does not hang on it.
  metrics_.add(BuiltinMetrics::http_req_duration, 1090, {}, {});
  result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::bottleneck);
  ASSERT_EQ(result.summary.self_doubt->verdicts.size(), 1U);
  EXPECT_EQ(result.summary.self_doubt->verdicts.front().source, "max<900");
}

TEST_F(SelfDoubtTest, ReasonsAreNamed) {
  be_late();
  strain_.throttled = std::chrono::milliseconds(1200);
  strain_.machine_stolen = 0.06;
  strain_.ready_share = 0.38;
  strain_.held_by_outputs = seconds(1);
  const RunResult result = conclude_run();
  EXPECT_EQ(result.summary.self_doubt->findings.front().details.front(),
            "why: the CPU quota of its control group held it back for 1.2s; the hypervisor gave 6 "
            "% of the machine's time to others; a load thread waited for a CPU 38 % of the time; "
            "outputs held the load's threads for 1s");
}

TEST_F(SelfDoubtTest, ABusyThreadMakesRatesDoubtful) {
  strain_.busiest_thread = 0.97;
  threshold("http_reqs", "rate>200");
  threshold("http_reqs", "rate>50");
  threshold("http_req_duration", "p(95)<795.5");
  const RunResult result = conclude_run();
  EXPECT_EQ(kinds(result), Texts{"busy"});
  EXPECT_EQ(result.exit_code, ExitCode::bottleneck);
  ASSERT_EQ(result.summary.self_doubt->verdicts.size(), 1U);
  EXPECT_EQ(result.summary.self_doubt->verdicts.front().text,
            "http_reqs 'rate>200': rate=100.1/s, which may as well have been 100.1/s or more");
}

TEST_F(SelfDoubtTest, DropsOfLateSecondsMakeTheirThresholdDoubtful) {
  metrics_.add(BuiltinMetrics::dropped_iterations, 6, {}, {});
  strain_.late_drops = 6;
  threshold("dropped_iterations", "count<1");
  RunResult result = conclude_run();
  EXPECT_EQ(kinds(result), Texts{"drops"});
  EXPECT_EQ(result.exit_code, ExitCode::bottleneck);
  // One that was dropped when the loader was not late is the gateway's.
  metrics_.add(BuiltinMetrics::dropped_iterations, 1, {}, {});
  result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
}

TEST_F(SelfDoubtTest, LateStartsAreAnotherLoad) {
  for (int i = 0; i < 100; ++i) {
    metrics_.add(BuiltinMetrics::iteration_start_delay, 15, {}, {});
  }
  const RunResult result = conclude_run();
  EXPECT_EQ(kinds(result), Texts{"starts"});
  EXPECT_EQ(result.summary.self_doubt->findings.front().text,
            "iterations started late by 15ms (p(99)), 15ms at most");
}

TEST_F(SelfDoubtTest, AFullMachineIsSpokenOfIfTheGatewayIsOnItAndMakesNoVerdictDoubtful) {
  strain_.machine_idle = 0.01;
  threshold("http_req_duration", "p(95)<795.5");
  EXPECT_EQ(kinds(conclude_run()), Texts{});
  strain_.shares_machine = true;
  const RunResult result = conclude_run();
  EXPECT_EQ(kinds(result), Texts{"shared_machine"});
  EXPECT_EQ(result.exit_code, ExitCode::ok);
  strain_.watched = std::chrono::milliseconds(900);
  EXPECT_EQ(kinds(conclude_run()), Texts{});
}

TEST_F(SelfDoubtTest, AThresholdWithoutSamplesHangsOnNothing) {
  be_late();
  threshold("llm_time_to_first_token", "p(95)<1");
  const RunResult result = conclude_run();
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  EXPECT_TRUE(result.summary.self_doubt->verdicts.empty());
}

TEST(DoubtLines, NameWhatHangsAndDroppedSamples) {
  const SelfDoubt doubt{
      .findings = {dropped_samples_finding("influxdb (http://host)", 3, 10)},
      .verdicts = {{.metric = "http_reqs", .source = "rate>5", .text = "http_reqs 'rate>5': …"}}};
  EXPECT_EQ(doubt_lines(doubt),
            (Texts{"influxdb (http://host) dropped 3 of 10 samples",
                   "  what it shows is not the whole run; summary and thresholds have all of it",
                   "verdicts that hang on it:", "  http_reqs 'rate>5': …"}));
}

}  // namespace
}  // namespace loader
