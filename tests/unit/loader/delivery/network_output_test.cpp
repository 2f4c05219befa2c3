#include "loader/delivery/network_output.h"

#include <gtest/gtest.h>

#include <array>

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
  TagTable tags;
  const std::array<Sample, 1> samples{Sample{BuiltinMetrics::vus, {}, 1, {}}};
};

// Its coroutines may not have begun, or be in the middle of a connect, or be gone.
TEST_F(NetworkOutputTest, GoesAtAnyTimeWithoutFinish) {
  for (int i = 0; i < 100; ++i) {
    const auto untouched = output();
    const auto given = output();
    ASSERT_TRUE(given->write(samples, tags));
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
