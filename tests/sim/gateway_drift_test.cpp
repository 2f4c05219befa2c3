// Latency that moves over the gateway's life, as a client measures it at moments of it.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

asio::awaitable<void> sleep_to(SimRuntime& runtime, Duration since_start) {
  (void)co_await runtime.sleep_until(TimePoint{} + since_start);
}

struct Course {
  const char* name;
  const char* drift;
  std::vector<std::pair<Duration, Duration>> latencies;  ///< When, and what a request takes then.
};

class GatewayDrift : public testing::TestWithParam<Course> {};

TEST_P(GatewayDrift, MovesEveryLatencyOfAnAnswer) {
  GatewayWorld world(R"({"latency": {"ttft": "100ms", "itl": "10ms", "drift": )" +
                     std::string(GetParam().drift) + R"(}, "tokens": {"output": 11}})");
  for (const auto& [at, expected] : GetParam().latencies) {
    world.run(sleep_to(world.runtime(), at));
    // Ten times 10 ms after the first token, at the same rate.
    EXPECT_EQ(world.send(chat_request(false)).end_at, 2 * expected) << at / 1s << " s";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, GatewayDrift,
    testing::Values(
        Course{"linear",
               R"([{"linear": {"percent_per_hour": 60, "at": "10m"}}])",
               {{0s, 100ms}, {10min, 100ms}, {20min, 110ms}, {40min, 130ms}, {70min, 160ms}}},
        Course{"step",
               R"([{"step": {"percent": 50, "at": "10m"}}])",
               {{9min, 100ms}, {10min, 150ms}, {110min, 150ms}}},
        Course{"ramp",
               R"([{"ramp": {"percent": 100, "at": "10m", "for": "20m"}}])",
               {{10min, 100ms}, {15min, 125ms}, {20min, 150ms}, {30min, 200ms}, {1h, 200ms}}},
        Course{"spike",
               R"([{"spike": {"percent": 300, "at": "10m", "for": "5m"}}])",
               {{9min, 100ms}, {10min, 400ms}, {14min, 400ms}, {15min, 100ms}}},
        Course{
            "several add up",
            R"([{"step": {"percent": 100, "at": "10m"}}, {"step": {"percent": -50, "at": "20m"}}])",
            {{0s, 100ms}, {10min, 200ms}, {20min, 150ms}}}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::erase(name, ' ');
      return name;
    });

}  // namespace
}  // namespace lab::test
