// Metrics as plain values: added to others they count as the samples themselves would.
#include "loader/metrics/metrics_record.h"

#include <gtest/gtest.h>

#include <string>

namespace loader {
namespace {

using B = BuiltinMetrics;
using std::chrono::seconds;

lab::TimePoint at(int second) { return lab::TimePoint(seconds(second)); }

/// Metrics with a sub-metric, and a check in a group.
struct Measured {
  MetricRegistry registry;
  TagTable tags;
  MetricId of_good = registry.declare_reference("http_req_duration{status:200}").value();
  Metrics metrics{registry, tags};
  Breakdown breakdown{registry, tags};

  void request(const char* status, double milliseconds, int second) {
    const TagSetId set = tags.intern({{"scenario", "s"}, {"status", status}});
    metrics.add(B::http_req_duration, milliseconds, set, at(second));
    breakdown.add({B::http_req_duration, set, milliseconds, at(second)});
  }
};

TEST(MetricsRecord, AddsUpToWhatWasMeasured) {
  Measured run;
  run.request("200", 10, 1);
  run.request("500", 30, 2);
  run.metrics.add(B::http_reqs, 2, {}, at(2));
  run.metrics.add(B::http_req_failed, 1, {}, at(2));
  run.metrics.add(B::http_req_failed, 0, {}, at(2));
  const GroupId group = run.metrics.declare_group({}, "chat");
  run.metrics.add_check(run.metrics.declare_check(group, "ok"), false, {}, at(3));

  Measured sum;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(add_record(record_of(run.metrics, at(0)), sum.metrics, at(0)));
  }
  EXPECT_EQ(sum.metrics.trend(B::http_req_duration).count(), 4u);
  EXPECT_EQ(sum.metrics.trend(sum.of_good).count(), 2u);
  EXPECT_EQ(sum.metrics.trend(sum.of_good).max(), 10);
  EXPECT_EQ(sum.metrics.counter(B::http_reqs).sum, 4);
  EXPECT_EQ(sum.metrics.rate(B::http_req_failed).rate(), 0.5);
  EXPECT_EQ(sum.metrics.check_tree().checks()[0].path, "::chat::ok");
  EXPECT_EQ(sum.metrics.check({0}).fails, 2u);
}

TEST(MetricsRecord, TheLaterGaugeIsTheLastOne) {
  Measured early;
  early.metrics.add(B::vus, 3, {}, at(10));
  Measured late;
  late.metrics.add(B::vus, 5, {}, at(20));
  Measured sum;
  // The first began at 0 on the common clock, the second at 2 on its own, which is 100 there.
  ASSERT_TRUE(add_record(record_of(late.metrics, at(2)), sum.metrics, at(100)));
  ASSERT_TRUE(add_record(record_of(early.metrics, at(0)), sum.metrics, at(0)));
  EXPECT_EQ(sum.metrics.gauge(B::vus).value, 5);
  EXPECT_EQ(sum.metrics.gauge(B::vus).min, 3);
  EXPECT_EQ(sum.metrics.gauge(B::vus).at, at(118));
}

TEST(MetricsRecord, PartsKeepTheirMetricsAndTheirTime) {
  Measured run;
  run.request("200", 10, 5);
  run.request("200", 20, 9);
  Measured sum;
  ASSERT_TRUE(add_record(record_of(run.breakdown, at(1)), sum.breakdown, at(0)));
  ASSERT_TRUE(add_record(record_of(run.breakdown, at(1)), sum.breakdown, at(3)));
  ASSERT_EQ(sum.breakdown.parts().size(), 1u);
  const Breakdown::Part& part = *sum.breakdown.parts()[0];
  EXPECT_EQ(part.name, "s");
  EXPECT_EQ(part.first, at(4));
  EXPECT_EQ(part.last, at(11));
  EXPECT_EQ(part.metrics.trend(B::http_req_duration).count(), 4u);
}

TEST(MetricsRecord, WhatWasMeasuredBeforeTheStartIsOfTheStart) {
  Measured run;
  run.request("200", 10, 5);
  run.metrics.add(B::vus, 1, {}, at(5));
  const std::vector<PartRecord> parts = record_of(run.breakdown, at(9));
  EXPECT_EQ(parts[0].first, seconds(0));
  EXPECT_EQ(parts[0].last, seconds(0));
  EXPECT_EQ(record_of(run.metrics, at(9)).metrics[0].at, seconds(0));
}

TEST(MetricsRecord, WhatDoesNotFitIsNamed) {
  const auto refused = [](MetricsRecord record) {
    Measured sum;
    const auto added = add_record(record, sum.metrics, at(0));
    return added ? std::string() : added.error().to_string();
  };
  EXPECT_EQ(refused({.metrics = {{.name = "http_req", .samples = 1}}}),
            "metric \"http_req\": is not one of the run's");
  EXPECT_EQ(refused({.metrics = {{.name = "http_reqs", .type = MetricType::gauge, .samples = 1}}}),
            "metric \"http_reqs\": is not one of the run's");
  EXPECT_EQ(refused({.metrics = {{.name = "http_reqs"}}}), "metric \"http_reqs\": has no samples");
  EXPECT_EQ(refused({.metrics = {{.name = "http_req_failed",
                                  .type = MetricType::rate,
                                  .samples = 1,
                                  .nonzero = 2}}}),
            "metric \"http_req_failed\": has more nonzero than samples");
  EXPECT_EQ(
      refused({.metrics = {{.name = "vus", .type = MetricType::gauge, .samples = 1, .value = 2}}}),
      "metric \"vus\": has a value that is not between min and max");
  EXPECT_EQ(refused({.groups = {{.name = "g", .parent = 1}}}),
            "\"g\": is in a group that does not stand before it");
  EXPECT_EQ(refused({.checks = {{.name = "c", .group = 1}}}),
            "\"c\": is in a group that does not stand before it");
}

TEST(Metrics, WhatIsAddedWhileMutedIsLeftOut) {
  Measured run;
  const CheckId check = run.metrics.declare_check({}, "ok");
  run.metrics.mute(true);
  run.request("200", 10, 1);
  run.metrics.add_check(check, true, {}, at(1));
  run.metrics.mute(false);
  run.request("200", 20, 2);
  EXPECT_EQ(run.metrics.trend(B::http_req_duration).count(), 1u);
  EXPECT_EQ(run.metrics.check(check).passes, 0u);
}

}  // namespace
}  // namespace loader
