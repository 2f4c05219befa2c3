#include "loader/delivery/native_histogram.h"

#include <gtest/gtest.h>

#include <cmath>

namespace loader {
namespace {

TEST(NativeHistogram, BucketsHoldWhatIsUpToTheirBorder) {
  for (const std::int32_t index : {-80, -9, -8, -7, -1, 0, 1, 7, 8, 9, 100}) {
    // A border that a double holds belongs to the bucket below it.
    if (index % 8 == 0) {
      EXPECT_EQ(native_bucket(std::exp2(index / 8.0)), index);
    }
    EXPECT_EQ(native_bucket(std::exp2((index - 0.01) / 8.0)), index);
    EXPECT_EQ(native_bucket(std::exp2((index + 0.01) / 8.0)), index + 1);
  }
}

TEST(NativeHistogram, CountsBySignAndZero) {
  NativeHistogram histogram;
  for (const double value : {1.0, 1.0, 1.05, -1.0, 0.0, 1e-40}) histogram.add(value);
  EXPECT_EQ(histogram.count(), 6u);
  EXPECT_DOUBLE_EQ(histogram.sum(), 2.05);
  EXPECT_EQ(histogram.zeros(), 2u);
  EXPECT_EQ(histogram.positive(), (NativeHistogram::Buckets{{0, 2}, {1, 1}}));
  EXPECT_EQ(histogram.negative(), (NativeHistogram::Buckets{{0, 1}}));
}

TEST(NativeHistogram, SpansAndDeltas) {
  using Span = BucketSpans::Span;
  struct Row {
    NativeHistogram::Buckets buckets;
    std::vector<Span> spans;
    std::vector<std::int64_t> deltas;
  };
  for (const auto& [buckets, spans, deltas] : {
           Row{{}, {}, {}},
           Row{{{-3, 4}}, {{-3, 1}}, {4}},
           Row{{{0, 2}, {1, 5}, {2, 1}}, {{0, 3}}, {2, 3, -4}},
           // A gap of two is filled, one of three begins a span.
           Row{{{5, 2}, {8, 3}}, {{5, 4}}, {2, -2, 0, 3}},
           Row{{{5, 2}, {9, 3}}, {{5, 1}, {3, 1}}, {2, 1}},
       }) {
    const BucketSpans result = spans_of(buckets);
    EXPECT_EQ(result.spans, spans);
    EXPECT_EQ(result.deltas, deltas);
  }
}

}  // namespace
}  // namespace loader
