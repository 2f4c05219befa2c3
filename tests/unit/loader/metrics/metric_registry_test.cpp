#include "loader/metrics/metric_registry.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

TEST(MetricRegistry, BeginsWithTheBuiltinsAtTheirIds) {
  const MetricRegistry registry;
  EXPECT_EQ(registry.find("http_req_duration"), BuiltinMetrics::http_req_duration);
  EXPECT_EQ(registry.find("iteration_start_delay"), BuiltinMetrics::iteration_start_delay);
  const MetricInfo& expected = registry.info(BuiltinMetrics::http_req_duration_expected);
  EXPECT_EQ(expected.name, "http_req_duration{expected_response:true}");
  EXPECT_EQ(expected.parent, BuiltinMetrics::http_req_duration);
  EXPECT_EQ(expected.type, MetricType::trend);
  EXPECT_EQ(expected.kind, ValueKind::time);
}

TEST(MetricRegistry, DeclaresAMetricOnceAndRefusesAnotherType) {
  MetricRegistry registry;
  const auto first = registry.declare("queue_depth", MetricType::gauge);
  ASSERT_TRUE(first);
  EXPECT_EQ(*registry.declare("queue_depth", MetricType::gauge), *first);
  const auto clash = registry.declare("queue_depth", MetricType::trend);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().what, "metric \"queue_depth\" exists already as a gauge of kind default");
}

TEST(MetricRegistry, KnowsK6sRuleForNames) {
  EXPECT_TRUE(is_metric_name("_a"));
  EXPECT_TRUE(is_metric_name(std::string(129, 'a')));
  EXPECT_FALSE(is_metric_name("a"));
  EXPECT_FALSE(is_metric_name(std::string(130, 'a')));
  EXPECT_FALSE(is_metric_name("9lives"));
  EXPECT_FALSE(is_metric_name("with-dash"));
  MetricRegistry registry;
  EXPECT_FALSE(registry.declare("with-dash", MetricType::counter));
}

TEST(MetricRegistry, TakesSubmetricsApartAsK6Does) {
  const auto reference = parse_metric_reference("http_reqs{ group : ::a::b , 'status':\"200\"}");
  ASSERT_TRUE(reference);
  EXPECT_EQ(reference->name, "http_reqs");
  EXPECT_EQ(reference->tags, (TagPairs{{"group", "::a::b"}, {"status", "200"}}));
  EXPECT_EQ(parse_metric_reference("http_reqs{group:}")->tags, (TagPairs{{"group", ""}}));
  EXPECT_FALSE(parse_metric_reference("http_reqs")->is_submetric);
}

TEST(MetricRegistry, RefusesMalformedReferences) {
  MetricRegistry registry;
  for (const char* text : {"http_reqs{", "http_reqs}", "http_reqs{a:b}c", "http_reqs{}",
                           "http_reqs{status}", "http_reqs{:200}"}) {
    EXPECT_FALSE(registry.declare_reference(text)) << text;
  }
}

TEST(MetricRegistry, SuggestsTheMetricThatWasMeant) {
  MetricRegistry registry;
  EXPECT_EQ(registry.declare_reference("http_req_duratoin{status:200}").error().what,
            "no metric is named \"http_req_duratoin\"; did you mean \"http_req_duration\"?");
}

TEST(MetricRegistry, KeepsSubmetricsUnderTheirParent) {
  MetricRegistry registry;
  const MetricId ok = *registry.declare_reference("http_reqs{status:200}");
  EXPECT_EQ(*registry.declare_reference("http_reqs{status:200}"), ok);
  ASSERT_EQ(registry.submetrics(BuiltinMetrics::http_reqs).size(), 1u);
  EXPECT_EQ(registry.submetrics(BuiltinMetrics::http_reqs)[0], ok);
}

TEST(CheckTree, NestsGroupsAndKeepsChecksApart) {
  CheckTree tree;
  const GroupId a = tree.declare_group({}, "a");
  const GroupId b = tree.declare_group(a, "b");
  EXPECT_EQ(tree.declare_group(a, "b"), b);
  EXPECT_EQ(tree.group(b).path, "::a::b");
  const CheckId in_root = tree.declare_check({}, "status is 200");
  const CheckId in_b = tree.declare_check(b, "status is 200");
  EXPECT_NE(in_root, in_b);
  EXPECT_EQ(tree.declare_check(b, "status is 200"), in_b);
  EXPECT_EQ(tree.check(in_root).path, "::status is 200");
  EXPECT_EQ(tree.check(in_b).path, "::a::b::status is 200");
}

}  // namespace
}  // namespace loader
