// Two small runs to summarise: one like the smoke suite that went well, and one with everything
// that can go wrong.
#pragma once

#include <gtest/gtest.h>

#include "loader/summary/summary_data.h"

namespace loader {

class SummaryFixture : public testing::Test {
 protected:
  using B = BuiltinMetrics;

  void threshold(const char* metric, const char* expression) {
    const auto added = add_threshold(set, registry, metric, expression);
    ASSERT_TRUE(added) << added.error().what;
  }

  void request(Metrics& metrics, const char* status, bool expected, double milliseconds) {
    const TagSetId set_id =
        tags.intern({{"status", status}, {"expected_response", expected ? "true" : "false"}});
    metrics.add(B::http_reqs, 1, set_id, {});
    metrics.add(B::http_req_failed, expected ? 0 : 1, set_id, {});
    metrics.add(B::http_req_duration, milliseconds, set_id, {});
    metrics.add(B::http_req_waiting, milliseconds / 2, set_id, {});
  }

  [[nodiscard]] SummaryData good_run() {
    threshold("http_req_failed", "rate<0.01");
    threshold("http_req_duration", "p(95)<15000");
    threshold("checks", "rate>0.99");
    const CheckId healthy = registry.checks().declare_check({}, "health check returns 200");
    const CheckId content = registry.checks().declare_check({}, "chat completion has content");
    Metrics metrics(registry, tags);
    for (int i = 0; i < 10; ++i) {
      request(metrics, "200", true, 100.123 + 10 * i);
      metrics.add_check(healthy, true, {}, {});
      metrics.add_check(content, true, {}, {});
      metrics.add(B::iterations, 1, {}, {});
      metrics.add(B::iteration_duration, 1100.5 + i, {}, {});
      metrics.add(B::data_sent, 490, {}, {});
      metrics.add(B::data_received, 51'900, {}, {});
      metrics.add(B::llm_success_rate, 1, {}, {});
    }
    metrics.add(B::vus, 1, {}, {});
    metrics.add(B::vus_max, 1, {}, {});
    const auto report = evaluate_at_end(set, metrics, duration, NoDataPolicy::fail);
    SummaryData data = make_summary_data(metrics, report, {.duration = duration});
    data.notes = {"seed 42"};
    return data;
  }

  [[nodiscard]] SummaryData bad_run() {
    const MetricId depth = *registry.declare("queue_depth", MetricType::trend);
    threshold("http_req_failed", "rate<0.05");
    threshold("http_req_duration", "p(95)<500");
    threshold("http_req_duration", "p(99)<1000");
    threshold("http_req_duration{status:200}", "avg<200");
    threshold("llm_time_to_first_token", "p(95)<5000");
    threshold("http_reqs", "rate>10");
    const GroupId chat = registry.checks().declare_group({}, "chat");
    const CheckId status = registry.checks().declare_check({}, "status is 200");
    const CheckId valid = registry.checks().declare_check(chat, "has valid response");
    (void)registry.checks().declare_check(chat, "is SSE\x1b[2J response");
    Metrics metrics(registry, tags);
    for (int i = 0; i < 4; ++i) {
      request(metrics, "200", true, 150);
      metrics.add_check(status, true, {}, {});
      metrics.add_check(valid, true, {}, {});
      metrics.add(depth, 2.5 * i, {}, {});
    }
    for (int i = 0; i < 2; ++i) {
      request(metrics, "500", false, 2500);
      metrics.add_check(status, false, {}, {});
    }
    metrics.add(B::dropped_iterations, 3, {}, {});
    const auto report = evaluate_at_end(set, metrics, duration, NoDataPolicy::fail);
    return make_summary_data(
        metrics, report,
        {.duration = duration,
         .errors = {
             {.text = "status 503",
              .count = 30,
              .kind = ErrorKind::status,
              .status = 503,
              .message = "The <model> is overloaded\x1b[2J, as it has been for some time now: "
                         "come back later, and bring some time",
              .host = "gateway:8080",
              .model = "gpt-4",
              .scenario = "stress",
              .first = std::chrono::milliseconds(1500),
              .last = std::chrono::seconds(9),
              .request_id = "load-test-0123456789abcdef"},
             {.text = "dial: connection refused (gateway:8080)",
              .count = 2,
              .host = "gateway:8080",
              .first = std::chrono::seconds(2),
              .last = std::chrono::seconds(2),
              .request_id = "load-test-fedcba9876543210"}}});
  }

  lab::Duration duration = std::chrono::seconds(11);
  MetricRegistry registry;
  TagTable tags;
  ThresholdSet set;
};

}  // namespace loader
