#include "mockgw/breaker/circuit_breaker_config.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

struct BreakerReading {
  CircuitBreakerConfig config;
  std::string problems;
};

BreakerReading read_breaker(const std::string& text, const CircuitBreakerConfig& base = {}) {
  const lab::Json json = lab::parse_json(text, "g.json").value();
  lab::JsonProblems problems("g.json");
  const lab::JsonValue value(json, "circuit_breaker", problems);
  CircuitBreakerConfig config = read_circuit_breaker(value.as_object(), base);
  return {std::move(config), problems.to_string()};
}

TEST(CircuitBreakerConfig, EveryPresetReadsBackAsItWasWritten) {
  for (const std::string_view name : circuit_breaker_preset_names()) {
    const std::string text = to_json(circuit_breaker_preset(name).value()).dump();
    const BreakerReading reading = read_breaker(text);
    EXPECT_EQ(reading.problems, "") << name;
    EXPECT_EQ(to_json(reading.config).dump(), text) << name;
  }
}

TEST(CircuitBreakerConfig, ChangesAPresetMemberByMember) {
  const BreakerReading reading = read_breaker(
      R"({"preset":"hystrix","trip":{"minimum_requests":3,"failure_rate_percent":null,"slow_call":"2s",)"
      R"("slow_call_rate_percent":50},)"
      R"("failure":{"statuses":[500,"501-503","4xx"]},"open":{"duration":"10m"}})");
  EXPECT_EQ(reading.problems, "");
  EXPECT_TRUE(reading.config.enabled);
  EXPECT_EQ(reading.config.trip.mode, TripConfig::Mode::time_window);
  EXPECT_EQ(reading.config.trip.minimum_requests, 3);
  EXPECT_EQ(reading.config.trip.failure_rate_percent, std::nullopt);
  EXPECT_EQ(reading.config.trip.slow_call, 2s);
  EXPECT_EQ(reading.config.failure.statuses,
            (std::vector<StatusPattern>{{500, 500}, {501, 503}, {400, 499}}));
  EXPECT_TRUE(reading.config.failure.rejected);
  // The maximum follows a longer duration that came without one of its own.
  EXPECT_EQ(reading.config.open.max, 10min);
}

TEST(CircuitBreakerConfig, StartsFromTheProfilesPreset) {
  const BreakerReading reading = read_breaker("{}", circuit_breaker_preset("kong").value());
  EXPECT_EQ(reading.config.trip.failure_count, 5);
  EXPECT_TRUE(reading.config.enabled);
}

const std::vector<StatusPattern> kEveryError{{500, 599}, {429, 429}, {400, 499}};

TEST(CircuitBreakerConfig, SaysWhatOpensItWhereTheFileDoesNot) {
  struct Row {
    const char* text;
    std::optional<std::int64_t> failure_count;
    std::vector<StatusPattern> statuses;
  };
  const Row rows[] = {
      {"{}", 5, kEveryError},
      {R"({"trip":{"mode":"consecutive","failure_count":3}})", 3, kEveryError},
      {R"({"trip":{"failure_rate_percent":50}})", std::nullopt, kEveryError},
      {R"({"trip":{"instant_trip_statuses":[429]}})", std::nullopt, kEveryError},
      {R"({"failure":{"statuses":["5xx"]}})", 5, {{500, 599}}},
      {R"({"failure":{"statuses":[]}})", 5, {}},  // Timeouts and resets are left.
      {R"({"preset":"envoy"})", 5, {{500, 599}}},
      {R"({"preset":"hystrix"})", std::nullopt, {{500, 599}, {429, 429}}},
  };
  for (const Row& row : rows) {
    const BreakerReading reading = read_breaker(row.text);
    EXPECT_EQ(reading.problems, "") << row.text;
    EXPECT_EQ(reading.config.trip.failure_count, row.failure_count) << row.text;
    EXPECT_EQ(reading.config.failure.statuses, row.statuses) << row.text;
  }
}

TEST(CircuitBreakerConfig, TheDefaultReadsBackAsItWasWritten) {
  const std::string text = to_json(default_circuit_breaker()).dump();
  EXPECT_EQ(to_json(read_breaker(text).config).dump(), text);
}

TEST(CircuitBreakerConfig, RefusesWhatCanNeverOpen) {
  struct Row {
    const char* text;
    const char* expected;
  };
  constexpr const char* kErrorConditions =
      "can never open: give at least one of trip.failure_count";
  constexpr const char* kFailures = "nothing counts as a failure; give failure.statuses";
  const Row rows[] = {
      {R"({"trip":{"failure_count":null}})", kErrorConditions},
      {R"({"preset":"hystrix","trip":{"failure_rate_percent":null}})", kErrorConditions},
      {R"({"failure":{"statuses":[],"timeouts":false,"connect":false,"stream_verdict":"headers"}})",
       kFailures},
      {R"({"trip":{"mode":"count_window","window_size":3,"failure_count":4}})",
       "trip.failure_count is at most trip.window_size"},
      {R"({"trip":{"failure_rate_percent":100,"failure_rate_exclusive":true}})",
       "no rate is above 100"},
      {R"({"trip":{"slow_call_rate_percent":50}})", "needs trip.slow_call"},
      {R"({"trip":{"failure_count":2,"slow_call_rate_percent":50,"combine":"all"}})",
       "needs trip.slow_call"},
  };
  for (const Row& row : rows) {
    const std::string problems = read_breaker(row.text).problems;
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.text << "\n" << problems;
  }
}

TEST(CircuitBreakerConfig, ABreakerThatIsOffOrForcedNeedNotOpenByItself) {
  EXPECT_EQ(read_breaker(R"({"enabled":false,"trip":{"failure_count":null}})").problems, "");
  EXPECT_EQ(read_breaker(R"({"forced":"open","trip":{"failure_count":null}})").problems, "");
}

TEST(CircuitBreakerConfig, OneConditionThatCanBeMetIsEnough) {
  EXPECT_EQ(
      read_breaker(
          R"({"trip":{"mode":"count_window","window_size":3,"failure_count":4,"failure_rate_percent":50}})")
          .problems,
      "");
}

TEST(CircuitBreakerConfig, NamesWhatIsWrong) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"preset":"hystrics"})", "no preset \"hystrics\"; there are refgw"},
      {R"({"trip":{"mode":"count"}})", "circuit_breaker.trip.mode"},
      {R"({"trip":{"window":"0s"}})", "window must be longer than 0"},
      {R"({"trip":{"window_size":0}})", "circuit_breaker.trip.window_size"},
      {R"({"trip":{"failure_rate_percent":101}})", "circuit_breaker.trip.failure_rate_percent"},
      {R"({"trip":{"failure_count":0}})", "circuit_breaker.trip.failure_count"},
      {R"({"failure":{"statuses":["6xx"]}})", "circuit_breaker.failure.statuses[0]"},
      {R"({"failure":{"statuses":["503-501"]}})", "or a range (\"501-599\")"},
      {R"({"failure":{"ignored":[42]}})", "circuit_breaker.failure.ignored[0]"},
      {R"({"open":{"multiplier":0.5}})", "circuit_breaker.open.multiplier"},
      {R"({"half_open":{"success_threshold":0}})", "circuit_breaker.half_open.success_threshold"},
      {R"({"ejection":{"max_percent":-1}})", "circuit_breaker.ejection.max_percent"},
      {R"({"forced":"opened"})", "half_open"},
      {R"({"trips":{}})", "trip"},
      {R"({"open":{"duration":"10m","max":"1m"}})", "open: max must not be below duration"},
      {R"({"trip":{"slow_call":"2s"}})", "trip.slow_call: has no effect without slow_call_rate"},
  };
  for (const Row& row : rows) {
    const std::string problems = read_breaker(row.text).problems;
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.text << "\n" << problems;
  }
}

}  // namespace
}  // namespace mockgw
