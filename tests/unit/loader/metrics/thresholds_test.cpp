#include "loader/thresholds/thresholds.h"

#include <gtest/gtest.h>

#include "loader/thresholds/threshold_audit.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

class Thresholds : public testing::Test {
 protected:
  void declare(const char* metric, const char* expression, bool abort_on_fail = false,
               std::optional<lab::Duration> delay = {}) {
    const auto added = add_threshold(set, registry, metric, expression, abort_on_fail, delay);
    ASSERT_TRUE(added) << added.error().what;
  }
  [[nodiscard]] std::string error_of(const char* metric, const char* expression) {
    const auto added = add_threshold(set, registry, metric, expression);
    return added ? "" : added.error().what;
  }
  // Metrics of the thresholds declared so far, which measured one failed request of 100 ms in
  // status 500.
  [[nodiscard]] Metrics one_failed_request() {
    Metrics metrics(registry, tags);
    const TagSetId failed = tags.intern({{"status", "500"}});
    metrics.add(B::http_reqs, 1, failed, {});
    metrics.add(B::http_req_failed, 1, failed, {});
    metrics.add(B::http_req_duration, 100, failed, {});
    return metrics;
  }

  MetricRegistry registry;
  TagTable tags;
  ThresholdSet set;
};

TEST_F(Thresholds, RefuseWhatCanNotBe) {
  EXPECT_EQ(error_of("http_req", "rate<1"),
            "no metric is named \"http_req\"; did you mean \"http_reqs\"?");
  EXPECT_EQ(
      error_of("http_req_failed", "p(95)<1"),
      "invalid threshold \"p(95)<1\": metric \"http_req_failed\" is a rate, which has no p(95); "
      "use rate");
  EXPECT_EQ(error_of("http_reqs{x}", "count<1"),
            "malformed metric \"http_reqs{x}\": malformed tag \"x\"; write "
            "metric{tag:value,tag2:value2}");
  EXPECT_TRUE(set.empty());
}

TEST_F(Thresholds, JudgeEveryTypeAtTheEnd) {
  declare("http_reqs", "count==1");
  declare("http_reqs", "rate<0.1");
  declare("http_req_failed", "rate<0.05");
  declare("http_req_duration", "p(95)<500");
  declare("http_req_duration{status:500}", "avg<50");
  const Metrics metrics = one_failed_request();

  const auto report = evaluate_at_end(set, metrics, 10s, NoDataPolicy::fail);

  ASSERT_EQ(report.metrics.size(), 4u);
  EXPECT_EQ(report.metrics[0].results[0].verdict, Verdict::pass);
  EXPECT_EQ(report.metrics[0].results[1].verdict, Verdict::fail);  // 1 in 10 s is not below 0.1/s.
  EXPECT_EQ(report.metrics[0].results[1].observed, 0.1);
  EXPECT_EQ(report.metrics[1].results[0].verdict, Verdict::fail);
  EXPECT_EQ(report.metrics[2].results[0].verdict, Verdict::pass);
  EXPECT_EQ(report.metrics[2].results[0].observed, 100);
  EXPECT_EQ(report.metrics[3].results[0].verdict, Verdict::fail);
  EXPECT_TRUE(report.crossed());
  EXPECT_EQ(report.crossed_metrics(), (std::vector<std::string>{"http_req_duration{status:500}",
                                                                "http_req_failed", "http_reqs"}));
}

TEST_F(Thresholds, WithoutSamplesHaveNoDataWhichFails) {
  declare("llm_time_to_first_token", "p(95)<5000");
  declare("checks", "rate>0.9");
  const Metrics metrics = one_failed_request();

  const auto report = evaluate_at_end(set, metrics, 10s, NoDataPolicy::fail);

  EXPECT_EQ(report.metrics[0].results[0].verdict, Verdict::no_data);
  EXPECT_EQ(report.metrics[0].results[0].observed, std::nullopt);
  EXPECT_EQ(report.metrics[1].results[0].verdict, Verdict::no_data);
  EXPECT_EQ(report.crossed_metrics(),
            (std::vector<std::string>{"checks", "llm_time_to_first_token"}));
}

TEST_F(Thresholds, WithoutSamplesAreK6sOnRequest) {
  declare("llm_time_to_first_token", "p(95)<5000");
  declare("llm_response_time", "avg>1");
  declare("checks", "rate>0.9");
  const Metrics metrics = one_failed_request();

  const auto report = evaluate_at_end(set, metrics, 10s, NoDataPolicy::pass);

  EXPECT_EQ(report.metrics[0].results[0].verdict, Verdict::no_data);
  EXPECT_EQ(report.metrics[1].results[0].verdict, Verdict::fail);  // 0 is not above 1.
  EXPECT_EQ(report.metrics[2].results[0].verdict, Verdict::no_data);
  EXPECT_EQ(report.crossed_metrics(), (std::vector<std::string>{"llm_response_time"}));
}

TEST_F(Thresholds, TakeACounterWithoutSamplesForZero) {
  declare("dropped_iterations", "count<1");
  declare("http_reqs{status:200}", "count>0");
  const Metrics metrics = one_failed_request();

  const auto report = evaluate_at_end(set, metrics, 10s, NoDataPolicy::fail);

  EXPECT_EQ(report.metrics[0].results[0].verdict, Verdict::pass);
  EXPECT_EQ(report.metrics[0].results[0].observed, 0);
  EXPECT_EQ(report.metrics[1].results[0].verdict, Verdict::fail);
}

TEST_F(Thresholds, StayQuietDuringTheRunWithoutSamples) {
  declare("llm_response_time", "avg>1", true);
  declare("llm_total_tokens", "count>1", true);
  const Metrics metrics = one_failed_request();
  const auto report = evaluate_during_run(set, metrics, 10s);
  EXPECT_FALSE(report.crossed());
  EXPECT_FALSE(report.abort);
}

TEST_F(Thresholds, AbortOnlyWhenAskedAndAfterTheDelay) {
  declare("http_req_failed", "rate<0.5");
  const Metrics metrics = one_failed_request();
  EXPECT_TRUE(evaluate_during_run(set, metrics, 10s).crossed());
  EXPECT_FALSE(evaluate_during_run(set, metrics, 10s).abort);

  declare("http_req_duration", "p(95)<50", true, 10s);
  EXPECT_FALSE(evaluate_during_run(set, metrics, 10s).abort);
  EXPECT_TRUE(evaluate_during_run(set, metrics, 12s).abort);

  declare("http_reqs", "count<1", true);
  EXPECT_TRUE(evaluate_during_run(set, metrics, 2s).abort);
}

TEST_F(Thresholds, NameTheCrossedMetrics) {
  const std::vector<std::string> names{"a", "b"};
  EXPECT_EQ(crossed_message(names), "thresholds on metrics 'a, b' have been crossed");
  EXPECT_EQ(abort_message(names),
            "thresholds on metrics 'a, b' were crossed; at least one has abortOnFail enabled, "
            "stopping test prematurely");
}

TEST_F(Thresholds, ThatCanNeverSeeASampleAreWarnedAbout) {
  declare("http_req_duration", "p(95)<500");
  declare("http_req_duration{scenario:soak}", "p(95)<500");
  declare("http_req_duration{scenario:soka}", "p(95)<500");
  declare("http_req_duration{senario:soak}", "p(95)<500");
  declare("http_req_duration{name:anything}", "p(95)<500");
  declare("llm_time_to_first_token", "p(95)<500");
  declare("llm_latency_drift", "value<5");
  declare("iterations{name:anything}", "count>5");
  declare("http_reqs{url:health}", "count>5");
  declare("http_reqs{url:http://elsewhere/}", "count>5");
  const PossibleTags iteration{{"scenario", {.values = {"soak"}}}};
  PossibleTags request = iteration;
  request["name"].is_open = true;
  request["url"] = {.values = {"http://gateway/health"}, .has_urls = true};
  const PossibleSamples possible{
      .metrics = {{"iterations", 0}, {"http_req_duration", 1}, {"http_reqs", 1}},
      .tags = {iteration, request},
      .reasons = {{"llm_latency_drift", "the run is too short"}}};

  EXPECT_EQ(
      impossible_thresholds(set, registry, possible),
      (std::vector<std::string>{
          "the thresholds on \"http_req_duration{scenario:soka}\" will never see a sample: the "
          "tag \"scenario\" never has the value \"soka\"; did you mean \"soak\"?",
          "the thresholds on \"http_req_duration{senario:soak}\" will never see a sample: none "
          "of its samples has a tag \"senario\"; did you mean \"scenario\"?",
          "the thresholds on \"llm_time_to_first_token\" will never see a sample: nothing in "
          "this suite measures \"llm_time_to_first_token\"",
          "the thresholds on \"llm_latency_drift\" will never see a sample: the run is too short",
          "the thresholds on \"iterations{name:anything}\" will never see a sample: none of its "
          "samples has a tag \"name\"",
          "the thresholds on \"http_reqs{url:health}\" will never see a sample: the tag \"url\" "
          "never has the value \"health\"",
      }));
}

}  // namespace
}  // namespace loader
