#include "loader/metrics/sketch.h"

#include <gtest/gtest.h>

#include <string>

#include "loader/metrics/trend.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

TEST(Sketch, NothingIsZero) {
  const Sketch empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.percentile(50), 0);
  EXPECT_EQ(empty.mean(), 0);
}

TEST(Sketch, BucketsBeginWhereTheOnesBeforeEnd) {
  for (const double value : {0.001, 0.5, 1.0, 1.01, 80.0, 15'000.0, 8e6}) {
    const std::size_t bucket = Sketch::bucket_of(value);
    EXPECT_LE(Sketch::lower_end(bucket), value);
    EXPECT_GT(Sketch::lower_end(bucket + 1), value);
  }
}

TEST(Sketch, WhatIsOutOfRangeCountsAtTheEnds) {
  EXPECT_EQ(Sketch::bucket_of(0), 0U);
  EXPECT_EQ(Sketch::bucket_of(-1), 0U);
  EXPECT_EQ(Sketch::bucket_of(1e-9), 0U);
  EXPECT_EQ(Sketch::bucket_of(1e12), Sketch::kBuckets - 1);
}

TEST(Sketch, PercentilesAreWithinAHundredth) {
  lab::Rng rng(7);
  SketchTally tally;
  Trend exact;
  for (int i = 0; i < 2000; ++i) {
    const double value = 50 / (0.01 + rng.uniform01());
    tally.add(value);
    exact.add(value);
  }
  const Sketch sketch = tally.peek();
  EXPECT_EQ(sketch.count(), 2000U);
  EXPECT_EQ(sketch.min(), exact.min());
  EXPECT_EQ(sketch.max(), exact.max());
  EXPECT_DOUBLE_EQ(sketch.mean(), exact.mean());
  for (const double percent : {0.0, 5.0, 50.0, 90.0, 95.0, 99.0, 100.0}) {
    EXPECT_NEAR(sketch.percentile(percent), exact.percentile(percent),
                exact.percentile(percent) * 0.01)
        << percent;
  }
}

TEST(Sketch, OneValueIsEveryPercentile) {
  SketchTally tally;
  tally.add(82.5);
  EXPECT_EQ(tally.peek().percentile(1), 82.5);
  EXPECT_EQ(tally.peek().percentile(99), 82.5);
}

TEST(Sketch, MergedIsAsIfAddedToOne) {
  SketchTally a;
  SketchTally b;
  SketchTally both;
  for (const double value : {3.0, 4.0, 900.0}) {
    a.add(value);
    both.add(value);
  }
  for (const double value : {0.25, 4.0, 5000.0}) {
    b.add(value);
    both.add(value);
  }
  Sketch merged = a.peek();
  merged.merge(b.peek());
  merged.merge({});
  EXPECT_EQ(merged, both.peek());
  Sketch from_nothing;
  from_nothing.merge(merged);
  EXPECT_EQ(from_nothing, merged);
}

TEST(Sketch, AClearedTallyBeginsAgain) {
  SketchTally tally;
  tally.add(10);
  tally.add(20'000);
  tally.clear();
  EXPECT_TRUE(tally.empty());
  tally.add(30);
  EXPECT_EQ(tally.peek().count(), 1U);
  EXPECT_EQ(tally.peek().min(), 30);
}

TEST(Sketch, ItsTextIsReadAsItself) {
  SketchTally tally;
  for (const double value : {0.0001, 1.5, 1.5, 1.6, 123.456, 1e9}) tally.add(value);
  const Sketch sketch = tally.peek();
  const auto read = parse_sketch(to_text(sketch));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, sketch);
  EXPECT_EQ(to_text({}), "");
  EXPECT_EQ(*parse_sketch(""), Sketch());
}

TEST(Sketch, OtherTextsAreRefused) {
  for (const std::string text : {"x", "1", "1 2 1 600 1", "3 1 2 640 3", "3 1 2 640 1 0 1",
                                 "3 1 2 640 0", "3 1 2 640 1 9999 1", "nan 1 2 640 1",
                                 "3 1 2 640 1 64 1 ", "3  1 2 640 1", "3 1 2 640 -1"}) {
    EXPECT_FALSE(parse_sketch(text)) << text;
  }
}

}  // namespace
}  // namespace loader
