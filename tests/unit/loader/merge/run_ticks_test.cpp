#include "loader/run/run_ticks.h"

#include <gtest/gtest.h>

#include <tuple>

namespace loader {
namespace {

using B = BuiltinMetrics;
using std::chrono::minutes;
using std::chrono::seconds;

std::vector<std::tuple<int, int, int>> plain(const std::vector<TickStretch>& stretches) {
  std::vector<std::tuple<int, int, int>> list;
  for (const TickStretch& each : stretches) {
    list.emplace_back(each.ticks, each.each.active_vus, each.each.vus);
  }
  return list;
}

TEST(RunTicks, AreSamplesAndAreRemembered) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  RunTicks ticks(metrics, {}, 4);
  for (int second = 1; second <= 5; ++second) {
    const std::uint64_t vus = second < 4 ? 3 : 6;
    ticks.add({.active_vus = vus - 1, .vus = vus}, lab::TimePoint(seconds(second)));
  }
  EXPECT_EQ(metrics.gauge(B::vus).value, 5);
  EXPECT_EQ(metrics.gauge(B::vus).min, 2);
  // Those that are planned stand ready, even if they are not all there.
  EXPECT_EQ(metrics.gauge(B::vus_max).min, 4);
  EXPECT_EQ(metrics.gauge(B::vus_max).max, 6);
  EXPECT_EQ(plain(ticks.stretches()),
            (std::vector<std::tuple<int, int, int>>{{3, 2, 3}, {2, 5, 6}}));
}

TEST(RunTicks, OfTwoPartsAddUp) {
  const std::vector<TickStretch> a{{3, {1, 2}}, {2, {4, 4}}};
  const std::vector<TickStretch> b{{1, {10, 10}}, {1, {20, 20}}};
  const std::vector<std::tuple<int, int, int>> sum{{1, 11, 12}, {1, 21, 22}, {1, 1, 2}, {2, 4, 4}};
  EXPECT_EQ(plain(sum_of(a, b)), sum);
  EXPECT_EQ(plain(sum_of(b, a)), sum);
  EXPECT_EQ(plain(sum_of(a, {})), plain(a));
  EXPECT_TRUE(sum_of({}, {}).empty());
  // What becomes alike by being added up is one stretch.
  EXPECT_EQ(sum_of({{1, {1, 1}}, {1, {2, 2}}}, {{1, {2, 2}}, {1, {1, 1}}}).size(), 1u);
}

TEST(RunTicks, TellEachWindowOfTheDriftOnce) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  RunTicks ticks(metrics, {}, 1);
  LatencyDrift drift;
  for (int window = 0; window < 4; ++window) drift.add(100 + window, minutes(5 * window));
  for (int minute = 1; minute <= 20; ++minute) {
    ticks.add_drift(drift, minutes(minute), lab::TimePoint(minutes(minute)));
  }
  EXPECT_EQ(metrics.trend(B::llm_hourly_latency).count(), 4u);
  EXPECT_EQ(metrics.gauge(B::llm_latency_drift).samples, 2u);
}

TEST(RunTicks, KnowTheirMetrics) {
  MetricRegistry registry;
  ASSERT_TRUE(registry.declare_reference("vus{env:prod}"));
  EXPECT_TRUE(is_told_by_ticks(registry, "vus"));
  EXPECT_TRUE(is_told_by_ticks(registry, "vus{env:prod}"));
  EXPECT_TRUE(is_told_by_ticks(registry, "llm_latency_drift_low"));
  EXPECT_FALSE(is_told_by_ticks(registry, "iterations"));
  EXPECT_FALSE(is_told_by_ticks(registry, "unknown"));
}

}  // namespace
}  // namespace loader
