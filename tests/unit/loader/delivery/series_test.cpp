#include "loader/delivery/series.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

TEST(SeriesTable, PutsSamplesTogetherByMetricAndTags) {
  const MetricRegistry registry;
  SeriesTable table(registry, TrendAs::trend);
  table.add_tags({{"status", "200"}});
  table.add_tags({{"status", "500"}});
  table.add(std::vector<HandedSample>{{B::http_reqs, 0, 0, 1, lab::TimePoint(2s)},
                                      {B::http_reqs, 0, 1, 1, lab::TimePoint(1s)},
                                      {B::http_reqs, 0, 0, 2, lab::TimePoint(1s)},
                                      {B::vus, 0, 0, 7, lab::TimePoint(5s)},
                                      {B::vus, 0, 0, 6, lab::TimePoint(4s)}});
  ASSERT_EQ(table.all().size(), 3u);
  const Series& first = table.all()[0];
  EXPECT_EQ(std::get<CounterSink>(first.value).sum, 3);
  EXPECT_EQ(first.latest, lab::TimePoint(2s));
  EXPECT_EQ(first.fresh, 2u);
  EXPECT_EQ(table.tags(first), (TagTexts{{"status", "200"}}));
  // The last sample of a gauge is that of the latest instant, whichever thread's came last.
  EXPECT_EQ(std::get<GaugeSink>(table.all()[2].value).value, 7);
}

TEST(SeriesTable, EmptyTagsMakeNoSeries) {
  const MetricRegistry registry;
  SeriesTable table(registry, TrendAs::trend);
  table.add_tags({{"group", ""}, {"status", "200"}});
  table.add_tags({{"status", "200"}});
  table.add(std::vector<HandedSample>{{B::checks, 0, 0, 1, {}}, {B::checks, 0, 1, 0, {}}});
  ASSERT_EQ(table.all().size(), 1u);
  EXPECT_EQ(std::get<RateSink>(table.all()[0].value).rate(), 0.5);
}

TEST(SeriesTable, NativeHistogramsOfTimesHoldSeconds) {
  const MetricRegistry registry;
  SeriesTable table(registry, TrendAs::native_histogram);
  table.add_tags({});
  table.add(std::vector<HandedSample>{{B::http_req_duration, 0, 0, 1500, {}},
                                      {B::llm_tokens_generated, 0, 0, 1500, {}}});
  EXPECT_EQ(std::get<NativeHistogram>(table.all()[0].value).sum(), 1.5);
  EXPECT_EQ(std::get<NativeHistogram>(table.all()[1].value).sum(), 1500);
}

TEST(BorderedHistogram, BordersBelongToTheBucketBelow) {
  BorderedHistogram histogram;
  for (const double value : {-1.0, 0.0, 0.1, 5.0, 5.1, 10'000.0, 10'001.0}) histogram.add(value);
  EXPECT_EQ(histogram.counts[0], 2u);
  EXPECT_EQ(histogram.counts[1], 2u);
  EXPECT_EQ(histogram.counts[2], 1u);
  EXPECT_EQ(histogram.counts[14], 1u);
  EXPECT_EQ(histogram.counts[15], 1u);
  EXPECT_EQ(histogram.min, -1);
  EXPECT_EQ(histogram.max, 10'001);
  EXPECT_EQ(histogram.count, 7u);
}

}  // namespace
}  // namespace loader
