#include "loader/run/strain.h"

#include <gtest/gtest.h>

#include "loader/run/self_watch.h"
#include "loader/run/thread_watch.h"

namespace loader {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ThreadStrain thread(double wait, lab::Duration cpu, lab::Duration ready) {
  ThreadStrain strain{.watched = seconds(10), .cpu = cpu, .ready = ready};
  strain.reads.add(wait);
  strain.timers.add(wait / 2);
  return strain;
}

TEST(Waits, OfAProbeInTimeAreOne) {
  Trend reads;
  add_waits(reads, lab::Duration{}, milliseconds(10));
  add_waits(reads, milliseconds(3), milliseconds(10));
  EXPECT_EQ(reads.record().values, (std::vector<double>{0, 3}));
}

TEST(Waits, OfAStandstillAreThoseOfAllMomentsOfIt) {
  Trend reads;
  add_waits(reads, milliseconds(35), milliseconds(10));
  EXPECT_EQ(reads.record().values, (std::vector<double>{35, 25, 15, 5}));
}

TEST(Waits, OfADayAreBounded) {
  Trend reads;
  add_waits(reads, std::chrono::hours(24), milliseconds(10));
  EXPECT_EQ(reads.count(), 100'000U);
}

TEST(Strain, OfThreadsIsAllTheirWaitsAndTheWorstShares) {
  Strain strain;
  strain.add(thread(1, seconds(9), seconds(0)));
  strain.add(thread(7, seconds(2), seconds(3)));
  EXPECT_EQ(strain.reads.count(), 2U);
  EXPECT_EQ(strain.reads.max(), 7);
  EXPECT_EQ(strain.timers.max(), 3.5);
  EXPECT_EQ(strain.watched, seconds(10));
  EXPECT_DOUBLE_EQ(strain.busiest_thread, 0.9);
  EXPECT_DOUBLE_EQ(strain.ready_share, 0.3);
}

TEST(Strain, OfProcessesIsTheSumAndTheWorst) {
  Strain one{.watched = seconds(5), .cpus = 1.5, .machine_idle = 0.5, .late_drops = 3};
  const Strain other{.watched = seconds(6),
                     .busiest_thread = 0.7,
                     .cpus = 0.5,
                     .machine_idle = 0.1,
                     .machine_stolen = 0.2,
                     .throttled = milliseconds(30),
                     .late_drops = 4};
  one.add(other);
  EXPECT_EQ(one.watched, seconds(6));
  EXPECT_EQ(one.busiest_thread, 0.7);
  EXPECT_EQ(one.cpus, 2);
  EXPECT_EQ(one.machine_idle, 0.1);
  EXPECT_EQ(one.machine_stolen, 0.2);
  EXPECT_EQ(one.throttled, milliseconds(30));
  EXPECT_EQ(one.late_drops, 7U);
}

TEST(StrainRecord, KeepsWhatAVerdictNeeds) {
  Strain strain;
  strain.add(thread(7, seconds(2), seconds(3)));
  strain.late_drops = 5;
  strain.throttled = milliseconds(30);
  const StrainRecord record = record_of(strain);
  EXPECT_FALSE(record.is_empty());
  const auto again = strain_of(record);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->reads.max(), 7);
  EXPECT_EQ(again->timers.max(), 3.5);
  EXPECT_EQ(again->busiest_thread, 0.2);
  EXPECT_EQ(again->throttled, milliseconds(30));
  EXPECT_EQ(again->late_drops, 5U);
}

TEST(StrainRecord, OfNobodyIsEmptyAndABrokenOneIsNone) {
  EXPECT_TRUE(record_of(Strain()).is_empty());
  EXPECT_TRUE(strain_of(StrainRecord()));
  StrainRecord record;
  record.reads.values = {3};
  record.reads.max = 9;
  EXPECT_FALSE(strain_of(record));
}

TEST(ThisMachine, IsKnownByTheNamesThatNoOtherHas) {
  for (const char* host : {"localhost", "a.localhost", "127.0.0.1", "127.3.2.1", "::1"}) {
    EXPECT_TRUE(is_this_machine(host)) << host;
  }
  for (const char* host : {"gateway.example", "10.0.0.1", "::2", "localhost.example"}) {
    EXPECT_FALSE(is_this_machine(host)) << host;
  }
}

}  // namespace
}  // namespace loader
