#include "loader/compare/comparison.h"

#include <gtest/gtest.h>

#include "synthetic_runs.h"

namespace loader {
namespace {

TEST(Comparison, ARunIsNotDifferentFromItself) {
  const RunComparison same = compare_runs(synthetic_run({}), synthetic_run({}), {});
  EXPECT_GT(same.count(ChangeVerdict::alike), 5u);
  EXPECT_EQ(same.count(ChangeVerdict::worse) + same.count(ChangeVerdict::better), 0u);
  EXPECT_EQ(figure_of(same, Measure::duration_p95).change, 0);
  EXPECT_TRUE(same.unlike.empty());
}

TEST(Comparison, TheSameRunsGiveTheSame) {
  const auto intervals = [](std::uint64_t seed) {
    const RunComparison made = compare_runs(synthetic_run({.seed = 1}), synthetic_run({.seed = 2}),
                                            {.draws = 100, .seed = seed});
    return figure_of(made, Measure::duration_avg).interval->low;
  };
  EXPECT_EQ(intervals(1), intervals(1));
  EXPECT_NE(intervals(1), intervals(2));
}

TEST(Comparison, WorseIsWhatIsSureAndBeyondItsMargin) {
  const SyntheticRun slow{.seed = 2, .slowdown = 1.2};
  const auto verdict = [&slow](const CompareSettings& settings) {
    const RunComparison made = compare_runs(synthetic_run({}), synthetic_run(slow), settings);
    return figure_of(made, Measure::duration_per_token).verdict;
  };
  EXPECT_EQ(verdict({}), ChangeVerdict::worse);
  CompareSettings lenient;
  ASSERT_TRUE(set_margin(lenient, "duration=30%"));
  EXPECT_EQ(verdict(lenient), ChangeVerdict::alike);
  // By less than which no time is longer.
  EXPECT_EQ(verdict({.min_change = std::chrono::seconds(1)}), ChangeVerdict::alike);
  const RunComparison faster = compare_runs(synthetic_run(slow), synthetic_run({}), {});
  EXPECT_EQ(figure_of(faster, Measure::duration_per_token).verdict, ChangeVerdict::better);
  EXPECT_FALSE(faster.has_regression());
}

TEST(Comparison, FailuresAreComparedInPoints) {
  const RunComparison made =
      compare_runs(synthetic_run({}), synthetic_run({.seed = 2, .failed = 0.1}), {});
  const FigureChange& failed = figure_of(made, Measure::failed);
  EXPECT_EQ(failed.verdict, ChangeVerdict::worse);
  EXPECT_NEAR(failed.change, 0.1, 0.03);
  ASSERT_EQ(made.new_errors.size(), 1u);
  EXPECT_TRUE(made.new_errors[0].starts_with("status 500, ")) << made.new_errors[0];
  // One of many is no news.
  const RunComparison few =
      compare_runs(synthetic_run({}), synthetic_run({.seed = 2, .failed = 0.001}), {});
  EXPECT_EQ(figure_of(few, Measure::failed).verdict, ChangeVerdict::alike);
}

TEST(Comparison, PartsThatBothHaveAreComparedByTheirNames) {
  const auto run = [](std::uint64_t seed, double slowdown_of_hold) {
    return together(
        synthetic_run({.seed = seed, .phase = "ramp-up"}),
        synthetic_run({.seed = seed + 50, .slowdown = slowdown_of_hold, .phase = "hold"}));
  };
  const RunComparison made = compare_runs(run(1, 1), run(2, 1.2), {});
  EXPECT_EQ(figure_of(made, Measure::duration_per_token, "chat: hold").verdict,
            ChangeVerdict::worse);
  EXPECT_EQ(figure_of(made, Measure::duration_per_token, "chat: ramp-up").verdict,
            ChangeVerdict::alike);
  // Rates are of the whole run, and one scenario and one model are the whole run.
  for (const FigureChange& figure : made.figures) {
    EXPECT_TRUE(figure.part.empty() || figure.part.starts_with("chat: ")) << figure.part;
    EXPECT_FALSE(!figure.part.empty() && figure.measure == Measure::successes_per_second);
  }
}

TEST(Comparison, OfTooFewValuesNothingIsSaid) {
  const RunComparison made =
      compare_runs(synthetic_run({.users = 1, .seconds = 60}),
                   synthetic_run({.seed = 2, .users = 1, .seconds = 60}), {});
  const FigureChange& tail = figure_of(made, Measure::duration_p99);
  EXPECT_EQ(tail.verdict, ChangeVerdict::unjudged);
  EXPECT_EQ(tail.reason, "too few values");
  EXPECT_TRUE(figure_of(made, Measure::duration_p50).interval);
}

TEST(Comparison, AStandstillIsWorse) {
  ComparedRun stuck = synthetic_run({.seconds = 60});
  for (RequestWindow& window : stuck.summary.over_time->series[0].windows) {
    window = {.requests = window.requests, .failed = window.requests};
  }
  stuck.summary.over_time->series[0].windows.back().tokens_out = 1;
  const RunComparison made = compare_runs(synthetic_run({.seconds = 60}), stuck, {});
  EXPECT_EQ(figure_of(made, Measure::failed).verdict, ChangeVerdict::worse);
  EXPECT_EQ(figure_of(made, Measure::tokens_per_second).verdict, ChangeVerdict::worse);
}

TEST(Comparison, ChecksAreComparedByTheNumberOfIterations) {
  const auto with_checks = [](std::uint64_t seed, std::uint64_t fails) {
    ComparedRun run = synthetic_run({.seed = seed});
    run.summary.metrics = {
        {.name = "checks",
         .type = MetricType::rate,
         .values = RateValues{.rate = 0, .passes = 4000 - fails, .fails = fails}}};
    return run;
  };
  EXPECT_EQ(
      figure_of(compare_runs(with_checks(1, 0), with_checks(2, 400), {}), Measure::checks_failed)
          .verdict,
      ChangeVerdict::worse);
  EXPECT_EQ(
      figure_of(compare_runs(with_checks(1, 0), with_checks(2, 4), {}), Measure::checks_failed)
          .verdict,
      ChangeVerdict::alike);
}

TEST(Comparison, WithoutDistributionsThereAreFiguresAndNoVerdict) {
  ComparedRun k6{.name = "k6.json"};
  k6.summary.metrics = {{.name = "http_req_duration",
                         .type = MetricType::trend,
                         .kind = ValueKind::time,
                         .values = TrendValues{{{"avg", 100}, {"med", 90}, {"p(95)", 200}}}},
                        {.name = "http_req_failed",
                         .type = MetricType::rate,
                         .values = RateValues{.rate = 0.5, .passes = 5, .fails = 5}}};
  const RunComparison made = compare_runs(k6, synthetic_run({}), {});
  EXPECT_NE(made.no_verdict.find("A has no distributions over time"), std::string::npos);
  EXPECT_FALSE(made.has_regression());
  EXPECT_EQ(figure_of(made, Measure::duration_p50).a, 90);
  EXPECT_EQ(figure_of(made, Measure::failed).a, 0.5);
  EXPECT_EQ(figure_of(made, Measure::failed).b, 0);
}

TEST(Comparison, SaysWhatIsNotAlike) {
  ComparedRun a = synthetic_run({.seconds = 60});
  ComparedRun b = synthetic_run({.seconds = 90, .model = "gpt-5"});
  a.summary.facts = {
      .suite = "one", .loader = "1.0", .gateway = "healthy", .execution = "simulated"};
  b.summary.facts = {.suite = "two",
                     .loader = "1.1",
                     .execution = "local",
                     .run_errors = {"the run was interrupted"}};
  const RunComparison made = compare_runs(a, b, {.draws = 10});
  EXPECT_EQ(made.unlike,
            (std::vector<std::string>{
                "the suite: one in A, two in B", "time: virtual time in A, real time in B",
                "the loader: 1.0 in A, 1.1 in B", "the models: gpt-4 in A, gpt-5 in B",
                "the length: 1m0s in A, 1m30s in B",
                "how it ended: whole in A, the run was interrupted in B"}));
}

// A gateway that hangs answers nothing, so that nothing fails.
TEST(Comparison, ARunWithoutAnswersIsWorse) {
  for (const double seconds : {300.0, 2.0}) {
    ComparedRun hung = synthetic_run({.seconds = 300});
    ComparedRun few = synthetic_run({.users = 1, .seconds = seconds});
    if (seconds == 300) few.summary.over_time->series.clear();
    hung.summary.over_time->series = few.summary.over_time->series;
    const RunComparison made = compare_runs(synthetic_run({}), hung, {.draws = 20});
    EXPECT_TRUE(made.has_regression()) << seconds;
    const FigureChange& rate = figure_of(made, Measure::successes_per_second);
    EXPECT_EQ(rate.verdict, ChangeVerdict::worse) << seconds;
    EXPECT_LT(rate.interval->high, -0.9);
  }
}

TEST(Comparison, FailingFastIsNoGain) {
  ComparedRun fast = synthetic_run({.seed = 2, .slowdown = 0.2, .failed = 0.9});
  const RunComparison made = compare_runs(synthetic_run({}), fast, {});
  EXPECT_EQ(figure_of(made, Measure::successes_per_second).verdict, ChangeVerdict::worse);
  EXPECT_EQ(figure_of(made, Measure::failed).verdict, ChangeVerdict::worse);
  EXPECT_LE(figure_of(made, Measure::failed).interval->high, 1);
  EXPECT_EQ(figure_of(made, Measure::iterations_per_second).verdict, ChangeVerdict::unjudged);
}

// Windows get twice as long in a run that is longer.
TEST(Comparison, WindowsOfAnyLengthAreCompared) {
  ComparedRun wide = synthetic_run({.seed = 2});
  wide.summary.over_time->widen_to(std::chrono::seconds(8));
  const RunComparison made = compare_runs(synthetic_run({}), wide, {.draws = 200});
  EXPECT_FALSE(made.has_regression());
  EXPECT_TRUE(figure_of(made, Measure::successes_per_second).interval);
}

}  // namespace
}  // namespace loader
