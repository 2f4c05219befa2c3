#include "loader/delivery/network_output.h"

#include <gtest/gtest.h>

#include "loader/delivery/influxdb_plan.h"

namespace loader {
namespace {

class NetworkOutputTest : public testing::Test {
 protected:
  // Nobody listens at port 1.
  [[nodiscard]] std::unique_ptr<NetworkOutput> output() const {
    auto plan = plan_influxdb("http://127.0.0.1:1/db", context);
    return std::make_unique<NetworkOutput>(*std::move(plan), context);
  }

  MetricRegistry registry;
  ThresholdSet thresholds;
  OutputContext context{.registry = registry, .thresholds = thresholds, .clock = {}};
  [[nodiscard]] static std::shared_ptr<const SamplePiece> one_sample() {
    auto numbers = std::make_shared<TagNumbers>();
    const std::uint32_t no_tags = numbers->number_of({}, TagTable());
    return std::make_shared<SamplePiece>(SamplePiece{
        .samples = {{BuiltinMetrics::vus, 0, no_tags, 1, {}}}, .numbers = std::move(numbers)});
  }
};

// Its coroutines may not have begun, or be in the middle of a connect, or be gone.
TEST_F(NetworkOutputTest, GoesAtAnyTimeWithoutFinish) {
  for (int i = 0; i < 100; ++i) {
    const auto untouched = output();
    const auto given = output();
    ASSERT_TRUE(given->write(one_sample()));
    const auto closed = output();
    closed->close();
  }
}

TEST_F(NetworkOutputTest, OneThatIsGivenNothingFinishesAtOnce) {
  for (int i = 0; i < 100; ++i) {
    const auto idle = output();
    ASSERT_TRUE(idle->finish());
    EXPECT_EQ(idle->totals()->taken, 0u);
    EXPECT_TRUE(idle->take_warnings().empty());
  }
}

}  // namespace
}  // namespace loader
