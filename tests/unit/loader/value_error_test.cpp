#include "loader/run/value_error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace loader {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Equally many of each.
Trend trend_of(const std::vector<double>& values, int each = 1) {
  Trend trend;
  for (const double value : values) {
    for (int i = 0; i < each; ++i) trend.add(value);
  }
  return trend;
}

// 1, 2, … count.
Trend ramp(int count) {
  Trend trend;
  for (int i = 1; i <= count; ++i) trend.add(i);
  return trend;
}

ThresholdExpression expression(const char* text) {
  return parse_threshold_expression(text).value();
}

TEST(PercentileError, IsAtMostTheGreatestLateness) {
  EXPECT_DOUBLE_EQ(percentile_error(trend_of({800}), 95, trend_of({10})), 10);
  EXPECT_DOUBLE_EQ(percentile_error(trend_of({800, 900}), 95, trend_of({0, 10})), 10);
}

TEST(PercentileError, OfARareStandstillIsThatOfTheOthersAndTheNeighbours) {
  // One in a thousand waits half a second, the others a tenth of a millisecond.
  Trend reads = trend_of({0.1}, 999);
  reads.add(500);
  // Durations of 1 to 1000 ms: a percent is 10 ms.
  const double error = percentile_error(ramp(1000), 95, reads);
  EXPECT_GT(error, 1);
  EXPECT_LT(error, 7);
  // So little of the greatest, too: were it that one, it would stand out among the others.
  EXPECT_NEAR(percentile_error(ramp(1000), 100, reads), error, 0.1);
}

TEST(PercentileError, OfLatenessThatIsCommonIsIt) {
  EXPECT_NEAR(percentile_error(ramp(1000), 50, trend_of({20}, 100)), 20, 1e-9);
}

TEST(PercentileError, OfFewSamplesIsThatOfAllOfThem) {
  // One moment in a hundred is late, and so may be one of ten requests.
  Trend reads = trend_of({0}, 99);
  reads.add(300);
  Trend durations = trend_of({100}, 9);
  durations.add(400);
  EXPECT_DOUBLE_EQ(percentile_error(durations, 100, reads), 300);
}

TEST(ShareAbove, CountsWhatIsGreater) {
  EXPECT_DOUBLE_EQ(share_above(ramp(10), 10), 0);
  EXPECT_DOUBLE_EQ(share_above(Trend(), 10), 0);
  EXPECT_DOUBLE_EQ(share_above(trend_of({20, 30}), 10), 1);
  EXPECT_NEAR(share_above(ramp(1001), 901), 0.1, 1e-3);
}

struct OtherwiseCase {
  const char* threshold;
  double observed;
  ValueRange range;
  bool could_be;
};

TEST(Verdicts, CouldBeOtherwiseIfTheLimitIsWithinTheRange) {
  const std::vector<OtherwiseCase> cases{
      // What it was made for: ten milliseconds decide about 805, and not about 15000.
      {"p(95)<15000", 800, {790, 810}, false}, {"p(95)<805", 800, {790, 810}, true},
      {"p(95)<795", 800, {790, 810}, true},    {"p(95)<500", 800, {790, 810}, false},
      {"p(95)<810", 800, {790, 810}, true},    {"p(95)<=810", 800, {790, 810}, false},
      {"avg>805", 800, {790, 810}, true},      {"count==0", 5, {0, 5}, true},
      {"count==0", 5, {2, 5}, false},          {"count!=3", 5, {2, 5}, true},
      {"rate>100", 90, {90, kInfinity}, true}, {"rate>100", 110, {110, kInfinity}, false},
      {"rate<100", 110, {110, 110}, false},    {"rate<110", 110, {110, 110}, false},
  };
  for (const OtherwiseCase& each : cases) {
    EXPECT_EQ(could_be_otherwise(expression(each.threshold), each.observed, each.range),
              each.could_be)
        << each.threshold << " of " << each.observed;
  }
}

/// A run of ten requests of 100 ms in five iterations, at 10 per second.
class Ranges : public testing::Test {
 protected:
  Ranges() {
    for (int i = 0; i < 10; ++i) {
      metrics_.add(BuiltinMetrics::http_reqs, 1, {}, {});
      metrics_.add(BuiltinMetrics::http_req_duration, 100, {}, {});
      metrics_.add(BuiltinMetrics::llm_response_time, 100, {}, {});
      metrics_.add(BuiltinMetrics::llm_tokens_per_second, 50, {}, {});
    }
    for (int i = 0; i < 5; ++i) {
      metrics_.add(BuiltinMetrics::iterations, 1, {}, {});
      metrics_.add(BuiltinMetrics::iteration_duration, 300, {}, {});
      metrics_.add(BuiltinMetrics::iteration_start_delay, 40, {}, {});
    }
    metrics_.add(BuiltinMetrics::dropped_iterations, 8, {}, {});
    // A fifth of all waits is of 20 ms.
    strain_.reads = trend_of({0, 0, 0, 0, 20}, 100);
    strain_.late_drops = 6;
    errors_.is_late = true;
  }

  ValueRange range(MetricId metric, const char* threshold, double observed) {
    return errors_.range(expression(threshold), metric, observed);
  }

  MetricRegistry registry_;
  TagTable tags_;
  Metrics metrics_{registry_, tags_};
  Strain strain_;
  ValueErrors errors_{strain_, metrics_, std::chrono::seconds(2)};
};

void expect_range(const ValueRange& range, double low, double high, const char* what) {
  EXPECT_NEAR(range.low, low, 1e-3 * std::abs(low) + 1e-9) << what;
  if (std::isinf(high)) {
    EXPECT_TRUE(std::isinf(range.high)) << what;
  } else {
    EXPECT_NEAR(range.high, high, 1e-3 * high + 1e-9) << what;
  }
}

TEST_F(Ranges, OfDurationsGoBothWays) {
  expect_range(range(BuiltinMetrics::http_req_duration, "max<1", 100), 100, 100, "all are alike");
  expect_range(range(BuiltinMetrics::http_req_duration, "avg<1", 100), 96, 104, "the mean");
  expect_range(range(BuiltinMetrics::http_req_duration, "p(95)<1", 100), 100, 100, "all are alike");
  expect_range(range(BuiltinMetrics::http_req_duration, "min<1", 100), 80, 120, "any may be it");
  expect_range(range(BuiltinMetrics::http_req_duration, "min<1", 5), 0, 25, "never negative");
}

TEST_F(Ranges, OfAnIterationCountEachWait) {
  // Two requests and one sleep.
  expect_range(range(BuiltinMetrics::iteration_duration, "avg<1", 300), 288, 312, "the mean");
}

TEST_F(Ranges, OfTokensPerSecondGoByTheResponseTime) {
  expect_range(range(BuiltinMetrics::llm_tokens_per_second, "avg>1", 50), 48, 52, "the mean");
}

TEST_F(Ranges, OfALoadGoUpByTheTimeThatWasLost) {
  expect_range(range(BuiltinMetrics::http_reqs, "count>1", 10), 10, 12.5, "a fifth was lost");
  expect_range(range(BuiltinMetrics::http_reqs, "count==10", 10), 10, 10, "none was asked for");
  errors_.is_busy = true;
  expect_range(range(BuiltinMetrics::http_reqs, "rate>1", 5), 5, kInfinity, "no more to give");
}

TEST_F(Ranges, OfDroppedIterationsGoDownByThoseOfLateSeconds) {
  expect_range(range(BuiltinMetrics::dropped_iterations, "count<1", 8), 2, 8, "the count");
  expect_range(range(BuiltinMetrics::dropped_iterations, "rate<1", 4), 1, 4, "the rate");
}

TEST_F(Ranges, OfWhatLatenessDoesNotMoveAreExact) {
  expect_range(range(BuiltinMetrics::iteration_start_delay, "max<1", 40), 40, 40, "itself");
  expect_range(range(BuiltinMetrics::http_req_failed, "rate<1", 0.5), 0.5, 0.5, "a share");
  errors_.is_late = false;
  expect_range(range(BuiltinMetrics::http_req_duration, "max<1", 100), 100, 100, "not late");
  expect_range(range(BuiltinMetrics::http_reqs, "count>1", 10), 10, 10, "not late");
}

TEST_F(Ranges, OfASubMetricAreThoseOfItsParent) {
  expect_range(range(BuiltinMetrics::http_req_duration_expected, "min<1", 100), 80, 120, "of all");
}

}  // namespace
}  // namespace loader
