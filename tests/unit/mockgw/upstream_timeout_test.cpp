#include "mockgw/chat/upstream_timeout.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using std::chrono::milliseconds;

UpstreamLimits limits(std::optional<int> request_ms, std::optional<int> ttft_ms,
                      std::optional<int> stream_idle_ms = {}) {
  UpstreamLimits limits;
  if (request_ms) limits.request = milliseconds(*request_ms);
  if (ttft_ms) limits.ttft = milliseconds(*ttft_ms);
  if (stream_idle_ms) limits.stream_idle = milliseconds(*stream_idle_ms);
  return limits;
}

TEST(UpstreamTimeout, TheLimitThatIsBrokenFirstFires) {
  struct Row {
    const char* name;
    UpstreamLimits limits;
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
    const auto fired = upstream_timeout(row.limits, {}, times);
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

TEST(UpstreamTimeout, SilenceFiresAfterTheLastSign) {
  const UpstreamTimes silent{.first_token = milliseconds(100),
                             .end = milliseconds(9'000),
                             .silent_since = milliseconds(700)};
  const auto fired = upstream_timeout(limits({}, {}, 500), milliseconds(50), silent);
  ASSERT_TRUE(fired);
  EXPECT_EQ(fired->limit, milliseconds(500));
  EXPECT_EQ(fired->at, milliseconds(1'200));
  // The whole answer's limit is broken earlier.
  EXPECT_EQ(upstream_timeout(limits(1'100, {}, 500), milliseconds(50), silent)->at,
            milliseconds(1'150));
  const UpstreamTimes steady{.first_token = milliseconds(100), .end = milliseconds(9'000)};
  EXPECT_FALSE(upstream_timeout(limits({}, {}, 500), milliseconds(50), steady));
}

TEST(UpstreamTimeout, TheNextLimitDependsOnHowFarTheAnswerIs) {
  struct Row {
    const char* name;
    UpstreamLimits limits;
    UpstreamProgress progress;
    std::optional<int> at_ms;
  };
  const auto ms = [](int count) { return milliseconds(count); };
  const Row rows[] = {
      {"none", {}, {}, {}},
      {"the first token's", limits(900, 500), {.called = ms(10), .last_sign = ms(10)}, 510},
      {"which is there", limits(900, 500), {ms(10), true, ms(400)}, 910},
      {"and was the last", limits(900, 500, 200), {ms(10), true, ms(400)}, 600},
      {"the whole answer's", limits(900, 500, 200), {ms(10), true, ms(800)}, 910},
      {"silence from the call on",
       limits({}, {}, 200),
       {.called = ms(10), .last_sign = ms(10)},
       210},
  };
  for (const Row& row : rows) {
    const auto next = next_timeout(row.limits, row.progress);
    ASSERT_EQ(next.has_value(), row.at_ms.has_value()) << row.name;
    if (!next) continue;
    EXPECT_EQ(next->at, milliseconds(*row.at_ms)) << row.name;
  }
}

TEST(UpstreamLimits, AClientsWishShortensThem) {
  using Header = TimeoutsConfig::ClientHeader;
  struct Row {
    const char* name;
    Header header;
    std::optional<std::string_view> wish;
    bool is_stream;
    std::optional<int> request_ms;
    std::optional<int> ttft_ms;
  };
  // The gateway's own: 5 s for the request, 2 s for the first token.
  const Row rows[] = {
      {"no wish", Header::litellm, {}, false, 5'000, 2'000},
      {"LiteLLM's is in seconds", Header::litellm, "1.5", false, 1'500, 2'000},
      {"of the whole stream", Header::litellm, "1.5", true, 1'500, 2'000},
      {"a longer one", Header::litellm, "60", false, 5'000, 2'000},
      {"Portkey's is in milliseconds", Header::portkey, "1500", false, 1'500, 2'000},
      {"until a stream's head", Header::portkey, "1500", true, 5'000, 1'500},
      {"no number", Header::portkey, "soon", false, 5'000, 2'000},
      {"zero", Header::portkey, "0", false, 5'000, 2'000},
      {"below", Header::litellm, "-1", false, 5'000, 2'000},
      {"not a number", Header::litellm, "nan", false, 5'000, 2'000},
      {"with a unit", Header::litellm, "5s", false, 5'000, 2'000},
  };
  for (const Row& row : rows) {
    TimeoutsConfig timeouts;
    timeouts.request = milliseconds(5'000);
    timeouts.ttft = milliseconds(2'000);
    timeouts.client_header = row.header;
    const UpstreamLimits limits = upstream_limits(timeouts, row.wish, row.is_stream);
    EXPECT_EQ(limits.request, milliseconds(*row.request_ms)) << row.name;
    EXPECT_EQ(limits.ttft, milliseconds(*row.ttft_ms)) << row.name;
  }
}

TEST(UpstreamLimits, AWishIsALimitWhereTheGatewayHasNone) {
  TimeoutsConfig timeouts;
  timeouts.client_header = TimeoutsConfig::ClientHeader::litellm;
  EXPECT_EQ(upstream_limits(timeouts, "3", false).request, std::chrono::seconds(3));
  EXPECT_FALSE(upstream_limits(timeouts, std::nullopt, false).any());
}

TEST(UpstreamLimits, OnlyAStreamCanBeIdle) {
  TimeoutsConfig timeouts;
  timeouts.stream_idle = std::chrono::seconds(1);
  EXPECT_TRUE(upstream_limits(timeouts, std::nullopt, true).stream_idle);
  EXPECT_FALSE(upstream_limits(timeouts, std::nullopt, false).any());
}

}  // namespace
}  // namespace mockgw
