#include "loader/run/thread_share.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Scenario scenario_of(LoadModel model) {
  return {"s", std::move(model), {}, seconds(30), {}, {}, {}};
}

// How many of `vus` each thread has; 0 without a share.
std::vector<std::uint64_t> split(const std::vector<ThreadShare>& threads, std::size_t scenario,
                                 std::uint64_t vus) {
  std::vector<std::uint64_t> counts;
  for (const ThreadShare& thread : threads) {
    const auto& share = thread.scenarios[scenario];
    counts.push_back(share ? share->starts.scale(vus) : 0);
  }
  return counts;
}

using Counts = std::vector<std::uint64_t>;

TEST(ThreadShare, AScenarioIsSplitEvenly) {
  const auto threads = share_among_threads({scenario_of(ConstantVus{10, minutes(1)})}, {}, 4);
  ASSERT_EQ(threads.size(), 4u);
  EXPECT_EQ(split(threads, 0, 10), (Counts{3, 3, 2, 2}));
  // Numbers of virtual users are no two threads'.
  EXPECT_EQ(threads[1].vus.element(0), 1u);
  EXPECT_EQ(threads[1].vus.element(1), 5u);
}

TEST(ThreadShare, AScenarioOfOneVuDoesNotTakeTheThreadsFromTheOthers) {
  const auto threads = share_among_threads(
      {scenario_of(ConstantVus{1, minutes(1)}), scenario_of(ConstantVus{8, minutes(1)})}, {}, 4);
  ASSERT_EQ(threads.size(), 4u);
  EXPECT_EQ(split(threads, 0, 1), (Counts{1, 0, 0, 0}));
  EXPECT_EQ(split(threads, 1, 8), (Counts{2, 2, 2, 2}));
}

TEST(ThreadShare, SmallScenariosGoToDifferentThreads) {
  const auto threads = share_among_threads(
      {scenario_of(ConstantVus{1, minutes(1)}), scenario_of(SharedIterations{1, 7, minutes(1)})},
      {}, 4);
  ASSERT_EQ(threads.size(), 2u);
  EXPECT_EQ(split(threads, 0, 1), (Counts{1, 0}));
  // Its iterations stay together: a thread without a VU has none of them.
  EXPECT_EQ(split(threads, 1, 7), (Counts{0, 7}));
}

TEST(ThreadShare, ThereIsAlwaysOneThread) {
  EXPECT_EQ(share_among_threads({}, {}, 4).size(), 1u);
  EXPECT_EQ(share_among_threads(
                {scenario_of(ConstantArrivalRate{5, seconds(1), minutes(1), {0, 2}})}, {}, 4)
                .size(),
            1u);
}

}  // namespace
}  // namespace loader
