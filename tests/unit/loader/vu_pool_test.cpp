#include "loader/scenarios/vu_pool.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(VuPool, AnEmptyOneMakesVusAsTheyAreAskedFor) {
  VuPool pool;
  EXPECT_EQ(pool.acquire(), 0u);
  EXPECT_EQ(pool.acquire(), 1u);
  EXPECT_EQ(pool.in_use(), 2u);
}

TEST(VuPool, WhoeverHasBeenIdleForLongestIsNext) {
  VuPool pool;
  pool.fill(4);
  EXPECT_EQ(pool.acquire(), 0u);
  EXPECT_EQ(pool.acquire(), 1u);
  // They come back in another order, and stand behind those that have done nothing yet.
  pool.release(1);
  pool.release(0);
  EXPECT_EQ(pool.acquire(), 2u);
  EXPECT_EQ(pool.acquire(), 3u);
  EXPECT_EQ(pool.acquire(), 1u);
  EXPECT_EQ(pool.acquire(), 0u);
  // There is no more of them.
  EXPECT_EQ(pool.acquire(), 4u);
  EXPECT_EQ(pool.in_use(), 5u);
}

TEST(VuPool, FillingAgainAddsWhatIsMissing) {
  VuPool pool;
  pool.fill(1);
  pool.fill(2);
  EXPECT_EQ(pool.acquire(), 0u);
  EXPECT_EQ(pool.acquire(), 1u);
  EXPECT_EQ(pool.in_use(), 2u);
}

TEST(VuPool, IterationsAreCountedOverTheWholeRun) {
  VuPool pool;
  const std::size_t vu = pool.acquire();
  EXPECT_EQ(pool.next_iteration(vu), 0u);
  pool.release(vu);
  EXPECT_EQ(pool.acquire(), vu);
  EXPECT_EQ(pool.next_iteration(vu), 1u);
}

}  // namespace
}  // namespace loader
