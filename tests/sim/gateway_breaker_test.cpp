// The breakers of known gateways and libraries over virtual time: when they trip, for how long they
// stay open, what they let through half-open, and what closes them. The counts and times are those
// of their documentation: Hystrix's and resilience4j's defaults, Envoy's outlier detection, and the
// reference gateway's source.
#include <gtest/gtest.h>

#include <string>

#include "shared/base/json.h"
#include "tests/sim/gateway_world.h"

namespace lab::test {
namespace {

using namespace std::chrono_literals;

struct Extras {
  std::string ttft = "0s";
  std::string breaker{};   ///< Members of circuit_breaker, each after a comma.
  std::string sections{};  ///< Of the file, each after a comma.
};

/// A gateway without latency, the breaker's preset and the faults given.
class BreakerWorld {
 public:
  BreakerWorld(std::string_view preset, std::string_view faults, const Extras& extras = Extras())
      : world_(R"({"latency": {"ttft": ")" + extras.ttft +
               R"(", "itl": "0s", "other": "0s"}, "circuit_breaker": {"preset": ")" +
               std::string(preset) + "\"" + extras.breaker + R"(}, "faults": [)" +
               std::string(faults) + "]" + extras.sections + "}") {}

  /// The statuses of requests sent one after the other: "3x500 2x503".
  std::string statuses(int count, bool stream = false) {
    std::string line;
    unsigned last = 0;
    int run = 0;
    const auto flush = [&] {
      if (run == 0) return;
      if (!line.empty()) line += ' ';
      line += std::to_string(run) + "x" + std::to_string(last);
    };
    for (int i = 0; i < count; ++i) {
      const unsigned status = world_.send(chat_request(stream)).status;
      if (status != last) {
        flush();
        last = status;
        run = 0;
      }
      ++run;
    }
    flush();
    return line;
  }

  /// Lets time pass until so long after the gateway's start.
  void at(Duration since_start) { world_.run(sleep_until(world_.runtime(), since_start)); }

  /// What an operator does.
  void post(std::string_view path) {
    HttpRequest request;
    request.method = "POST";
    request.target = path;
    EXPECT_EQ(world_.send(request).status, 200u);
  }

  std::string health() {
    HttpRequest request;
    request.target = "/health";
    return Json::parse(world_.send(request).body)["status"];
  }

 private:
  static asio::awaitable<void> sleep_until(SimRuntime& runtime, Duration since_start) {
    (void)co_await runtime.sleep_until(TimePoint{} + since_start);
  }

  GatewayWorld world_;
};

constexpr std::string_view kFailsForOneMinute =
    R"({"active": {"from": "0s", "for": "60s"}, "fault": {"kind": "status", "status": 500}})";

TEST(Hystrix, TripsAtTwentyRequestsAndProbesWithOneEveryFiveSeconds) {
  BreakerWorld world("hystrix", kFailsForOneMinute);
  EXPECT_EQ(world.statuses(19), "19x500");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(3), "1x500 2x503");
  EXPECT_EQ(world.health(), "degraded");
  world.at(4999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(5s);  // Half-open: the probe fails, and the sleep window begins again.
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  world.at(9999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(60s);  // The upstream is well: one success closes, with empty statistics.
  EXPECT_EQ(world.statuses(1), "1x200");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(30), "30x200");
}

TEST(Hystrix, CountsTheLastTenSecondsOnly) {
  BreakerWorld world("hystrix", kFailsForOneMinute);
  EXPECT_EQ(world.statuses(19), "19x500");
  world.at(11s);
  EXPECT_EQ(world.statuses(19), "19x500");
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
}

TEST(Hystrix, HalfOfTheRequestsMustFail) {
  BreakerWorld world("hystrix",
                     R"({"match": {"every_nth": 3}, "fault": {"kind": "status", "status": 500}})");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(world.statuses(3), "2x200 1x500");
}

// Every other call fails until 30 s; whatever is sent between 60 s and 70 s fails.
constexpr std::string_view kHalfFailThenAll = R"(
  {"match": {"every_nth": 2}, "active": {"from": "0s", "for": "30s"},
   "fault": {"kind": "status", "status": 500}},
  {"active": {"from": "60s", "for": "10s"}, "fault": {"kind": "status", "status": 500}})";

TEST(Resilience4j, TripsOnAHundredCallsAndDecidesOnTenHalfOpen) {
  BreakerWorld world("resilience4j", kHalfFailThenAll);
  for (int i = 0; i < 49; ++i) EXPECT_EQ(world.statuses(2), "1x200 1x500");
  EXPECT_EQ(world.statuses(1), "1x200");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(1), "1x500");  // The hundredth call: 50 %.
  EXPECT_EQ(world.health(), "degraded");
  EXPECT_EQ(world.statuses(5), "5x503");
  world.at(59999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(60s);  // Half-open: ten calls are let in before it is decided.
  EXPECT_EQ(world.statuses(12), "10x500 2x503");
  world.at(119999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(120s);
  EXPECT_EQ(world.statuses(9), "9x200");
  EXPECT_EQ(world.health(), "degraded");
  EXPECT_EQ(world.statuses(1), "1x200");
  EXPECT_EQ(world.health(), "healthy");
}

TEST(Resilience4j, TripsWhenEveryCallOfTheWindowIsSlow) {
  BreakerWorld world("resilience4j", "", {.ttft = "60001ms"});
  EXPECT_EQ(world.statuses(100), "100x200");
  EXPECT_EQ(world.statuses(1), "1x503");
}

TEST(Resilience4j, CallsOfAMinuteAreNotSlow) {
  BreakerWorld world("resilience4j", "", {.ttft = "59s"});
  EXPECT_EQ(world.statuses(110), "110x200");
}

TEST(EnvoyOutlierDetection, EjectsAfterFiveInARowForLongerEachTime) {
  BreakerWorld world(
      "envoy",
      R"({"active": {"from": "0s", "for": "31s"}, "fault": {"kind": "status", "status": 503}})");
  EXPECT_EQ(world.statuses(4), "4x503");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(1), "1x503");
  EXPECT_EQ(world.health(), "degraded");
  world.at(29999ms);
  EXPECT_EQ(world.health(), "degraded");
  world.at(30s);  // Back without a probe, and out again: the second ejection lasts twice as long.
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(5), "5x503");
  world.at(89999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(90s);
  EXPECT_EQ(world.statuses(5), "5x200");
  EXPECT_EQ(world.health(), "healthy");
}

TEST(EnvoyOutlierDetection, ASuccessBreaksTheRow) {
  BreakerWorld world("envoy",
                     R"({"match": {"first_n": 4}, "fault": {"kind": "status", "status": 500}},
         {"active": {"from": "1s", "for": "1s"}, "fault": {"kind": "status", "status": 500}})");
  EXPECT_EQ(world.statuses(5), "4x500 1x200");
  world.at(1s);
  EXPECT_EQ(world.statuses(4), "4x500");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
}

TEST(ReferenceGateway, OpensOnTheFifthFailureEverAndClosesOnTwoSuccesses) {
  BreakerWorld world("refgw", R"(
    {"match": {"every_nth": 4}, "active": {"from": "0s", "for": "5m"},
     "fault": {"kind": "status", "status": 400}},
    {"active": {"from": "10m30s", "for": "1s"}, "fault": {"kind": "status", "status": 500}})");
  EXPECT_EQ(world.statuses(16), "3x200 1x400 3x200 1x400 3x200 1x400 3x200 1x400");
  world.at(4min);  // No window: what failed minutes ago still counts, and so does a 400.
  EXPECT_EQ(world.statuses(5), "3x200 1x400 1x503");
  world.at(4min + 29999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(10min);  // Half-open with the next call; no bound on its number.
  EXPECT_EQ(world.statuses(1), "1x200");
  EXPECT_EQ(world.health(), "degraded");
  world.at(10min + 30s);  // One failure opens it again.
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  world.at(11min);
  EXPECT_EQ(world.statuses(2), "2x200");
  EXPECT_EQ(world.health(), "healthy");
}

TEST(ReferenceGateway, DoesNotSeeAStreamThatBreaksAfterItsHeaders) {
  BreakerWorld world("refgw",
                     R"({"match": {"stream": true}, "fault": {"kind": "reset_mid_stream"}})");
  EXPECT_EQ(world.statuses(20, true), "20x200");
  EXPECT_EQ(world.health(), "healthy");
}

constexpr std::string_view kFailsAlways = R"({"fault": {"kind": "status", "status": 500}})";

TEST(LiteLlm, CoolsDownForFiveSecondsAndCountsByTheCalendarMinute) {
  BreakerWorld world("litellm", kFailsForOneMinute);
  EXPECT_EQ(world.statuses(6), "5x500 1x503");
  world.at(4999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(5s);  // Back without a probe; the minute goes on counting, so one failure is enough.
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  world.at(59s);
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  world.at(64s);  // Another minute, and the upstream is well.
  EXPECT_EQ(world.statuses(30), "30x200");
}

TEST(LiteLlm, HalfOfTheMinuteMayFail) {
  BreakerWorld world("litellm",
                     R"({"match": {"every_nth": 2}, "fault": {"kind": "status", "status": 500}})");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(world.statuses(2), "1x200 1x500");
}

TEST(LiteLlm, OneAnswerOfALimitOrAKeyIsEnough) {
  for (const std::string status : {"429", "401", "404"}) {
    BreakerWorld world(
        "litellm",
        R"({"match": {"first_n": 1}, "fault": {"kind": "status", "status": )" + status + "}}");
    EXPECT_EQ(world.statuses(1), "1x" + status);
    EXPECT_EQ(world.statuses(1), "1x503") << status;
    world.at(5s);
    EXPECT_EQ(world.statuses(1), "1x200") << status;
  }
}

constexpr std::string_view kBadGatewayForOneMinute =
    R"({"active": {"from": "0s", "for": "60s"}, "fault": {"kind": "status", "status": 502}})";

TEST(Portkey, OpensOneTargetForThirtySeconds) {
  BreakerWorld world("portkey", kBadGatewayForOneMinute);
  EXPECT_EQ(world.statuses(11), "10x502 1x503");
  world.at(29999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(30s);  // It closes by itself; what failed in the last minute still counts.
  EXPECT_EQ(world.statuses(2), "1x502 1x503");
  world.at(2min);
  EXPECT_EQ(world.statuses(20), "20x200");
}

TEST(Portkey, IsBypassedWhenAllTargetsAreOpen) {
  BreakerWorld world("portkey", kBadGatewayForOneMinute,
                     {.sections = R"(, "models": {"gpt-4": {}})"});
  EXPECT_EQ(world.statuses(30), "30x502");
}

TEST(Portkey, DoesNotCountAFiveHundred) {
  BreakerWorld world("portkey", kFailsAlways);
  EXPECT_EQ(world.statuses(30), "30x500");
}

TEST(Helicone, LooksEveryFiveSecondsAndWaitsUntilTheRatioHasFallen) {
  BreakerWorld world("helicone",
                     R"({"match": {"every_nth": 5}, "active": {"from": "0s", "for": "4s"},
                                     "fault": {"kind": "status", "status": 500}})");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(world.statuses(5), "4x200 1x500");
  EXPECT_EQ(world.health(), "healthy");
  world.at(4999ms);
  EXPECT_EQ(world.statuses(1), "1x200");
  world.at(5s);
  EXPECT_EQ(world.health(), "degraded");
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(59999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(60s);  // The window has forgotten the failures.
  EXPECT_EQ(world.statuses(5), "5x200");
}

TEST(Helicone, ALimitedUpstreamRestsForHalfAMinute) {
  BreakerWorld world("helicone",
                     R"({"match": {"first_n": 1}, "fault": {"kind": "status", "status": 429}})");
  EXPECT_EQ(world.statuses(2), "1x429 1x503");
  world.at(29999ms);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.at(30s);
  EXPECT_EQ(world.statuses(5), "5x200");
}

TEST(Kong, ATargetReturnsByTheOperatorOnly) {
  BreakerWorld world("kong", kFailsForOneMinute);
  EXPECT_EQ(world.statuses(4), "4x500");
  EXPECT_EQ(world.health(), "healthy");
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  world.at(110min);
  EXPECT_EQ(world.statuses(1), "1x503");
  world.post("/admin/breakers/gpt-4/reset");
  EXPECT_EQ(world.statuses(10), "10x200");
}

TEST(BreakerBackoff, EachOpeningInARowLastsLongerUpToTheLongest) {
  BreakerWorld world("refgw", kFailsAlways, {.breaker = R"(,
    "trip": {"mode": "consecutive", "minimum_requests": 0, "failure_count": 1},
    "open": {"duration": "10s", "multiplier": 2, "max": "35s"})"});
  EXPECT_EQ(world.statuses(2), "1x500 1x503");
  // Open for 10 s, 20 s, 35 s and 35 s; the probe after each fails.
  for (const Duration end : {10s, 30s, 65s, 100s}) {
    world.at(end - 1ms);
    EXPECT_EQ(world.statuses(1), "1x503");
    world.at(end);
    EXPECT_EQ(world.statuses(1), "1x500");
  }
}

}  // namespace
}  // namespace lab::test
