#include "loader/metrics/metric_drift.h"

#include <gtest/gtest.h>

#include "shared/base/rng.h"

namespace loader {
namespace {

using namespace std::chrono_literals;

// A latency that begins at 200 ms and grows by `percent_per_hour` of that, once a second, with
// noise of ± `noise` ms.
void run(LatencyDrift& drift, lab::Duration duration, double percent_per_hour, double noise,
         std::uint64_t seed) {
  lab::Rng rng(seed);
  for (lab::Duration t = 0s; t < duration; t += 1s) {
    const double hours = lab::to_seconds(t + 500ms) / 3600;
    drift.add(200 * (1 + percent_per_hour / 100 * hours) + noise * (2 * rng.uniform01() - 1), t);
  }
}

TEST(LatencyDrift, FindsTheSlopeOfALine) {
  LatencyDrift drift;
  run(drift, 2h, 10, 0, 1);
  const auto estimate = drift.estimate(2h);
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->percent_per_hour, 10, 1e-6);
  EXPECT_NEAR(estimate->low, 10, 1e-6);
  EXPECT_NEAR(estimate->high, 10, 1e-6);
  EXPECT_EQ(estimate->windows, 24u);
}

TEST(LatencyDrift, IsCertainOfDriftBeyondTheNoise) {
  LatencyDrift drift;
  run(drift, 2h, 10, 100, 2);
  const auto estimate = drift.estimate(2h);
  ASSERT_TRUE(estimate);
  EXPECT_GT(estimate->low, 0);
  EXPECT_LT(estimate->low, 10);
  EXPECT_GT(estimate->high, 10);
}

TEST(LatencyDrift, IsNotCertainOfNoise) {
  LatencyDrift drift;
  run(drift, 2h, 0, 100, 3);
  const auto estimate = drift.estimate(2h);
  ASSERT_TRUE(estimate);
  EXPECT_LT(estimate->low, 0);
  EXPECT_GT(estimate->high, 0);
}

TEST(LatencyDrift, NeedsThreeWindowsThatAreOver) {
  LatencyDrift drift;
  run(drift, 20min, 10, 0, 4);
  EXPECT_FALSE(drift.estimate(14min));
  EXPECT_TRUE(drift.estimate(15min));
}

TEST(LatencyDrift, LeavesOutWindowsWithoutSamples) {
  LatencyDrift drift;
  drift.add(100, 1min);
  drift.add(100, 6min);
  drift.add(100, 31min);
  EXPECT_EQ(drift.estimate(1h)->windows, 3u);
  EXPECT_EQ(drift.window_mean(2), std::nullopt);
  EXPECT_EQ(drift.window_mean(6), 100);
}

TEST(LatencyDrift, MergesThreads) {
  LatencyDrift whole;
  LatencyDrift first;
  LatencyDrift second;
  for (int i = 0; i < 24; ++i) {
    first.add(100 + i, i * 5min);
    second.add(300 - i, i * 5min + 1s);
    whole.add(100 + i, i * 5min);
    whole.add(300 - i, i * 5min + 1s);
  }
  first.merge(second);
  EXPECT_EQ(first.window_mean(7), whole.window_mean(7));
  EXPECT_EQ(first.estimate(2h)->percent_per_hour, whole.estimate(2h)->percent_per_hour);
}

TEST(LatencyDrift, DoublesItsWindowsInsteadOfGrowing) {
  LatencyDrift drift(1min);
  LatencyDrift late(1min);
  drift.add(10, 0min);
  drift.add(30, 1min);
  late.add(50, 1min * LatencyDrift::kWindowsMax);
  drift.merge(late);
  EXPECT_EQ(drift.window(), 2min);
  EXPECT_EQ(drift.window_mean(0), 20);
  EXPECT_EQ(drift.window_mean(LatencyDrift::kWindowsMax / 2), 50);
  // The other way round the finer one is folded in.
  late.add(10, 0min);
  late.merge(LatencyDrift(1min));
  EXPECT_EQ(late.window_mean(0), 10);
}

}  // namespace
}  // namespace loader
