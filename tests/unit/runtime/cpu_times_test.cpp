#include "shared/runtime/cpu_times.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(MachineTimes, AreTheFirstLineOfProcStat) {
  const auto times =
      parse_machine_times("cpu  100 20 30 700 50 6 4 90 7 8\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  ASSERT_TRUE(times);
  // Guests are part of user time already.
  EXPECT_EQ(times->all_ticks, 1000U);
  EXPECT_EQ(times->idle_ticks, 750U);
  EXPECT_EQ(times->stolen_ticks, 90U);
}

TEST(MachineTimes, OfAnythingElseAreNone) {
  for (const char* text : {"", "cpu", "cpu 1 2 3 4 5 6 7", "cpu0 1 2 3 4 5 6 7 8", "cpu a b c"}) {
    EXPECT_FALSE(parse_machine_times(text)) << text;
  }
}

TEST(ReadyTime, IsTheSecondNumberOfSchedstat) {
  EXPECT_EQ(parse_ready_time("5425838 831642 3\n"), nanoseconds(831642));
  EXPECT_FALSE(parse_ready_time("5425838\n"));
  EXPECT_FALSE(parse_ready_time(""));
}

TEST(Throttling, IsInMicrosecondsInVersionTwoAndInNanosecondsInVersionOne) {
  const auto second = parse_throttling(
      "usage_usec 100\nuser_usec 60\nnr_periods 40\nnr_throttled 7\nthrottled_usec 250000\n");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->periods, 7U);
  EXPECT_EQ(second->duration, milliseconds(250));
  const auto first = parse_throttling("nr_periods 40\nnr_throttled 3\nthrottled_time 5000\n");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->periods, 3U);
  EXPECT_EQ(first->duration, microseconds(5));
}

TEST(Throttling, OfAGroupWithoutTheControllerIsUnknown) {
  EXPECT_FALSE(parse_throttling("usage_usec 100\nuser_usec 60\nsystem_usec 40\n"));
  EXPECT_FALSE(parse_throttling(""));
}

TEST(CpuGroups, AreThoseOfEachVersion) {
  const CpuGroups both = parse_cpu_groups("3:cpuset:/a\n2:cpu,cpuacct:/b:c\n0::/d/e\n");
  EXPECT_EQ(both.v1, "/b:c");
  EXPECT_EQ(both.v2, "/d/e");
  const CpuGroups roots = parse_cpu_groups("2:cpu:/\n0::/\nnonsense\n");
  EXPECT_EQ(roots.v1, "");
  EXPECT_EQ(roots.v2, "");
}

TEST(ThreadTimes, GrowWithWhatTheThreadComputes) {
  const ThreadTimes before = thread_times();
  const Duration process_before = process_cpu_time();
  volatile double sum = 0;
  while (thread_times().cpu - before.cpu < milliseconds(5)) sum = sum + 1;
  EXPECT_GE(thread_times().ready, before.ready);
  // The two clocks are not read at one moment, and not updated at one.
  EXPECT_GE(process_cpu_time() - process_before, milliseconds(4));
}

}  // namespace
}  // namespace lab
