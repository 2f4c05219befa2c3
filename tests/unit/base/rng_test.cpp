#include "shared/base/rng.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(Rng, IsTheSameEverywhere) {
  // SplitMix64's published reference output for seed 0.
  Rng rng(0);
  EXPECT_EQ(rng(), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(rng(), 0x6E789E6AA1B965F4u);
}

TEST(Rng, ChildDependsOnIdentityAloneAndDrawsNothing) {
  const Rng root(42);
  Rng copy = root;
  Rng first = root.child("think", 3, 7);
  Rng again = copy.child("think", 3, 7);
  EXPECT_EQ(first(), again());
  EXPECT_EQ(copy(), Rng(42)());
  EXPECT_NE(root.child("think", 3, 7)(), root.child("think", 7, 3)());
  EXPECT_NE(root.child("think", 3, 7)(), root.child("prompt", 3, 7)());
  EXPECT_NE(root.child("x", "request-1")(), root.child("x", "request-2")());
}

TEST(Rng, UniformStaysInRange) {
  Rng rng(1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double u = rng.uniform01();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    ASSERT_LT(rng.below(7), 7u);
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

}  // namespace
}  // namespace lab
