#include "loader/compare/joint_intervals.h"

#include <gtest/gtest.h>

#include <boost/random/normal_distribution.hpp>
#include <limits>

#include "shared/base/rng.h"

namespace loader {
namespace {

DrawnChange normal_draws(std::uint64_t seed, double deviation) {
  lab::Rng rng(seed);
  boost::random::normal_distribution<double> chance(0.5, deviation);
  DrawnChange drawn;
  for (int i = 0; i < 4000; ++i) drawn.changes.push_back(chance(rng));
  return drawn;
}

TEST(JointIntervals, OfOneFigureAreNormalOnes) {
  const std::vector<DrawnChange> one{normal_draws(1, 2)};
  EXPECT_NEAR(joint_half_widths(one, 0.95).at(0), 1.96 * 2, 0.15);
}

TEST(JointIntervals, OfManyAreAsWideAsTheirIndependenceNeeds) {
  std::vector<DrawnChange> ten;
  for (std::uint64_t i = 0; i < 10; ++i) ten.push_back(normal_draws(i, 1));
  // Šidák's for ten is 2.80.
  EXPECT_NEAR(joint_half_widths(ten, 0.95).at(3), 2.80, 0.1);
  // Ten times the same is one.
  const std::vector<DrawnChange> same(10, normal_draws(1, 1));
  EXPECT_NEAR(joint_half_widths(same, 0.95).at(3), 1.96, 0.1);
}

TEST(JointIntervals, HeedWhatIsKnownOtherwise) {
  DrawnChange constant{.changes = std::vector<double>(100, 0.1)};
  EXPECT_NEAR(joint_half_widths(std::vector{constant}, 0.95).at(0), 0, 1e-12);
  constant.standard_error_min = 1;
  EXPECT_NEAR(joint_half_widths(std::vector{constant}, 0.95).at(0), 1.96, 0.01);
  // A draw or two may lack a value, but not many.
  DrawnChange lacking = normal_draws(1, 1);
  lacking.changes[7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_GT(joint_half_widths(std::vector{lacking}, 0.95).at(0), 1.8);
  for (std::size_t i = 0; i < 1000; ++i) {
    lacking.changes[i] = -std::numeric_limits<double>::infinity();
  }
  EXPECT_LT(joint_half_widths(std::vector{lacking}, 0.95).at(0), 0);
}

TEST(JointIntervals, AreWiderFromFewBlocks) {
  EXPECT_EQ(block_widening(0, 0.95), 1);
  // Student's quantiles for 7 and 39 degrees of freedom are 2.365 and 2.023.
  EXPECT_NEAR(block_widening(8, 0.95), 2.365 / 1.960 * std::sqrt(8.0 / 7), 0.01);
  EXPECT_NEAR(block_widening(40, 0.95), 2.023 / 1.960 * std::sqrt(40.0 / 39), 0.005);
}

TEST(NormalQuantile, IsTheTables) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959964, 1e-6);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232, 1e-6);
}

}  // namespace
}  // namespace loader
