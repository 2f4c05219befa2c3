#include "loader/thresholds/threshold_expression.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

struct Row {
  const char* text;
  Aggregation aggregation;
  Comparison comparison;
  double limit;
  const char* key;
};

class ThresholdExpressionRows : public testing::TestWithParam<Row> {};

TEST_P(ThresholdExpressionRows, Parses) {
  const Row& row = GetParam();
  const auto parsed = parse_threshold_expression(row.text);
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed->aggregation, row.aggregation);
  EXPECT_EQ(parsed->comparison, row.comparison);
  EXPECT_EQ(parsed->limit, row.limit);
  EXPECT_EQ(aggregation_key(*parsed), row.key);
  EXPECT_EQ(parsed->source, row.text);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, ThresholdExpressionRows,
    testing::Values(Row{"rate<0.01", Aggregation::rate, Comparison::less, 0.01, "rate"},
                    Row{"count>=100", Aggregation::count, Comparison::greater_equal, 100, "count"},
                    Row{"value > 1e3", Aggregation::value, Comparison::greater, 1000, "value"},
                    Row{"avg<=.5", Aggregation::avg, Comparison::less_equal, 0.5, "avg"},
                    Row{"min!=-1", Aggregation::min, Comparison::not_equal, -1, "min"},
                    Row{"max==5.", Aggregation::max, Comparison::equal, 5, "max"},
                    Row{"med===+3", Aggregation::med, Comparison::equal, 3, "med"},
                    Row{"  p(95)\t<  500 ", Aggregation::percentile, Comparison::less, 500,
                        "p(95)"},
                    Row{"p(99.90)<1", Aggregation::percentile, Comparison::less, 1, "p(99.9)"},
                    Row{"p(0)>0", Aggregation::percentile, Comparison::greater, 0, "p(0)"},
                    Row{"p(100)>0", Aggregation::percentile, Comparison::greater, 0, "p(100)"}));

class ThresholdExpressionErrors : public testing::TestWithParam<const char*> {};

TEST_P(ThresholdExpressionErrors, AreRefused) {
  EXPECT_FALSE(parse_threshold_expression(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Grammar, ThresholdExpressionErrors,
                         testing::Values("", "rate", "rate<", "<5", "rate=0.5", "p95<500",
                                         "p(95<500", "p()<500", "p( 95 )<500", "p(101)<1",
                                         "p(-1)<1", "p(nan)<1", "rate<5%", "p(95)<500ms",
                                         "rate<0.1&&rate>0", "1<rate<2", "avg<0x10", "avg<nan",
                                         "avg<inf", "avg<+-1", "mean<1", "RATE<1"));

TEST(ThresholdExpression, SaysWhatIsAllowed) {
  EXPECT_EQ(
      parse_threshold_expression("p95<500").error().what,
      "invalid threshold \"p95<500\": unknown aggregation \"p95\"; use count, rate, value, avg, "
      "min, max, med or p(N)");
  EXPECT_EQ(
      parse_threshold_expression("p(95)<500ms").error().what,
      "invalid threshold \"p(95)<500ms\": \"500ms\" is not a number; write milliseconds, bytes "
      "or a share of 1, without a unit and one comparison only");
}

TEST(ThresholdExpression, KnowsWhichTypeHasWhichAggregation) {
  EXPECT_TRUE(is_allowed(Aggregation::rate, MetricType::counter));
  EXPECT_TRUE(is_allowed(Aggregation::rate, MetricType::rate));
  EXPECT_FALSE(is_allowed(Aggregation::rate, MetricType::trend));
  EXPECT_FALSE(is_allowed(Aggregation::count, MetricType::trend));
  EXPECT_FALSE(is_allowed(Aggregation::count, MetricType::rate));
  EXPECT_TRUE(is_allowed(Aggregation::value, MetricType::gauge));
  EXPECT_FALSE(is_allowed(Aggregation::max, MetricType::gauge));
  EXPECT_TRUE(is_allowed(Aggregation::percentile, MetricType::trend));
}

TEST(ThresholdExpression, ComparesAtTheLimit) {
  const auto holds_at = [](const char* text, double value) {
    return holds(*parse_threshold_expression(text), value);
  };
  EXPECT_FALSE(holds_at("avg<5", 5));
  EXPECT_TRUE(holds_at("avg<=5", 5));
  EXPECT_FALSE(holds_at("avg>5", 5));
  EXPECT_TRUE(holds_at("avg>=5", 5));
  EXPECT_TRUE(holds_at("avg==5", 5));
  EXPECT_FALSE(holds_at("avg!=5", 5));
  EXPECT_TRUE(holds_at("avg!=5", 4));
}

}  // namespace
}  // namespace loader
