#include "loader/scenarios/ramping_vus.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace loader {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Steps = std::vector<VuStep>;

lab::Duration operator""_s(long double value) {
  return lab::from_seconds(static_cast<double>(value));
}
lab::Duration operator""_s(unsigned long long value) { return seconds(value); }

VuPlan plan(std::uint64_t start_vus, std::vector<Stage> stages, lab::Duration graceful_stop = 30_s,
            lab::Duration graceful_ramp_down = 30_s) {
  return ramping_vus_plan({start_vus, std::move(stages), graceful_ramp_down}, graceful_stop, {});
}

std::uint64_t level_at(const Steps& steps, lab::Duration offset) {
  std::uint64_t level = 0;
  for (const VuStep& step : steps) {
    if (step.offset <= offset) level = step.vus;
  }
  return level;
}

const std::vector<Stage> kStreaming{{minutes(1), 10}, {minutes(3), 10}, {minutes(1), 25},
                                    {minutes(3), 25}, {minutes(1), 50}, {minutes(3), 50},
                                    {minutes(2), 0}};
const std::vector<Stage> kStress{{minutes(2), 20},  {minutes(3), 20},  {minutes(2), 50},
                                 {minutes(3), 50},  {minutes(2), 100}, {minutes(5), 100},
                                 {minutes(2), 150}, {minutes(3), 150}, {minutes(3), 0}};

TEST(RampingVus, ClimbsOneVuAtATimeAndNeverAtOnce) {
  // The streaming suite.
  const Steps active = plan(0, kStreaming).active;
  EXPECT_EQ(active[0], (VuStep{0_s, 0}));
  EXPECT_EQ(active[1], (VuStep{6_s, 1}));
  EXPECT_EQ(active[2], (VuStep{12_s, 2}));
  EXPECT_EQ(active[10], (VuStep{60_s, 10}));
  EXPECT_EQ(active[11], (VuStep{244_s, 11}));
  EXPECT_EQ(active[25], (VuStep{300_s, 25}));
  EXPECT_EQ(active[26], (VuStep{482.4_s, 26}));
  EXPECT_EQ(active[50], (VuStep{540_s, 50}));
  EXPECT_EQ(active[51], (VuStep{722.4_s, 49}));
  EXPECT_EQ(active.back(), (VuStep{840_s, 0}));
  EXPECT_EQ(active.size(), 101u);
}

TEST(RampingVus, StressSuiteRetiresOnePer1200Milliseconds) {
  const VuPlan stress = plan(0, kStress, minutes(2));
  EXPECT_EQ(level_at(stress.active, 6_s), 1u);
  EXPECT_EQ(level_at(stress.active, 304_s), 21u);
  EXPECT_EQ(level_at(stress.active, 602.4_s), 51u);
  EXPECT_EQ(level_at(stress.active, 1022.4_s), 101u);
  EXPECT_EQ(level_at(stress.active, 1321.1_s), 150u);
  EXPECT_EQ(level_at(stress.active, 1321.2_s), 149u);
  EXPECT_EQ(stress.active.back(), (VuStep{1500_s, 0}));
  // A gracefulStop longer than gracefulRampDown has no effect: 25m30s, not 27m.
  EXPECT_EQ(level_at(stress.reserved, 1351.1_s), 150u);
  EXPECT_EQ(level_at(stress.reserved, 1351.2_s), 149u);
  EXPECT_EQ(stress.reserved.back(), (VuStep{1530_s, 0}));
}

TEST(RampingVus, GracefulRampDownGivesTheLastIterationsTheirTime) {
  EXPECT_EQ(plan(0, kStress, minutes(2), minutes(2)).reserved.back(), (VuStep{1620_s, 0}));
}

TEST(RampingVus, FirstVuRetiresWithinTheStageAndTheTargetIsReachedAtItsEnd) {
  EXPECT_EQ(plan(5, {{10_s, 0}}).active,
            (Steps{{0_s, 5}, {2_s, 4}, {4_s, 3}, {6_s, 2}, {8_s, 1}, {10_s, 0}}));
}

TEST(RampingVus, StagesWithoutDurationJump) {
  EXPECT_EQ(plan(0, {{0_s, 7}, {5_s, 7}}).active, (Steps{{0_s, 7}, {5_s, 0}}));
}

TEST(RampingVus, DivisionTruncatesAsGosDoes) {
  // 1s over three VUs: 333333333.3 ns before the end is cut to 333333333.
  EXPECT_EQ(
      plan(0, {{1_s, 3}}).active,
      (Steps{
          {0_s, 0}, {lab::Duration(333'333'334), 1}, {lab::Duration(666'666'667), 2}, {1_s, 0}}));
}

TEST(RampingVus, LongRampsOfManyVusDoNotOverflow) {
  const Steps active = plan(0, {{std::chrono::hours(24 * 30), 1'000'000}}).active;
  EXPECT_EQ(active[1].offset, lab::Duration(2'592'000'000'000'000 / 1'000'000));
  EXPECT_EQ(active[500'000].offset, std::chrono::hours(24 * 15));
}

TEST(RampingVus, AVuNeededAgainWithinTheRampDownIsKept) {
  // Down to 1 at 10s and back to 3 at 20s, within 30s: nobody is cut.
  const VuPlan dip = plan(3, {{10_s, 3}, {0_s, 1}, {10_s, 1}, {0_s, 3}, {60_s, 3}});
  EXPECT_EQ(dip.reserved, (Steps{{0_s, 3}, {110_s, 0}}));
  // With a dip longer than the ramp-down, two are cut when it is over.
  const VuPlan valley = plan(3, {{10_s, 3}, {0_s, 1}, {50_s, 1}, {0_s, 3}, {60_s, 3}});
  EXPECT_EQ(valley.reserved, (Steps{{0_s, 3}, {40_s, 1}, {60_s, 3}, {150_s, 0}}));
}

TEST(RampingVus, ReservationEndsAtTheGracefulStop) {
  EXPECT_EQ(plan(2, {{10_s, 2}}, 5_s).reserved, (Steps{{0_s, 2}, {15_s, 0}}));
  // A VU retired at 10s would be reserved until 40s, but the scenario is over at 25s.
  EXPECT_EQ(plan(2, {{10_s, 2}, {0_s, 1}, {10_s, 1}}, 5_s).reserved, (Steps{{0_s, 2}, {25_s, 0}}));
}

TEST(RampingVus, WithoutRampDownTimeReservedIsActive) {
  const VuPlan hard = plan(2, {{2_s, 0}, {3_s, 3}}, 0_s, 0_s);
  EXPECT_EQ(hard.reserved, hard.active);
}

TEST(RampingVus, InstancesOfASegmentSequenceMakeUpTheWhole) {
  const std::vector<ExecutionSegment> sequence =
      parse_execution_segment_sequence("0,1/2,3/4,1").value();
  const RampingVus model{0, kStress, 30_s};
  const Steps whole = ramping_vus_plan(model, 30_s, {}).active;
  std::vector<VuPlan> parts;
  for (const ExecutionSegment& segment : sequence) {
    parts.push_back(ramping_vus_plan(model, 30_s, ExecutionShare::of(segment, sequence).value()));
  }
  for (const VuStep& step : whole) {
    EXPECT_EQ(level_at(parts[0].active, step.offset) + level_at(parts[1].active, step.offset) +
                  level_at(parts[2].active, step.offset),
              step.vus);
  }
}

TEST(ConstantVus, StandUntilTheDurationAndMayFinishAfterwards) {
  const VuPlan constant = constant_vus_plan(10, minutes(5), 30_s);
  EXPECT_EQ(constant.active, (Steps{{0_s, 10}, {300_s, 0}}));
  EXPECT_EQ(constant.reserved, (Steps{{0_s, 10}, {330_s, 0}}));
}

}  // namespace
}  // namespace loader
