#include "mockgw/chat/upstream_timeout.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using std::chrono::milliseconds;

TimeoutsConfig limits(std::optional<int> request_ms, std::optional<int> ttft_ms) {
  TimeoutsConfig timeouts;
  if (request_ms) timeouts.request = milliseconds(*request_ms);
  if (ttft_ms) timeouts.ttft = milliseconds(*ttft_ms);
  return timeouts;
}

TEST(UpstreamTimeout, TheLimitThatIsBrokenFirstFires) {
  struct Row {
    const char* name;
    TimeoutsConfig timeouts;
    int first_token_ms;
    int end_ms;
    std::optional<int> fires_ms;
  };
  const Row rows[] = {
      {"no limits", limits({}, {}), 9'000, 9'000, {}},
      {"in time to the nanosecond", limits(2'000, 400), 400, 2'000, {}},
      {"a late first token", limits(2'000, 400), 401, 500, 400},
      {"a long answer that began in time", limits(2'000, 400), 100, 3'000, 2'000},
      {"both broken, the first one counts", limits(2'000, 400), 900, 3'000, 400},
      {"both broken, the whole is shorter", limits(300, 400), 900, 3'000, 300},
      {"the whole alone", limits(2'000, {}), 2'500, 3'000, 2'000},
  };
  for (const Row& row : rows) {
    const UpstreamTimes times{milliseconds(row.first_token_ms), milliseconds(row.end_ms)};
    const auto fired = upstream_timeout(row.timeouts, {}, times);
    ASSERT_EQ(fired.has_value(), row.fires_ms.has_value()) << row.name;
    if (!fired) continue;
    EXPECT_EQ(fired->limit, milliseconds(*row.fires_ms)) << row.name;
    EXPECT_EQ(fired->at, fired->limit) << row.name;
  }
}

TEST(UpstreamTimeout, CountsFromTheCallNotFromTheArrival) {
  const auto called = milliseconds(1'000);
  const UpstreamTimes times{milliseconds(1'350), milliseconds(1'500)};
  EXPECT_FALSE(upstream_timeout(limits({}, 400), called, times));
  const auto fired = upstream_timeout(limits({}, 300), called, times);
  ASSERT_TRUE(fired);
  EXPECT_EQ(fired->limit, milliseconds(300));
  EXPECT_EQ(fired->at, milliseconds(1'300));
}

}  // namespace
}  // namespace mockgw
