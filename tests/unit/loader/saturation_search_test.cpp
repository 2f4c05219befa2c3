#include "loader/scenarios/saturation_search.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace loader {
namespace {

SaturationSearch search(std::uint64_t start, std::uint64_t max, double growth = 1.5,
                        std::uint64_t step = 0, double precision = 0.05) {
  return {.start_rate = start,
          .max_rate = max,
          .step_duration = std::chrono::seconds(30),
          .growth = growth,
          .step = step,
          .precision = precision,
          .vus = {1, 10}};
}

struct Outcome {
  std::vector<std::uint64_t> tried;
  std::optional<std::uint64_t> last_good;
  std::optional<std::uint64_t> first_bad;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Against a gateway that is good up to `knee`, that rate included.
Outcome against(const SaturationSearch& model, std::uint64_t knee) {
  RateSearch search(model);
  Outcome outcome;
  while (const auto rate = search.rate()) {
    outcome.tried.push_back(*rate);
    search.judge(*rate <= knee);
  }
  outcome.last_good = search.last_good();
  outcome.first_bad = search.first_bad();
  return outcome;
}

TEST(RateSearch, GrowsByAFactorAndThenHalvesTheGap) {
  // 100 is the last good one by growth, 200 too much; 5 % of what is good by then ends it.
  EXPECT_EQ(against(search(50, 1000, 2), 137),
            (Outcome{{50, 100, 200, 150, 125, 137, 143}, 137, 143}));
}

TEST(RateSearch, GrowsByASum) {
  EXPECT_EQ(against(search(10, 1000, 1.5, 10), 34),
            (Outcome{{10, 20, 30, 40, 35, 32, 33, 34}, 34, 35}));
}

TEST(RateSearch, AFactorNearOneStillGetsSomewhere) {
  EXPECT_EQ(against(search(1, 5, 1.01), 5).tried, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

TEST(RateSearch, ABadStartIsTheEnd) {
  EXPECT_EQ(against(search(10, 1000), 9), (Outcome{{10}, std::nullopt, 10}));
}

TEST(RateSearch, StopsAtMaxRateAndTriesItExactly) {
  EXPECT_EQ(against(search(10, 25, 2), 1000), (Outcome{{10, 20, 25}, 25, std::nullopt}));
  EXPECT_EQ(against(search(10, 10, 2), 1000), (Outcome{{10}, 10, std::nullopt}));
}

TEST(RateSearch, NeighboursAreCloseEnoughWhateverThePrecision) {
  EXPECT_EQ(against(search(1, 8, 2, 0, 0.001), 3), (Outcome{{1, 2, 4, 3}, 3, 4}));
}

TEST(RateSearch, AnyKneeIsFoundWithinThePrecisionAndTheBoundOfLevels) {
  const SaturationSearch model = search(10, 1000, 1.7, 0, 0.02);
  for (std::uint64_t knee = 10; knee < 1000; ++knee) {
    const Outcome outcome = against(model, knee);
    ASSERT_TRUE(outcome.last_good && outcome.first_bad) << knee;
    EXPECT_LE(*outcome.last_good, knee);
    EXPECT_GT(*outcome.first_bad, knee);
    const double gap = static_cast<double>(*outcome.first_bad - *outcome.last_good);
    EXPECT_LE(gap, std::max(1.0, 0.02 * static_cast<double>(*outcome.last_good))) << knee;
    EXPECT_LE(outcome.tried.size(), search_levels_max(model)) << knee;
  }
}

TEST(RateSearch, KnowsHowManyLevelsItMayTake) {
  EXPECT_EQ(search_levels_max(search(10, 10)), 1u);
  // 50, 100, 200, 400, 800, 1000: the last gap but one, 400, is halved to 20 in five more.
  EXPECT_EQ(search_levels_max(search(50, 1000, 2)), 10u);
  // It does not count to a thousand million.
  EXPECT_GT(search_levels_max(search(1, 1'000'000'000, 1.5, 1)), kSearchLevelsMax);
}

TEST(RateSearch, NamesItsLevels) { EXPECT_EQ(level_name(100), "level-100"); }

}  // namespace
}  // namespace loader
