#include "loader/script/go_random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace {

struct Case {
  std::int64_t seed;
  std::vector<double> numbers;
};

// Written down from k6 v1.3.0: randomSeed(seed), then Math.random().
TEST(GoRandom, FirstNumbersAreThoseOfGo) {
  const std::vector<Case> cases = {
      {12345, {0.8487305991992138, 0.6451080292174168, 0.7382079884862905}},
      {1, {0.6046602879796196, 0.9405090880450124}},
      {42, {0.3730283610466326, 0.06600049679351791}},
      {0, {0.9451961492941164}},
      {-1, {0.3951876009960174}},
  };
  for (const Case& expected : cases) {
    loader::GoRandom random(expected.seed);
    for (const double number : expected.numbers) {
      EXPECT_EQ(random.float64(), number) << "seed " << expected.seed;
    }
  }
}

// Seeds count modulo 2^31 - 1, and one that would be 0 has a substitute.
TEST(GoRandom, SeedsAreTakenModulo) {
  constexpr std::int64_t modulus = (std::int64_t{1} << 31) - 1;
  EXPECT_EQ(loader::GoRandom(modulus).float64(), loader::GoRandom(0).float64());
  EXPECT_EQ(loader::GoRandom(modulus + 42).float64(), loader::GoRandom(42).float64());
  EXPECT_EQ(loader::GoRandom(-modulus - 1).float64(), loader::GoRandom(-1).float64());
  EXPECT_EQ(loader::GoRandom(89482311).float64(), loader::GoRandom(0).float64());
  const double lowest = loader::GoRandom(std::numeric_limits<std::int64_t>::min()).float64();
  EXPECT_EQ(lowest, loader::GoRandom(-2).float64());
}

// Every word of the state has been written anew by then.
TEST(GoRandom, ThousandthNumberIsThatOfGo) {
  loader::GoRandom random(1);
  double number = 0;
  for (int i = 0; i < 1000; ++i) number = random.float64();
  EXPECT_EQ(number, 0.45067261108425843);
}

}  // namespace
