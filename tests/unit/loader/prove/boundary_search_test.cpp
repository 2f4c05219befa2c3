#include "loader/prove/boundary_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace loader {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

using Margin = std::function<double(double)>;

struct Found {
  AlarmBracket bracket;
  int trials = 0;
};

// The trials that a search asks for, of one alarm, after one at `reference`.
Found search(BoundarySearch::Settings settings, const Margin& margin, double reference = 0.6) {
  BoundarySearch search(std::move(settings));
  search.add(0, {margin(0)});
  search.add(reference, {margin(reference)});
  Found found{{}, 1};
  while (const auto position = search.next()) {
    search.add(*position, {margin(*position)});
    ++found.trials;
    EXPECT_LT(found.trials, 100);
  }
  found.bracket = search.bracket(0);
  return found;
}

TEST(BoundarySearch, FindsABoundaryToWithinTheTolerance) {
  const Margin kMargins[] = {
      [](double x) { return x - 0.37; },
      [](double x) { return x * x * x - 0.37 * 0.37 * 0.37; },
      [](double x) { return std::exp(8 * x) - std::exp(8 * 0.37); },
      [](double x) { return x > 0.37 ? kInfinite : -kInfinite; },
      [](double x) { return x > 0.37 ? 1.0 : -0.001; },
  };
  for (const Margin& margin : kMargins) {
    const Found found = search({.tolerance = 0.01, .trials_max = 30}, margin);
    EXPECT_LE(found.bracket.low, 0.37);
    EXPECT_GE(found.bracket.high, 0.37);
    EXPECT_LE(found.bracket.high - found.bracket.low, 0.01 + 1e-12);
    EXPECT_LE(found.trials, 14);
  }
}

TEST(BoundarySearch, IsQuickWhereMarginsChangeEvenly) {
  const Found found =
      search({.tolerance = 0.01, .trials_max = 30}, [](double x) { return x - 0.5; });
  EXPECT_LE(found.trials, 4);
  EXPECT_NEAR(found.bracket.estimate, 0.5, 1e-9);
}

TEST(BoundarySearch, TriesTheWorstWhereNothingWasNoticed) {
  const Found found = search({.trials_max = 30}, [](double x) { return x - 0.9; });
  EXPECT_TRUE(found.bracket.is_found());
  const Found never = search({.trials_max = 30}, [](double) { return -1.0; });
  EXPECT_FALSE(never.bracket.is_found());
  EXPECT_EQ(never.trials, 2);
  EXPECT_EQ(never.bracket.low, 1);
}

TEST(BoundarySearch, StopsWhenTheTrialsAreUsedUp) {
  const Found found = search({.tolerance = 1e-9, .trials_max = 4},
                             [](double x) { return x > 0.37 ? kInfinite : -kInfinite; });
  EXPECT_EQ(found.trials, 4);
}

TEST(BoundarySearch, TriesOnlyWhatIsPossible) {
  BoundarySearch::Settings settings{.tolerance = 1e-6, .trials_max = 50};
  settings.nearest_possible = [](double x) { return std::round(x * 10) / 10; };
  const Found found = search(std::move(settings), [](double x) { return x - 0.37; });
  EXPECT_DOUBLE_EQ(found.bracket.low, 0.3);
  EXPECT_DOUBLE_EQ(found.bracket.high, 0.4);
}

TEST(BoundarySearch, BeginsWhereItIsTold) {
  BoundarySearch::Settings settings{.tolerance = 0.02, .trials_max = 30};
  settings.hint = 0.31;
  BoundarySearch search(std::move(settings));
  search.add(0, {-1.0});
  search.add(0.6, {1.0});
  EXPECT_EQ(search.next(), 0.31);
}

TEST(BoundarySearch, ClosesInOnAllAlarmsIfAsked) {
  BoundarySearch search(
      {.alarms = 2, .tolerance = 0.02, .trials_max = 30, .closes_in_on_all = true});
  const auto try_at = [&search](double x) { search.add(x, {x - 0.2, x - 0.7}); };
  try_at(0);
  try_at(1);
  while (const auto position = search.next()) try_at(*position);
  EXPECT_LE(search.bracket(0).high - search.bracket(0).low, 0.02);
  EXPECT_LE(search.bracket(1).high - search.bracket(1).low, 0.02);
  EXPECT_NEAR(search.bracket(1).estimate, 0.7, 0.02);
}

TEST(BoundarySearch, SaysWhereAnAlarmDidNotStayOn) {
  BoundarySearch search({});
  search.add(0, {-1.0});
  search.add(0.5, {1.0});
  EXPECT_TRUE(search.is_monotone(0));
  search.add(1, {-1.0});
  EXPECT_FALSE(search.is_monotone(0));
  EXPECT_EQ(search.bracket(0).high, 0.5);
}

TEST(BoundarySearch, AnAlarmWithoutASayIsNeverOn) {
  BoundarySearch search({});
  search.add(0, {std::nan("")});
  search.add(1, {std::nan("")});
  EXPECT_FALSE(search.bracket(0).is_found());
  EXPECT_TRUE(search.is_monotone(0));
}

}  // namespace
}  // namespace loader
