#include "loader/metrics/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace loader {
namespace {

using B = BuiltinMetrics;

lab::TimePoint at_second(int s) { return lab::TimePoint(std::chrono::seconds(s)); }

TEST(Metrics, PutsSamplesTogetherByType) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);

  metrics.add(B::http_reqs, 1, {}, at_second(1));
  metrics.add(B::http_reqs, 2.5, {}, at_second(2));
  metrics.add(B::vus, 5, {}, at_second(1));
  metrics.add(B::vus, 9, {}, at_second(2));
  metrics.add(B::vus, 3, {}, at_second(3));
  metrics.add(B::http_req_failed, 0, {}, at_second(1));
  metrics.add(B::http_req_failed, 1, {}, at_second(1));
  metrics.add(B::http_req_waiting, 12, {}, at_second(1));

  EXPECT_EQ(metrics.counter(B::http_reqs).sum, 3.5);
  EXPECT_EQ(metrics.gauge(B::vus).value, 3);
  EXPECT_EQ(metrics.gauge(B::vus).min, 3);
  EXPECT_EQ(metrics.gauge(B::vus).max, 9);
  EXPECT_EQ(metrics.rate(B::http_req_failed).rate(), 0.5);
  EXPECT_EQ(metrics.trend(B::http_req_waiting).mean(), 12);
  EXPECT_FALSE(metrics.has_samples(B::http_req_sending));
  EXPECT_EQ(metrics.samples(B::http_reqs), 2u);
}

TEST(Metrics, GivesSubmetricsTheSamplesWithAllTheirTags) {
  MetricRegistry registry;
  const MetricId post_ok = *registry.declare_reference("http_reqs{method:POST,status:200}");
  const MetricId ok = *registry.declare_reference("http_reqs{status:200}");
  TagTable tags;
  Metrics metrics(registry, tags);

  const TagSetId get = tags.intern({{"method", "GET"}, {"status", "200"}, {"name", "x"}});
  metrics.add(B::http_reqs, 1, get, at_second(1));
  // A tag set interned after the first sample is matched as well.
  const TagSetId post = tags.intern({{"method", "POST"}, {"status", "200"}});
  metrics.add(B::http_reqs, 1, post, at_second(1));
  metrics.add(B::http_reqs, 1, post, at_second(1));
  metrics.add(B::http_reqs, 1, {}, at_second(1));

  EXPECT_EQ(metrics.counter(B::http_reqs).sum, 4);
  EXPECT_EQ(metrics.counter(ok).sum, 3);
  EXPECT_EQ(metrics.counter(post_ok).sum, 2);
}

TEST(Metrics, KeepsDurationsOfExpectedResponsesApart) {
  const MetricRegistry registry;
  TagTable tags;
  Metrics metrics(registry, tags);
  metrics.add(B::http_req_duration, 1, tags.intern({{"expected_response", "false"}}), {});
  metrics.add(B::http_req_duration, 100, tags.intern({{"expected_response", "true"}}), {});
  EXPECT_EQ(metrics.trend(B::http_req_duration).mean(), 50.5);
  EXPECT_EQ(metrics.trend(B::http_req_duration_expected).mean(), 100);
}

TEST(Metrics, CountsChecksAndTheirRate) {
  MetricRegistry registry;
  const CheckId check = registry.checks().declare_check({}, "status is 200");
  const TagTable tags;
  Metrics metrics(registry, tags);
  metrics.add_check(check, true, {}, {});
  metrics.add_check(check, true, {}, {});
  metrics.add_check(check, false, {}, {});
  EXPECT_EQ(metrics.check(check).passes, 2u);
  EXPECT_EQ(metrics.check(check).fails, 1u);
  EXPECT_EQ(metrics.rate(B::checks).nonzero, 2u);
  EXPECT_EQ(metrics.rate(B::checks).samples, 3u);
}

TEST(Metrics, RefusesWhatIsNotANumber) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  metrics.add(B::llm_tokens_per_second, std::nan(""), {}, {});
  metrics.add(B::llm_tokens_per_second, std::numeric_limits<double>::infinity(), {}, {});
  EXPECT_FALSE(metrics.has_samples(B::llm_tokens_per_second));
  EXPECT_EQ(metrics.refused(), 2u);
}

TEST(Metrics, ShowsObserversEachSampleOnce) {
  const MetricRegistry registry;
  TagTable tags;
  Metrics metrics(registry, tags);
  std::vector<Sample> seen;
  metrics.observe([&](const Sample& sample, const TagTable&) { seen.push_back(sample); });

  const TagSetId set = tags.intern({{"expected_response", "true"}});
  metrics.add(B::http_req_duration, 12.5, set, at_second(4));

  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].metric, B::http_req_duration);
  EXPECT_EQ(seen[0].tags, set);
  EXPECT_EQ(seen[0].value, 12.5);
  EXPECT_EQ(seen[0].at, at_second(4));
}

TEST(Metrics, AsksAnObserverOfSomeMetricsAboutNoOthers) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  std::vector<MetricId> some;
  std::size_t all = 0;
  metrics.observe({B::http_reqs, B::checks},
                  [&](const Sample& sample, const TagTable&) { some.push_back(sample.metric); });
  metrics.observe([&](const Sample&, const TagTable&) { ++all; });

  metrics.add(B::http_req_duration, 1, {}, {});
  metrics.add(B::checks, 1, {}, {});
  metrics.add(B::http_reqs, 1, {}, {});

  EXPECT_EQ(some, (std::vector{B::checks, B::http_reqs}));
  EXPECT_EQ(all, 3u);
}

TEST(Metrics, TellsObserversWhichRequestASampleIsOf) {
  const MetricRegistry registry;
  const TagTable tags;
  Metrics metrics(registry, tags);
  std::vector<std::string> ids;
  metrics.observe(
      [&](const Sample& sample, const TagTable&) { ids.emplace_back(sample.metadata); });
  metrics.add(B::vus, 1, {}, {});
  {
    const Metrics::OfRequest of_request(metrics, "a");
    metrics.add(B::http_reqs, 1, {}, {});
    metrics.add(B::http_req_duration, 1, {}, {});
  }
  metrics.add(B::iterations, 1, {}, {});
  EXPECT_EQ(ids, (std::vector<std::string>{"", "a", "a", ""}));
}

TEST(Metrics, MergesThreadsWithTheirOwnTagTables) {
  MetricRegistry registry;
  const MetricId ok = *registry.declare_reference("http_reqs{status:200}");
  const CheckId check = registry.checks().declare_check({}, "c");
  TagTable first_tags;
  TagTable second_tags;
  Metrics first(registry, first_tags);
  Metrics second(registry, second_tags);

  (void)second_tags.with({}, "only", "here");
  first.add(B::http_reqs, 1, first_tags.with({}, "status", "200"), at_second(1));
  second.add(B::http_reqs, 1, second_tags.with({}, "status", "200"), at_second(1));
  first.add(B::vus, 7, {}, at_second(9));
  second.add(B::vus, 2, {}, at_second(3));
  second.add_check(check, false, {}, at_second(1));
  first.merge(second);

  EXPECT_EQ(first.counter(ok).sum, 2);
  EXPECT_EQ(first.gauge(B::vus).value, 7);  // The later sample.
  EXPECT_EQ(first.gauge(B::vus).min, 2);
  EXPECT_EQ(first.check(check).fails, 1u);
  EXPECT_EQ(first.rate(B::checks).samples, 1u);
}

}  // namespace
}  // namespace loader
