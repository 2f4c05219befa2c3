#include "loader/suite/options.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct ReadOptions {
  lab::JsonProblems problems{"suite.json"};
  Options options;

  explicit ReadOptions(std::string_view text) {
    const lab::Json json = lab::parse_json(text, "suite.json").value();
    options = read_options(lab::JsonValue(json, "options", problems));
  }
};

std::vector<Scenario> one(LoadModel model) {
  Scenario scenario;
  scenario.name = "suite";
  scenario.exec = "chat";
  scenario.graceful_stop = minutes(2);
  scenario.model = std::move(model);
  return {scenario};
}

TEST(Options, ReadsWhatK6InspectPrints) {
  const ReadOptions read(R"json({
    "paused": null, "vus": null, "duration": null, "iterations": null, "stages": null, "rps": null,
    "dns": {"ttl": null, "select": null, "policy": null}, "systemTags": null, "batch": 20,
    "scenarios": {"s": {"executor": "constant-vus", "vus": 2, "duration": "10s"}},
    "executionSegment": "0:1/4", "executionSegmentSequence": "0,1/4,1/2,1",
    "setupTimeout": "10s", "noConnectionReuse": true, "insecureSkipTLSVerify": true,
    "userAgent": "me", "maxRedirects": 3, "minIterationDuration": "2s",
    "thresholds": {"checks": ["rate>0.9"]}, "summaryTrendStats": ["avg", "p(99)"],
    "summaryTimeUnit": "ms", "tags": {"env": "staging"}
  })json");
  EXPECT_EQ(read.problems.to_string(), "");
  EXPECT_EQ(read.options.scenarios.size(), 1u);
  EXPECT_EQ(read.options.execution_segment.to, (Rational{1, 4}));
  EXPECT_EQ(read.options.execution_segment_sequence.size(), 3u);
  EXPECT_EQ(read.options.setup_timeout, seconds(10));
  EXPECT_EQ(read.options.teardown_timeout, seconds(60));
  EXPECT_TRUE(read.options.no_connection_reuse);
  EXPECT_TRUE(read.options.insecure_skip_tls_verify);
  EXPECT_EQ(read.options.user_agent, "me");
  EXPECT_EQ(read.options.redirects_max, 3u);
  EXPECT_EQ(read.options.min_iteration_duration, seconds(2));
  EXPECT_TRUE(read.options.thresholds->contains("checks"));
  EXPECT_EQ(read.options.summary_trend_stats.size(), 2u);
  EXPECT_EQ(read.options.summary_time_unit, "ms");
  EXPECT_EQ(read.options.tags.at("env"), "staging");
}

TEST(Options, ReadsScenariosAndTagsAsK6InspectPrintsThem) {
  const ReadOptions read(R"json({
    "paused": null, "scenarios": {
      "steady": {"executor": "constant-vus", "startTime": null, "gracefulStop": null, "env": null,
                 "exec": null, "tags": null, "options": null, "vus": 2, "duration": "3s"},
      "few": {"executor": "shared-iterations", "startTime": null, "gracefulStop": "5s", "env": null,
              "exec": "chat", "tags": {"a": "b"}, "options": {"browser": {"type": "chromium"}},
              "vus": null, "iterations": null, "maxDuration": null},
      "steps": {"executor": "ramping-vus", "startTime": null, "gracefulStop": null, "env": null,
                "exec": null, "tags": null, "startVUs": null,
                "stages": [{"duration": "10s", "target": 5}], "gracefulRampDown": null},
      "open": {"executor": "constant-arrival-rate", "startTime": null, "gracefulStop": null,
               "env": null, "exec": null, "tags": null, "rate": 5, "timeUnit": null,
               "duration": "3s", "preAllocatedVUs": 2, "maxVUs": null},
      "ramp": {"executor": "ramping-arrival-rate", "startTime": null, "gracefulStop": null,
               "env": null, "exec": null, "tags": null, "startRate": null, "timeUnit": null,
               "stages": [{"duration": "10s", "target": 5}], "preAllocatedVUs": 2, "maxVUs": null}},
    "executionSegment": null, "executionSegmentSequence": null, "noSetup": null,
    "setupTimeout": null, "noTeardown": null, "teardownTimeout": null, "rps": null,
    "dns": {"ttl": null, "select": null, "policy": null}, "maxRedirects": null, "userAgent": null,
    "batch": null, "batchPerHost": null, "httpDebug": null, "insecureSkipTLSVerify": null,
    "tlsCipherSuites": null, "tlsVersion": null, "tlsAuth": null, "throw": null,
    "thresholds": {"http_req_failed": [
      {"threshold": "rate<0.1", "abortOnFail": true, "delayAbortEval": null}]},
    "blacklistIPs": null, "blockHostnames": null, "hosts": null, "noConnectionReuse": null,
    "noVUConnectionReuse": null, "minIterationDuration": null, "ext": null,
    "summaryTrendStats": ["avg", "min", "med", "max", "p(90)", "p(95)"], "summaryTimeUnit": null,
    "systemTags": ["check", "error", "error_code", "expected_response", "group", "method", "name",
                   "proto", "scenario", "service", "status", "subproto", "tls_version", "url"],
    "tags": null, "metricSamplesBufferSize": null, "noCookiesReset": null,
    "discardResponseBodies": null, "totalDuration": "40s", "maxVUs": 10
  })json");
  EXPECT_EQ(read.problems.to_string(), "");
  // An option that nobody set has its default.
  ASSERT_EQ(read.options.scenarios.size(), 5u);
  EXPECT_EQ(read.options.scenarios[0].start_time, seconds(0));
  EXPECT_EQ(read.options.scenarios[0].graceful_stop, seconds(30));
  EXPECT_EQ(std::get<SharedIterations>(read.options.scenarios[1].model).max_duration, minutes(10));
  EXPECT_EQ(std::get<ConstantArrivalRate>(read.options.scenarios[3].model).vus.max, 2u);
}

TEST(Options, AScenariosMembersThatAreNullButNeededAreMissing) {
  const ReadOptions read(R"({"scenarios": {"s": {"executor": "constant-vus", "duration": null}}})");
  EXPECT_NE(read.problems.to_string().find("duration"), std::string::npos);
}

TEST(Options, SystemTagsOtherThanK6sDefaultsAreRefused) {
  EXPECT_NE(ReadOptions(R"({"systemTags": ["status", "vu"]})").problems.to_string().find("\"vu\""),
            std::string::npos);
  EXPECT_NE(
      ReadOptions(R"({"systemTags": ["status"]})").problems.to_string().find("leave this out"),
      std::string::npos);
}

TEST(Options, ReadsDnsAndTheBoundOfResponses) {
  const auto dns = [](const std::string& text) {
    const ReadOptions read("{\"dns\": " + text + "}");
    EXPECT_EQ(read.problems.to_string(), "");
    return read.options.dns;
  };
  EXPECT_EQ(dns(R"({"ttl": "5m"})").ttl, minutes(5));
  EXPECT_EQ(dns(R"({"ttl": "0"})").ttl, lab::Duration::zero());
  EXPECT_EQ(dns(R"({"ttl": "inf"})").ttl, std::nullopt);
  EXPECT_EQ(dns(R"({"select": "roundRobin"})").select, DnsSelect::round_robin);
  EXPECT_EQ(dns(R"({"policy": "preferIPv4", "ttl": null})").policy, DnsPolicy::prefer_ipv4);
  EXPECT_NE(ReadOptions(R"({"dns": {"ttl": "soon"}})").problems.to_string().find("options.dns.ttl"),
            std::string::npos);
  EXPECT_NE(ReadOptions(R"({"dns": {"select": "best"}})").problems.to_string().find("roundRobin"),
            std::string::npos);
  EXPECT_EQ(ReadOptions(R"({"responseBytesMax": 1000})").options.response_bytes_max, 1000u);
  EXPECT_EQ(ReadOptions("{}").options.response_bytes_max, kResponseBytesMax);
}

TEST(Options, SaysWhatItDoesNotHaveAndWhatIsMistyped) {
  EXPECT_NE(ReadOptions(R"({"rps": 5})").problems.to_string().find("options.rps"),
            std::string::npos);
  EXPECT_NE(ReadOptions(R"({"threshold": {}})").problems.to_string().find("thresholds"),
            std::string::npos);
  EXPECT_NE(ReadOptions(R"({"summaryTimeUnit": "h"})").problems.to_string().find("\"us\""),
            std::string::npos);
}

TEST(Options, FileShortcutsBecomeK6sScenarios) {
  EXPECT_EQ(std::get<ConstantVus>(
                ReadOptions(R"({"vus": 5, "duration": "1m"})").options.scenarios[0].model)
                .vus,
            5u);
  EXPECT_EQ(std::get<SharedIterations>(ReadOptions(R"({"vus": 5})").options.scenarios[0].model)
                .iterations,
            5u);
  const auto shared = std::get<SharedIterations>(
      ReadOptions(R"({"iterations": 8, "duration": "1m"})").options.scenarios[0].model);
  EXPECT_EQ(shared.iterations, 8u);
  EXPECT_EQ(shared.vus, 1u);
  EXPECT_EQ(shared.max_duration, minutes(1));
  const auto ramping =
      std::get<RampingVus>(ReadOptions(R"({"vus": 3, "stages": [{"duration": "1m", "target": 9}]})")
                               .options.scenarios[0]
                               .model);
  EXPECT_EQ(ramping.start_vus, 3u);
  const ReadOptions nothing("{}");
  EXPECT_EQ(std::get<PerVuIterations>(nothing.options.scenarios[0].model).iterations, 1u);
  EXPECT_EQ(nothing.options.scenarios[0].name, "default");
}

TEST(Options, SayingWhatToRunInTwoWaysIsAProblem) {
  EXPECT_FALSE(ReadOptions(R"({"duration": "1m", "stages": [{"duration": "1m", "target": 9}]})")
                   .problems.empty());
  EXPECT_FALSE(
      ReadOptions(R"({"duration": "1m", "scenarios": {"s": {"executor": "shared-iterations"}}})")
          .problems.empty());
  EXPECT_FALSE(ReadOptions(R"({"iterations": 2, "vus": 5})").problems.empty());
}

TEST(Shortcuts, DurationShortensAScenarioAndKeepsTheRest) {
  const auto scenarios =
      apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.duration = seconds(10)}).value();
  ASSERT_EQ(scenarios.size(), 1u);
  EXPECT_EQ(scenarios[0].name, "suite");
  EXPECT_EQ(scenarios[0].exec, "chat");
  EXPECT_EQ(scenarios[0].graceful_stop, minutes(2));
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).vus, 10u);
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).duration, seconds(10));
}

TEST(Shortcuts, DurationShortensStagesInProportion) {
  const auto scenarios =
      apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}, {minutes(3), 20}}, seconds(9)}),
                      {.duration = seconds(10)})
          .value();
  const auto& ramping = std::get<RampingVus>(scenarios[0].model);
  EXPECT_EQ(ramping.stages, (std::vector<Stage>{{seconds(4), 20}, {seconds(6), 20}}));
  EXPECT_EQ(ramping.graceful_ramp_down, seconds(9));
  const auto arrivals = apply_shortcuts(one(ConstantArrivalRate{5, seconds(1), minutes(5), {1, 1}}),
                                        {.duration = seconds(10)});
  EXPECT_EQ(std::get<ConstantArrivalRate>(arrivals.value()[0].model).duration, seconds(10));
}

TEST(Shortcuts, VusAndDurationAreConstantVusWhateverTheFileSays) {
  const auto scenarios = apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}}, seconds(9)}),
                                         {.vus = 3, .duration = seconds(10)})
                             .value();
  EXPECT_EQ(std::get<ConstantVus>(scenarios[0].model).vus, 3u);
}

TEST(Shortcuts, IterationsAreSharedAmongTheSuitesVus) {
  const auto few = apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.iterations = 3}).value();
  EXPECT_EQ(std::get<SharedIterations>(few[0].model).vus, 3u);
  EXPECT_EQ(std::get<SharedIterations>(few[0].model).iterations, 3u);
  const auto limited = apply_shortcuts(one(ConstantVus{10, minutes(5)}),
                                       {.vus = 2, .duration = seconds(5), .iterations = 30})
                           .value();
  EXPECT_EQ(std::get<SharedIterations>(limited[0].model).max_duration, seconds(5));
}

TEST(Shortcuts, StagesReplaceTheProfile) {
  const auto scenarios =
      apply_shortcuts(one(ConstantVus{10, minutes(5)}), {.stages = {{seconds(5), 4}}}).value();
  EXPECT_EQ(std::get<RampingVus>(scenarios[0].model).start_vus, 1u);
  EXPECT_EQ(std::get<RampingVus>(scenarios[0].model).stages.size(), 1u);
}

TEST(Shortcuts, SayWhatDoesNotGo) {
  EXPECT_NE(apply_shortcuts(one(RampingVus{0, {{minutes(2), 20}}, seconds(9)}), {.vus = 3})
                .error()
                .what.find("add -d, -i or -s"),
            std::string::npos);
  EXPECT_TRUE(
      apply_shortcuts(one(ConstantVus{1, minutes(5)}), {.duration = seconds(0)}).has_error());
  EXPECT_TRUE(
      apply_shortcuts(one(ConstantVus{1, minutes(5)}), {.vus = 5, .iterations = 3}).has_error());
  EXPECT_TRUE(apply_shortcuts(one(ConstantVus{1, minutes(5)}),
                              {.duration = seconds(5), .stages = {{seconds(5), 4}}})
                  .has_error());
  EXPECT_NE(apply_shortcuts(one(SaturationSearch{}), {.duration = seconds(5)})
                .error()
                .what.find("change its stepDuration"),
            std::string::npos);
  std::vector<Scenario> two = one(ConstantVus{1, minutes(5)});
  two.push_back(two[0]);
  EXPECT_TRUE(apply_shortcuts(two, {.duration = seconds(5)}).has_value());
  two[1].exec = "other";
  EXPECT_TRUE(apply_shortcuts(two, {.duration = seconds(5)}).has_error());
}

TEST(Shortcuts, ParsesStages) {
  EXPECT_EQ(parse_stages("10s:5,1m:0").value(),
            (std::vector<Stage>{{seconds(10), 5}, {minutes(1), 0}}));
  for (const std::string_view text : {"", "10s", "10s:", "x:5", "-1s:5", "10s:-5", "10s:5,"}) {
    EXPECT_TRUE(parse_stages(text).has_error()) << text;
  }
}

}  // namespace
}  // namespace loader
