#include "loader/prove/intervals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "shared/base/rng.h"

namespace loader {
namespace {

TEST(WilsonInterval, AgreesWithPublishedValues) {
  // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  const struct {
    std::uint64_t hits, trials;
    double low, high;
  } kCases[] = {{81, 263, 0.2553, 0.3662},
                {15, 148, 0.0624, 0.1605},
                {0, 20, 0.0, 0.1611},
                {1, 29, 0.0061, 0.1718}};
  for (const auto& each : kCases) {
    const Interval interval = wilson_interval(each.hits, each.trials);
    EXPECT_NEAR(interval.low, each.low, 5e-5) << each.hits;
    EXPECT_NEAR(interval.high, each.high, 5e-5) << each.hits;
  }
  EXPECT_EQ(wilson_interval(20, 20).high, 1);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

TEST(BinomialTail, IsTheSumOfItsTerms) {
  double sum = 0;
  for (int k = 3; k <= 10; ++k) {
    sum += std::tgamma(11) / std::tgamma(k + 1) / std::tgamma(11 - k) * std::pow(0.2, k) *
           std::pow(0.8, 10 - k);
  }
  EXPECT_NEAR(binomial_tail(3, 10, 0.2), sum, 1e-12);
  EXPECT_EQ(binomial_tail(0, 10, 0.2), 1);
  EXPECT_EQ(binomial_tail(11, 10, 0.2), 0);
}

TEST(SampleQuantile, IsOneOfTheValues) {
  const std::vector<double> values{1, 2, 3, 4};
  EXPECT_EQ(sample_quantile(values, 0.5), 2);
  EXPECT_EQ(sample_quantile(values, 0.95), 4);
  EXPECT_EQ(sample_quantile(values, 0.25), 1);
  EXPECT_EQ(sample_quantile(values, 0), 1);
}

TEST(QuantileInterval, OfAMedianOfFewIsTheirRange) {
  const std::vector<double> three{1, 2, 3};
  const QuantileInterval interval = quantile_interval(three, 0.5);
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, 3);
  EXPECT_NEAR(interval.confidence, 0.75, 1e-12);
}

TEST(QuantileInterval, HasNoUpperEndWhereTheSampleIsTooSmallForIt) {
  std::vector<double> values(20);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  EXPECT_FALSE(quantile_interval(values, 0.95).high);
  EXPECT_TRUE(quantile_interval(values, 0.95).low);
  values.resize(80);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  EXPECT_TRUE(quantile_interval(values, 0.95).high);
}

// What is promised: drawn again and again, the interval holds the quantile as often as it says.
TEST(QuantileInterval, HoldsTheQuantileAsOftenAsItSays) {
  constexpr int kDraws = 4000;
  for (const std::size_t size : {5U, 10U, 20U, 40U}) {
    for (const double quantile : {0.5, 0.95}) {
      lab::Rng rng(size);
      int held = 0;
      double confidence = 0;
      for (int draw = 0; draw < kDraws; ++draw) {
        std::vector<double> values;
        for (std::size_t i = 0; i < size; ++i) values.push_back(rng.uniform01());
        std::sort(values.begin(), values.end());
        const QuantileInterval interval = quantile_interval(values, quantile);
        confidence = interval.confidence;
        if (interval.low.value_or(0) <= quantile && quantile <= interval.high.value_or(1)) ++held;
      }
      const double share = static_cast<double>(held) / kDraws;
      EXPECT_GE(confidence, 0.9);
      EXPECT_NEAR(share, confidence, 0.015) << size << " values, quantile " << quantile;
    }
  }
}

}  // namespace
}  // namespace loader
