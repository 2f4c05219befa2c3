#include "loader/metrics/trend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "shared/base/rng.h"

namespace loader {
namespace {

Trend trend_of(const std::vector<double>& values) {
  Trend trend;
  for (const double value : values) trend.add(value);
  return trend;
}

// k6's definition over all values, as the reference.
double exact_percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  const double index = percent / 100 * static_cast<double>(values.size() - 1);
  const double low = values[static_cast<std::size_t>(std::floor(index))];
  const double high = values[static_cast<std::size_t>(std::ceil(index))];
  return low + (high - low) * (index - std::floor(index));
}

// Latencies with a heavy tail: e^(4 + 2n) for a roughly normal n.
std::vector<double> latencies(std::size_t count, std::uint64_t seed) {
  lab::Rng rng(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    double n = -6;
    for (int j = 0; j < 12; ++j) n += rng.uniform01();
    values.push_back(std::exp(4 + 2 * n));
  }
  return values;
}

double relative_error(double value, double reference) {
  return std::abs(value - reference) / std::abs(reference);
}

constexpr double kPercents[] = {0, 0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100};

TEST(Trend, GivesK6sPercentilesOfThreeSamples) {
  const Trend trend = trend_of({20, 10, 15});
  EXPECT_DOUBLE_EQ(trend.percentile(90), 19);
  EXPECT_DOUBLE_EQ(trend.percentile(95), 19.5);
  EXPECT_DOUBLE_EQ(trend.percentile(99), 19.9);
  EXPECT_DOUBLE_EQ(trend.percentile(99.9), 19.99);
  EXPECT_DOUBLE_EQ(trend.percentile(50), 15);
  EXPECT_DOUBLE_EQ(trend.percentile(0), 10);
  EXPECT_DOUBLE_EQ(trend.percentile(100), 20);
  EXPECT_DOUBLE_EQ(trend.mean(), 15);
}

TEST(Trend, HandlesNoneAndOneSample) {
  const Trend none;
  EXPECT_EQ(none.percentile(95), 0);
  EXPECT_EQ(none.min(), 0);
  EXPECT_EQ(none.max(), 0);
  EXPECT_EQ(none.mean(), 0);
  const Trend one = trend_of({7.5});
  EXPECT_EQ(one.percentile(1), 7.5);
  EXPECT_EQ(one.percentile(99), 7.5);
}

TEST(Trend, IsExactUpToItsBound) {
  const auto values = latencies(Trend::kExactMax, 1);
  const Trend trend = trend_of(values);
  ASSERT_TRUE(trend.is_exact());
  for (const double percent : kPercents) {
    EXPECT_EQ(trend.percentile(percent), exact_percentile(values, percent)) << percent;
  }
}

TEST(Trend, StaysWithinATenthOfAPercentBeyondIt) {
  const auto values = latencies(100'000, 2);
  const Trend trend = trend_of(values);
  ASSERT_FALSE(trend.is_exact());
  for (const double percent : kPercents) {
    EXPECT_LT(relative_error(trend.percentile(percent), exact_percentile(values, percent)), 0.001)
        << percent;
  }
}

// Tokens are: 'med<=56' must not be held against 56.03.
TEST(Trend, OfWholeNumbersIsExactHoweverManyThereAre) {
  Trend tokens;
  for (int i = 0; i < 9'000; ++i) tokens.add(i % 3 == 0 ? -7 : i % 3 == 1 ? 56 : 1'023);
  ASSERT_FALSE(tokens.is_exact());
  for (const auto& [percent, value] : {std::pair(10.0, -7.0), {50.0, 56.0}, {90.0, 1'023.0}}) {
    EXPECT_EQ(tokens.percentile(percent), value);
  }
  const auto again = Trend::from(tokens.record());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->percentile(50), 56);
  Trend merged;
  merged.merge(tokens);
  EXPECT_EQ(merged.percentile(50), 56);
  merged.add(0.5);
  EXPECT_EQ(merged.percentile(50), 56.03125);
}

TEST(Trend, KeepsCountSumAndExtremesExact) {
  const auto values = latencies(10'000, 3);
  const Trend trend = trend_of(values);
  double sum = 0;
  for (const double value : values) sum += value;
  EXPECT_EQ(trend.count(), 10'000u);
  EXPECT_EQ(trend.sum(), sum);
  EXPECT_EQ(trend.min(), *std::min_element(values.begin(), values.end()));
  EXPECT_EQ(trend.max(), *std::max_element(values.begin(), values.end()));
  EXPECT_EQ(trend.percentile(0), trend.min());
  EXPECT_EQ(trend.percentile(100), trend.max());
}

TEST(Trend, OrdersNegativeZeroAndPositiveValues) {
  std::vector<double> values;
  for (int i = -3000; i <= 3000; ++i) values.push_back(i);
  const Trend trend = trend_of(values);
  ASSERT_FALSE(trend.is_exact());
  EXPECT_EQ(trend.percentile(50), 0);
  EXPECT_LT(relative_error(trend.percentile(10), -2400), 0.001);
  EXPECT_LT(relative_error(trend.percentile(90), 2400), 0.001);
}

TEST(Trend, ClampsWhatIsBeyondItsRange) {
  Trend trend;
  for (int i = 0; i < 3000; ++i) {
    trend.add(1e-300);
    trend.add(1e300);
  }
  EXPECT_EQ(trend.percentile(0), 1e-300);
  EXPECT_EQ(trend.percentile(100), 1e300);
  EXPECT_EQ(trend.percentile(25), 1e-300);
  EXPECT_GT(trend.percentile(75), 1e19);
}

TEST(Trend, MergesToWhatOneWouldHaveSeen) {
  const auto values = latencies(30'000, 4);
  const std::vector<double> first(values.begin(), values.begin() + 1'000);
  const std::vector<double> second(values.begin() + 1'000, values.begin() + 2'000);
  const std::vector<double> third(values.begin() + 2'000, values.end());

  // Exact and exact, still small: exact.
  Trend merged = trend_of(first);
  merged.merge(trend_of(second));
  EXPECT_TRUE(merged.is_exact());
  // Exact and histogram, and the other way round.
  Trend other = trend_of(third);
  other.merge(merged);
  merged.merge(trend_of(third));

  const Trend whole = trend_of(values);
  EXPECT_EQ(merged.count(), whole.count());
  EXPECT_EQ(merged.max(), whole.max());
  for (const double percent : kPercents) {
    EXPECT_EQ(merged.percentile(percent), whole.percentile(percent)) << percent;
    EXPECT_EQ(other.percentile(percent), whole.percentile(percent)) << percent;
  }
}

TEST(Trend, MergingTwoSmallOnesMayGoBeyondTheBound) {
  const auto values = latencies(Trend::kExactMax + 2, 5);
  Trend merged = trend_of({values.begin(), values.begin() + Trend::kExactMax});
  merged.merge(trend_of({values.begin() + Trend::kExactMax, values.end()}));
  EXPECT_FALSE(merged.is_exact());
  EXPECT_EQ(merged.count(), Trend::kExactMax + 2);
  EXPECT_LT(relative_error(merged.percentile(95), exact_percentile(values, 95)), 0.001);
}

TEST(Trend, MergingNothingChangesNothing) {
  Trend trend = trend_of({1, 2, 3});
  trend.merge(Trend());
  EXPECT_EQ(trend.count(), 3u);
  EXPECT_EQ(trend.min(), 1);
  Trend empty;
  empty.merge(trend);
  EXPECT_EQ(empty.percentile(50), 2);
}

}  // namespace
}  // namespace loader
