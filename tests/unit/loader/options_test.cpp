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
  EXPECT_TRUE(read.options.client.no_connection_reuse);
  EXPECT_TRUE(read.options.client.insecure_skip_tls_verify);
  EXPECT_EQ(read.options.client.user_agent, "me");
  EXPECT_EQ(read.options.client.redirects_max, 3u);
  EXPECT_EQ(read.options.min_iteration_duration, seconds(2));
  EXPECT_TRUE(read.options.thresholds->contains("checks"));
  EXPECT_EQ(read.options.summary_trend_stats.size(), 2u);
  EXPECT_EQ(read.options.summary_time_unit, "ms");
  EXPECT_EQ(read.options.tags.at("env"), "staging");
}

// What a script takes from __ENV may not be there.
TEST(Options, WhatIsNullWithinAnOptionIsWhatItIsInGo) {
  const ReadOptions read(R"json({
    "tags": {"region": null, "a": "b"}, "hosts": {"a.test": null, "b.test": "10.0.0.1"},
    "thresholds": {"checks": null, "iterations": [{"threshold": "count>0", "abortOnFail": null}]},
    "tlsVersion": {"min": null, "max": "tls1.2"},
    "scenarios": {"s": {"executor": "constant-vus", "duration": "1s", "env": {"TOKEN": null},
                        "tags": {"t": null}}}})json");
  EXPECT_EQ(read.problems.to_string(), "");
  EXPECT_EQ(read.options.tags.at("region"), "");
  EXPECT_EQ(read.options.tags.at("a"), "b");
  EXPECT_EQ(read.options.client.hosts.find_override("a.test", 80), std::nullopt);
  EXPECT_EQ(read.options.client.hosts.find_override("b.test", 80), (HostTarget{"10.0.0.1", 80}));
  EXPECT_EQ((*read.options.thresholds)["checks"], lab::Json::array());
  EXPECT_TRUE(read.options.thresholds->contains("iterations"));
  EXPECT_EQ(read.options.client.tls.version_max, lab::TlsVersion::tls1_2);
  EXPECT_EQ(read.options.scenarios.at(0).env.at("TOKEN"), "");
}

TEST(Options, AScenarioThatSaysNothingIsAMistake) {
  for (const char* const text :
       {R"({"scenarios": {"a": {}}})", R"({"scenarios": {"a": {}, "b": {}}, "vus": 2})"}) {
    EXPECT_NE(ReadOptions(text).problems.to_string().find(
                  "options.scenarios.a: missing required key \"executor\""),
              std::string::npos);
  }
  EXPECT_EQ(ReadOptions(R"({"scenarios": {}})").problems.to_string(), "");
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

TEST(Options, ReadsDnsAndTheBoundOfResponses) {
  const auto dns = [](const std::string& text) {
    const ReadOptions read("{\"dns\": " + text + "}");
    EXPECT_EQ(read.problems.to_string(), "");
    return read.options.client.dns;
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
  EXPECT_EQ(ReadOptions(R"({"responseBytesMax": 1000})").options.client.response_bytes_max, 1000u);
  EXPECT_EQ(ReadOptions("{}").options.client.response_bytes_max, kResponseBytesMax);
}

TEST(Options, SaysWhatIsMistyped) {
  EXPECT_TRUE(ReadOptions(R"({"summaryTimeUnit": ""})").problems.empty());
  EXPECT_NE(ReadOptions(R"({"summaryTimeUnit": "h"})").problems.to_string().find("\"us\""),
            std::string::npos);
}

TEST(Options, AnUnknownOneIsAWarningAsInK6) {
  const ReadOptions read(R"({"threshold": {}})");
  EXPECT_EQ(read.problems.to_string(), "");
  ASSERT_EQ(read.options.warnings.size(), 1u);
  EXPECT_TRUE(read.options.warnings[0].starts_with(
      "options: unknown key \"threshold\"; did you mean \"thresholds\"? allowed: \""));
  // Within an option it is none.
  EXPECT_NE(ReadOptions(R"({"dns": {"tll": "1s"}})").problems.to_string().find("\"ttl\""),
            std::string::npos);
}

TEST(Options, TextsAreNumbersSwitchesAndDurationsWhereK6TakesThem) {
  const ReadOptions read(R"json({
    "vus": "3", "iterations": "12", "duration": "5000", "noConnectionReuse": "true",
    "maxRedirects": "2", "minIterationDuration": "", "noSetup": ""
  })json");
  EXPECT_EQ(read.problems.to_string(), "");
  const auto& shared = std::get<SharedIterations>(read.options.scenarios[0].model);
  EXPECT_EQ(shared.vus, 3u);
  EXPECT_EQ(shared.iterations, 12u);
  EXPECT_EQ(shared.max_duration, seconds(5));
  EXPECT_TRUE(read.options.client.no_connection_reuse);
  EXPECT_FALSE(read.options.no_setup);
  EXPECT_EQ(read.options.client.redirects_max, 2u);
}

TEST(Options, TextsAreNumbersInScenariosAndStages) {
  const ReadOptions read(R"json({"scenarios": {
    "vus": {"executor": "constant-vus", "vus": "2", "duration": "60000", "tags": {"rate": "5"}},
    "ramp": {"executor": "ramping-arrival-rate", "startRate": "1", "preAllocatedVUs": "2",
             "maxVUs": "4", "stages": [{"duration": "10s", "target": "5"}]}}})json");
  EXPECT_EQ(read.problems.to_string(), "");
  ASSERT_EQ(read.options.scenarios.size(), 2u);
  EXPECT_EQ(std::get<ConstantVus>(read.options.scenarios[0].model).vus, 2u);
  EXPECT_EQ(std::get<ConstantVus>(read.options.scenarios[0].model).duration, minutes(1));
  EXPECT_EQ(read.options.scenarios[0].tags.at("rate"), "5");
  const auto& ramp = std::get<RampingArrivalRate>(read.options.scenarios[1].model);
  EXPECT_EQ(ramp.vus.max, 4u);
  EXPECT_EQ(ramp.stages[0].target, 5u);
}

TEST(Options, ATextThatIsNoNumberIsRefusedByName) {
  for (const std::string text : {"three", "3.5", "3 ", "0x3", "nan", "99999999999999999999"}) {
    const ReadOptions read("{\"vus\": \"" + text + "\"}");
    EXPECT_NE(read.problems.to_string().find("options.vus"), std::string::npos) << text;
  }
  EXPECT_NE(ReadOptions(R"({"noSetup": "yes"})").problems.to_string().find("options.noSetup"),
            std::string::npos);
}

TEST(Options, EmptyStagesAndVusBesideScenariosAreNoSecondLoad) {
  const ReadOptions read(R"json({"vus": 5, "stages": [],
    "scenarios": {"s": {"executor": "constant-vus", "vus": 2, "duration": "10s"}}})json");
  EXPECT_EQ(read.problems.to_string(), "");
  EXPECT_EQ(std::get<ConstantVus>(read.options.scenarios[0].model).vus, 2u);
  ASSERT_EQ(read.options.warnings.size(), 1u);
  EXPECT_TRUE(read.options.warnings[0].starts_with("options.vus has no effect"));
  const ReadOptions steady(R"({"stages": [], "vus": 2, "duration": "10s"})");
  EXPECT_TRUE(std::holds_alternative<ConstantVus>(steady.options.scenarios[0].model));
}

TEST(Options, ReadsWhatIsSaidOfConnections) {
  const ReadOptions read(R"json({
    "throw": true, "noCookiesReset": "true", "discardResponseBodies": true, "rps": "50",
    "httpDebug": "full", "hosts": {"A.test": "10.0.0.1:81", "*.b.test": "::1"},
    "blockHostnames": ["*.evil.test"], "blacklistIPs": ["10.0.0.0/8"],
    "tlsVersion": {"min": "tls1.2", "max": "tls1.3"},
    "tlsCipherSuites": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
    "systemTags": ["status", "vu"]})json");
  EXPECT_EQ(read.problems.to_string(), "");
  const ClientOptions& client = read.options.client;
  EXPECT_TRUE(client.throws);
  EXPECT_TRUE(client.no_cookies_reset);
  EXPECT_TRUE(client.discards_bodies);
  EXPECT_EQ(client.requests_per_second, 50u);
  EXPECT_EQ(client.debug, HttpDebug::full);
  EXPECT_EQ(client.hosts.find_override("a.test", 80), (HostTarget{"10.0.0.1", 81}));
  EXPECT_TRUE(client.hosts.is_blocked("x.evil.test"));
  EXPECT_TRUE(client.hosts.is_blacklisted("10.1.1.1"));
  EXPECT_EQ(client.tls.version_min, lab::TlsVersion::tls1_2);
  EXPECT_EQ(client.tls.cipher_suites.size(), 1u);
  EXPECT_TRUE(read.options.system_tags.has("status"));
  EXPECT_FALSE(read.options.system_tags.has("url"));
  EXPECT_EQ(read.options.system_tags.sorted(), std::vector<std::string>{"status"});
  EXPECT_TRUE(read.options.warnings.empty());
  EXPECT_EQ(ReadOptions(R"({"rps": 0})").options.client.requests_per_second, std::nullopt);
}

TEST(Options, SaysWhatIsWrongOfConnections) {
  for (const auto& [text, where] : std::vector<std::pair<std::string, std::string>>{
           {R"({"rps": -1})", "options.rps"},
           {R"({"httpDebug": "loud"})", "options.httpDebug"},
           {R"({"hosts": {"a.test": "b.test"}})", "options.hosts[\"a.test\"]"},
           {R"({"hosts": {"a..test": "10.0.0.1"}})", "options.hosts"},
           {R"({"blockHostnames": ["a*"]})", "options.blockHostnames[0]"},
           {R"({"blacklistIPs": ["10.0.0.1"]})", "options.blacklistIPs[0]"},
           {R"({"tlsVersion": "tls2"})", "options.tlsVersion"},
           {R"({"tlsVersion": {"min": "tls1.3", "max": "tls1.2"}})", "options.tlsVersion"},
           {R"({"tlsCipherSuites": ["FAST"]})", "options.tlsCipherSuites[0]"},
           {R"({"tlsAuth": [{"cert": "x", "key": "y"}]})", "options.tlsAuth[0]"},
           {R"({"tlsAuth": [{"cert": "x"}]})", "options.tlsAuth[0]"},
           {R"({"systemTags": [5]})", "options.systemTags[0]"}}) {
    const std::string said = ReadOptions(text).problems.to_string();
    EXPECT_NE(said.find(where), std::string::npos) << text << said;
  }
}

TEST(Options, ASystemTagThatIsNoneIsAWarning) {
  const ReadOptions read(R"({"systemTags": ["statsu", "url", "colour"]})");
  EXPECT_EQ(read.problems.to_string(), "");
  EXPECT_TRUE(read.options.system_tags.has("url"));
  EXPECT_FALSE(read.options.system_tags.has("status"));
  EXPECT_EQ(read.options.warnings,
            (std::vector<std::string>{
                "options.systemTags has statsu, which is no tag of k6's; did you mean status?",
                "options.systemTags has colour, which is no tag of k6's"}));
}

TEST(Options, NoVusAreAStartOfStagesAndNothingElse) {
  const ReadOptions ramp(R"({"vus": 0, "stages": [{"duration": "1s", "target": 1}]})");
  EXPECT_EQ(ramp.problems.to_string(), "");
  EXPECT_EQ(std::get<RampingVus>(ramp.options.scenarios.at(0).model).start_vus, 0u);
  for (const char* text :
       {R"({"vus": 0})", R"({"vus": 0, "iterations": 1})", R"({"vus": 0, "duration": "1s"})"}) {
    const std::string said = ReadOptions(text).problems.to_string();
    EXPECT_NE(said.find("the number of VUs must be more than 0"), std::string::npos)
        << text << said;
  }
}

TEST(Options, LayersAreAsInK6) {
  const lab::Json suite =
      lab::parse_json(
          R"({"userAgent": "suite", "maxRedirects": 3, "duration": "10s", "noSetup": true})", "")
          .value();
  OptionLayers layers;
  layers.config_file = "k6.json";
  layers.config =
      lab::parse_json(
          R"({"userAgent": "file", "iterations": 7, "vus": 4, "setupTimeout": "9s", "maxRedirects": 5})",
          "")
          .value();
  layers.settings = {{"maxRedirects", "--max-redirects", lab::Json("1")},
                     {"maxRedirects", "K6_MAX_REDIRECTS", lab::Json("2")},
                     {"noSetup", "K6_NO_SETUP", lab::Json("false")}};
  lab::JsonProblems problems("suite.json");
  lab::JsonProblems layer_problems("");
  const Options options =
      read_options(lab::JsonValue(suite, "options", problems), layers, layer_problems);
  EXPECT_EQ(problems.to_string() + layer_problems.to_string(), "");
  EXPECT_EQ(options.client.redirects_max, 1u);
  EXPECT_EQ(options.client.user_agent, "suite");
  EXPECT_FALSE(options.no_setup);
  EXPECT_EQ(options.setup_timeout, seconds(9));
  // The suite says what is to be run, which wipes the file's iterations; not its VUs.
  const auto& model = std::get<ConstantVus>(options.scenarios[0].model);
  EXPECT_EQ(model.vus, 4u);
  EXPECT_EQ(model.duration, seconds(10));
}

TEST(Options, ProblemsOfALayerNameIt) {
  OptionLayers layers;
  layers.config_file = "k6.json";
  layers.config = lab::parse_json(R"({"maxRedirects": -1, "noSuch": 1})", "").value();
  layers.settings = {{"noSetup", "K6_NO_SETUP", lab::Json("maybe")}};
  lab::JsonProblems problems("suite.json");
  lab::JsonProblems layer_problems("");
  const lab::Json none = lab::Json::object();
  const Options options =
      read_options(lab::JsonValue(none, "options", problems), layers, layer_problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_NE(layer_problems.to_string().find("K6_NO_SETUP: expected true or false"),
            std::string::npos);
  EXPECT_NE(layer_problems.to_string().find("k6.json: maxRedirects: -1 is out of range"),
            std::string::npos);
  ASSERT_EQ(options.warnings.size(), 1u);
  EXPECT_TRUE(options.warnings[0].starts_with("k6.json: unknown key \"noSuch\""));
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

}  // namespace
}  // namespace loader
