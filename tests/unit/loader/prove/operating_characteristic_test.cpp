#include "loader/prove/operating_characteristic.h"

#include <gtest/gtest.h>

#include "shared/base/rng.h"

namespace loader {
namespace {

TEST(Variation, IsAFamilyAndTwoNumbers) {
  const auto read = parse_variation("status-500=0..20%");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->family, "status-500");
  EXPECT_EQ(read->from, 0);
  EXPECT_EQ(read->to, 20);
  EXPECT_EQ(parse_variation("latency=0.5..1.5s").value().to, 1.5);
  for (const char* const text :
       {"status-500", "status-500=5", "a=x..5", "a=1..", "a=5..5", "a=1..inf"}) {
    EXPECT_FALSE(parse_variation(text)) << text;
  }
}

TEST(ThresholdText, IsAMetricAndAnExpression) {
  EXPECT_EQ(parse_threshold_text("http_req_failed: rate<0.05").value().metric, "http_req_failed");
  EXPECT_EQ(parse_threshold_text("http_req_failed:rate<0.05").value().expression, "rate<0.05");
  const auto tagged = parse_threshold_text("http_req_duration{a:b}: p(95)<1");
  EXPECT_EQ(tagged.value().metric, "http_req_duration{a:b}");
  EXPECT_EQ(tagged.value().expression, "p(95)<1");
  EXPECT_FALSE(parse_threshold_text("rate<0.05"));
}

TEST(TrialsToTell, GrowAsTheLimitComesNear) {
  const ThresholdExpression limit = parse_threshold_expression("rate<0.05").value();
  // As statsmodels' or any binomial calculator has it: of 100 trials with p = 0.1, 5 or more fail
  // in 97.6 % of cases.
  EXPECT_NEAR(binomial_tail(5, 100, 0.1), 0.9763, 1e-4);
  const auto far = trials_to_tell(limit, 0.5);
  const auto near = trials_to_tell(limit, 0.06);
  ASSERT_TRUE(far && near);
  EXPECT_LT(*far, 25U);
  EXPECT_GT(*near, 1000U);
  EXPECT_LT(*near, 3000U);
  EXPECT_FALSE(trials_to_tell(limit, 0.05));
  // Of what is within the limit, that it stays green.
  EXPECT_TRUE(trials_to_tell(limit, 0.03));
  EXPECT_TRUE(trials_to_tell(parse_threshold_expression("rate>0.95").value(), 0.9));
}

TEST(OperatingCharacteristic, OfARateIsThatOfTheBinomialDistribution) {
  // A run of n requests of which each fails with the probability that is varied.
  constexpr std::uint64_t kRequests[] = {50, 100, 200, 400, 800};
  const RunOfSize run = [&](double size, std::size_t length,
                            std::uint64_t seed) -> lab::Result<RunReadings> {
    lab::Rng rng = lab::Rng(seed).child("run", length, static_cast<std::uint64_t>(size * 1000));
    std::uint64_t failed = 0;
    for (std::uint64_t i = 0; i < kRequests[length]; ++i) {
      if (rng.uniform01() * 100 < size) ++failed;
    }
    RunReadings readings;
    const double rate = static_cast<double>(failed) / static_cast<double>(kRequests[length]);
    readings.thresholds.push_back({rate >= 0.05, rate, rate - 0.05});
    readings.requests = static_cast<double>(kRequests[length]);
    readings.duration = std::chrono::seconds(kRequests[length]);
    return readings;
  };
  CharacteristicPlan plan;
  plan.variation = {"status-500", 0, 10};
  plan.seeds = 2000;
  plan.threads = 2;
  plan.is_rate = true;
  plan.expression = parse_threshold_expression("rate<0.05").value();
  MutantFamily family;
  const auto found = operating_characteristic(plan, family, run, [] { return false; });
  ASSERT_TRUE(found);
  ASSERT_EQ(found->rows.size(), kCharacteristicSizes);
  int inside = 0;
  int all = 0;
  for (const CharacteristicRow& row : found->rows) {
    for (std::size_t length = 0; length < row.cells.size(); ++length) {
      const std::uint64_t limit = (kRequests[length] + 19) / 20;
      const double expected = binomial_tail(limit, kRequests[length], row.size / 100);
      const CharacteristicCell& cell = row.cells[length];
      EXPECT_NEAR(static_cast<double>(cell.red) / 2000, expected, 0.05);
      ++all;
      if (cell.interval.low <= expected && expected <= cell.interval.high) ++inside;
    }
  }
  // 95 % of the intervals, but for a few.
  EXPECT_GE(inside, all * 88 / 100);
  EXPECT_EQ(found->lengths.size(), 5U);
}

}  // namespace
}  // namespace loader
