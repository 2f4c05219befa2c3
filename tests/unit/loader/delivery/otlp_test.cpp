#include "loader/delivery/otlp.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/loader/delivery/decoded.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using B = BuiltinMetrics;

const RunClock kRunClock{.start = lab::TimePoint(1s), .wall_start = lab::WallTime(1'700'000'000s)};
const lab::WallTime kNow{1'700'000'010s};

// The metrics of an export by their names.
std::map<std::string, std::string> metrics_of(const Batch& batch) {
  const std::string scope = field_of(field_of(batch.body, 1), 2);
  std::map<std::string, std::string> metrics;
  for (int i = 0; i < count_of(scope, 2); ++i) {
    const std::string metric = field_of(scope, 2, i);
    metrics[field_of(metric, 1)] = metric;
  }
  return metrics;
}

std::string attribute(const std::string& key_value) {
  return field_of(key_value, 1) + "=" + field_of(field_of(key_value, 2), 1);
}

class OtlpTest : public testing::Test {
 protected:
  Batch exported(OtlpFormat format, std::vector<HandedSample> samples) {
    Otlp encoder(registry, kRunClock, std::move(format));
    encoder.add_tags({{"group", ""}, {"status", "200"}});
    encoder.add_tags({});
    encoder.add(samples, 0);
    auto batches = encoder.cut(kNow);
    EXPECT_EQ(batches.size(), 1u);
    EXPECT_TRUE(encoder.cut(kNow).empty());
    return batches.at(0);
  }
  MetricRegistry registry;
};

TEST_F(OtlpTest, ResourceAndScope) {
  const Batch batch =
      exported({.service_name = "gateway", .service_version = "2"}, {{B::vus, 0, 0, 1, {}}});
  EXPECT_EQ(batch.samples, 1u);
  const std::string metrics = field_of(batch.body, 1);
  EXPECT_EQ(attribute(field_of(field_of(metrics, 1), 1, 0)), "service.name=gateway");
  EXPECT_EQ(attribute(field_of(field_of(metrics, 1), 1, 1)), "service.version=2");
  EXPECT_EQ(field_of(field_of(field_of(metrics, 2), 1), 1), "k6");
}

TEST_F(OtlpTest, ACounterIsACumulativeSum) {
  const auto metrics = metrics_of(exported(
      {.metric_prefix = "k6_"},
      {{B::data_sent, 0, 0, 100, {}}, {B::data_sent, 0, 0, 50, {}}, {B::data_sent, 0, 1, 7, {}}}));
  const std::string& metric = metrics.at("k6_data_sent");
  EXPECT_EQ(field_of(metric, 3), "By");
  const std::string sum = field_of(metric, 7);
  EXPECT_EQ(field_of(sum, 2), "2");
  EXPECT_EQ(field_of(sum, 3), "1");
  ASSERT_EQ(count_of(sum, 1), 2);
  const std::string point = field_of(sum, 1);
  EXPECT_EQ(field_of(point, 2), "1700000000000000000");
  EXPECT_EQ(field_of(point, 3), "1700000010000000000");
  EXPECT_EQ(double_of(point, 4), 150);
  EXPECT_EQ(count_of(point, 7), 1);
  EXPECT_EQ(attribute(field_of(point, 7)), "status=200");
}

TEST_F(OtlpTest, AGaugeIsAGauge) {
  const auto metrics = metrics_of(
      exported({}, {{B::vus, 0, 1, 3, lab::TimePoint(2s)}, {B::vus, 0, 1, 4, lab::TimePoint(3s)}}));
  EXPECT_EQ(double_of(field_of(field_of(metrics.at("vus"), 5), 1), 4), 4);
  EXPECT_EQ(count_of(metrics.at("vus"), 3), 0);
}

TEST_F(OtlpTest, ATrendIsAHistogram) {
  const auto metrics = metrics_of(exported(
      {}, {{B::http_req_duration, 0, 0, 3, {}}, {B::http_req_duration, 0, 0, 20'000, {}}}));
  const std::string& metric = metrics.at("http_req_duration");
  EXPECT_EQ(field_of(metric, 3), "ms");
  const std::string histogram = field_of(metric, 9);
  EXPECT_EQ(field_of(histogram, 2), "2");
  const std::string point = field_of(histogram, 1);
  EXPECT_EQ(field_of(point, 4), "2");
  EXPECT_EQ(double_of(point, 5), 20'003);
  EXPECT_EQ(double_of(point, 11), 3);
  EXPECT_EQ(double_of(point, 12), 20'000);
  const std::string counts = field_of(point, 6);
  ASSERT_EQ(counts.size(), 16u * 8);
  EXPECT_EQ(counts[1 * 8], 1);
  EXPECT_EQ(counts[15 * 8], 1);
  EXPECT_EQ(field_of(point, 7).size(), 15u * 8);
  EXPECT_EQ(attribute(field_of(point, 9)), "status=200");
}

TEST_F(OtlpTest, ARateIsACounterWithAConditionOrTwo) {
  const std::vector<HandedSample> samples{
      {B::checks, 0, 1, 1, {}}, {B::checks, 0, 1, 1, {}}, {B::checks, 0, 1, 0, {}}};
  const auto one = metrics_of(exported({}, samples));
  ASSERT_EQ(one.size(), 1u);
  const std::string total = field_of(one.at("checks.total"), 7);
  EXPECT_EQ(field_of(field_of(total, 1, 0), 6), "1");
  EXPECT_EQ(attribute(field_of(field_of(total, 1, 0), 7)), "condition=zero");
  EXPECT_EQ(field_of(field_of(total, 1, 1), 6), "2");
  EXPECT_EQ(attribute(field_of(field_of(total, 1, 1), 7)), "condition=nonzero");

  const auto two = metrics_of(exported({.has_single_counter_for_rate = false}, samples));
  EXPECT_EQ(field_of(field_of(field_of(two.at("checks.total"), 7), 1), 6), "3");
  EXPECT_EQ(field_of(field_of(field_of(two.at("checks.occurred"), 7), 1), 6), "2");
}

TEST_F(OtlpTest, AnExportHasAllSeries) {
  Otlp encoder(registry, kRunClock, {});
  encoder.add_tags({});
  encoder.add(std::vector<HandedSample>{{B::http_reqs, 0, 0, 1, {}}}, 0);
  (void)encoder.cut(kNow);
  encoder.add(std::vector<HandedSample>{{B::vus, 0, 0, 1, {}}}, 0);
  const auto batches = encoder.cut(kNow);
  EXPECT_EQ(batches.at(0).samples, 1u);
  EXPECT_TRUE(metrics_of(batches[0]).contains("http_reqs"));
}

TEST(OtlpLeftOut, IsReadOfTheAnswer) {
  ProtobufMessage none;
  ProtobufMessage partial;
  partial.add_int(1, 3);
  partial.add_text(2, "too old");
  ProtobufMessage answer;
  answer.add_message(1, partial);
  ProtobufMessage taken;
  taken.add_message(1, none);
  struct Row {
    std::string body;
    std::optional<std::string> says;
  };
  for (const auto& [body, says] :
       {Row{"", std::nullopt}, Row{taken.bytes(), std::nullopt},
        Row{answer.bytes(), "3 points refused: too old"}, Row{"{}", std::nullopt},
        Row{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", std::nullopt},
        Row{"\x0a\x7f", std::nullopt}}) {
    const auto left_out = otlp_left_out(200, body);
    EXPECT_EQ(left_out ? std::optional(left_out->why) : std::nullopt, says);
    EXPECT_FALSE(otlp_left_out(400, body));
  }
}

}  // namespace
}  // namespace loader
