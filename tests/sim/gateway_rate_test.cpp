// Every rate algorithm over virtual time: how many it lets in at once, and that who waits as long
// as it says is let in, and who comes earlier is not.
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

struct Algorithm {
  const char* name;
  int at_once;                  ///< Of six a minute, from the start.
  std::string retry_after;      ///< What the first one refused is told, in seconds.
  int in_the_next_ten_minutes;  ///< When each who is refused waits as long as it is told.
};

class GatewayRateAlgorithm : public testing::TestWithParam<Algorithm> {
 protected:
  GatewayRateAlgorithm()
      : world(R"({"latency": {"ttft": "0s", "itl": "0s", "other": "0s"},
          "rate_limits": [{"algorithm": ")" +
              std::string(GetParam().name) +
              R"(", "window": "1m", "window_anchor": "first_request", "requests": 6}]})") {}

  SeenResponse send() { return world.send(chat_request(false)); }
  void pass(Duration d) { world.run(wait(world.runtime(), d)); }

  GatewayWorld world;
};

TEST_P(GatewayRateAlgorithm, LetsInWhoWaitsAsLongAsItSays) {
  int at_once = 0;
  SeenResponse last = send();
  for (; last.status == 200 && at_once < 100; last = send()) ++at_once;
  EXPECT_EQ(at_once, GetParam().at_once);
  EXPECT_EQ(last.status, 429u);
  EXPECT_EQ(last.header("retry-after"), GetParam().retry_after);
  // A second too early is refused, and told of that second.
  pass(std::chrono::seconds(std::stoi(GetParam().retry_after) - 1));
  const SeenResponse early = send();
  EXPECT_EQ(early.status, 429u);
  EXPECT_EQ(early.header("retry-after"), "1");
  pass(1s);
  EXPECT_EQ(send().status, 200u);
}

TEST_P(GatewayRateAlgorithm, HoldsItsRateAgainstAClientThatNeverStops) {
  int admitted = 0;
  const TimePoint end = world.runtime().now() + 10min;
  while (world.runtime().now() < end) {
    const SeenResponse seen = send();
    if (seen.status == 200) ++admitted;
    if (seen.status != 200) pass(std::chrono::seconds(std::stoi(seen.header("retry-after"))));
  }
  EXPECT_EQ(admitted, GetParam().in_the_next_ten_minutes);
}

INSTANTIATE_TEST_SUITE_P(Table, GatewayRateAlgorithm,
                         testing::Values(Algorithm{"token_bucket", 6, "10", 65},
                                         Algorithm{"fixed_window", 6, "60", 60},
                                         Algorithm{"sliding_window_log", 6, "60", 60},
                                         Algorithm{"sliding_window_counter", 6, "61", 60},
                                         Algorithm{"gcra", 6, "10", 65}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace lab::test
