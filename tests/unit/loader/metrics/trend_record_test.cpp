// A trend as plain values is the same trend again; what no trend has recorded is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "loader/metrics/trend.h"

namespace loader {
namespace {

constexpr double kShownPercents[] = {0, 1, 25, 50, 90, 95, 99, 99.9, 100};

void expect_same(const Trend& a, const Trend& b) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.sum(), b.sum());
  EXPECT_EQ(a.is_exact(), b.is_exact());
  for (const double percent : kShownPercents)
    EXPECT_EQ(a.percentile(percent), b.percentile(percent));
}

// Over many powers of two, both signs, and zeros.
Trend wide_trend(int samples) {
  Trend trend;
  for (int i = 0; i < samples; ++i) {
    const double value = std::ldexp(1.0 + i % 511 / 512.0, i % 90 - 30);
    trend.add(i % 7 == 0 ? 0 : i % 3 == 0 ? -value : value);
  }
  return trend;
}

TEST(TrendRecord, ASumBeyondAllNumbersIsStoredAsTheLargest) {
  constexpr double kMost = std::numeric_limits<double>::max();
  Trend trend;
  trend.add(kMost);
  trend.add(kMost);
  EXPECT_EQ(trend.record().sum, kMost);
  ASSERT_TRUE(Trend::from(trend.record()));
  // And percentiles between the ends of all numbers are numbers.
  trend.add(-kMost);
  trend.add(-kMost);
  EXPECT_EQ(trend.percentile(50), 0);
}

TEST(TrendRecord, IsTheSameTrendAgain) {
  for (const int samples : {1, 2, 2048, 2049, 20'000}) {
    const Trend trend = wide_trend(samples);
    const TrendRecord record = trend.record();
    EXPECT_EQ(record.values.empty(), samples > 2048);
    const auto again = Trend::from(record);
    ASSERT_TRUE(again) << again.error().what;
    expect_same(*again, trend);
  }
}

TEST(TrendRecord, OfPartsMergesToTheWhole) {
  Trend whole;
  Trend merged;
  for (int part = 0; part < 3; ++part) {
    Trend of_part;
    for (int i = 0; i < 3000; ++i) {
      const double value = 1 + (i * 37 + part * 11) % 5000;
      whole.add(value);
      of_part.add(value);
    }
    merged.merge(Trend::from(of_part.record()).value());
  }
  expect_same(merged, whole);
}

TEST(TrendRecord, ValuesBeyondTheBucketsKeepTheirs) {
  Trend trend = wide_trend(3000);
  trend.add(1e300);
  trend.add(-1e300);
  trend.add(1e-300);
  expect_same(Trend::from(trend.record()).value(), trend);
}

struct Refused {
  const char* what;
  TrendRecord record;
};

TEST(TrendRecord, WhatNoTrendHasRecordedIsRefused) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<Refused> cases{
      {"must have either values or buckets", {}},
      {"must have either values or buckets",
       {.min = 1, .max = 1, .values = {1}, .buckets = {1}, .counts = {1}}},
      {"no finite number", {.sum = kInfinity, .min = 1, .max = 1, .values = {1}}},
      {"no finite number", {.min = 1, .max = 1, .values = {1, std::nan("")}}},
      {"another min or max", {.sum = 3, .min = 0, .max = 2, .values = {1, 2}}},
      {"another min or max", {.min = 2, .max = 1, .buckets = {1}, .counts = {1}}},
      {"more than 2048 values", {.values = std::vector<double>(2049, 0)}},
      {"not as many counts", {.max = 1, .buckets = {1, 2}, .counts = {1}}},
      {"do not ascend", {.max = 1, .buckets = {2, 2}, .counts = {1, 1}}},
      {"out of range", {.max = 1, .buckets = {49153}, .counts = {1}}},
      {"out of range", {.max = 1, .buckets = {-2147483647 - 1}, .counts = {1}}},
      {"of no samples, or of too many", {.max = 1, .buckets = {1}, .counts = {0}}},
      {"of no samples, or of too many",
       {.max = 1, .buckets = {1, 2}, .counts = {1, std::numeric_limits<std::uint64_t>::max()}}},
  };
  for (const Refused& each : cases) {
    const auto trend = Trend::from(each.record);
    ASSERT_FALSE(trend) << each.what;
    EXPECT_NE(trend.error().what.find(each.what), std::string::npos) << trend.error().what;
  }
}

}  // namespace
}  // namespace loader
