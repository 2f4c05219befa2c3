#include "loader/prove/family_trials.h"

#include <gtest/gtest.h>

#include <limits>

#include "example_proof.h"

namespace loader {
namespace {

TEST(BoundaryOf, KeepsWhereEachSeedNoticesTheMilderFirst) {
  const MutantFamily family = percent_family("status-500");
  constexpr double kNever = std::numeric_limits<double>::infinity();
  // Decades lie a third apart.
  const Boundary boundary = boundary_of(
      family, {{1, 1, 1}, {kNever, kNever, kNever}, {0.3, 0.4, 1.0 / 3}, {0.6, 0.7, 2.0 / 3}});
  EXPECT_EQ(boundary.sizes, (std::vector<double>{1, 10, 100}));
  EXPECT_EQ(boundary.found, 3u);
  EXPECT_EQ(boundary.seeds, 4u);
}

TEST(BoundaryOf, AnIntervalIsAsWideAsWhatIsKnownOfEachSeed) {
  const MutantFamily family = percent_family("status-500");
  const Boundary boundary = boundary_of(family, {{0, 2.0 / 3, 0.5}, {1.0 / 3, 1, 0.6}});
  EXPECT_EQ(boundary.half.low, 0.1);
  EXPECT_EQ(boundary.half.high, 100);
}

}  // namespace
}  // namespace loader
