#include "mockgw/config/gateway_config.h"

#include <gtest/gtest.h>

#include "shared/base/embedded_files.h"
#include "shared/base/json.h"
#include "tests/support/temporary_folder.h"

namespace mockgw {
namespace {

lab::Result<GatewayConfig> read_config(std::string_view text,
                                       const ConfigOverrides& overrides = {}) {
  return read_gateway_config(text, "gateway.json", overrides);
}

std::string config_error(std::string_view text) {
  const auto config = read_config(text);
  return config ? "no error" : config.error().to_string();
}

TEST(GatewayConfig, AnEmptyFileIsTheHealthyGateway) {
  const auto healthy = lab::embedded_file("gateways/healthy.json");
  ASSERT_TRUE(healthy);
  EXPECT_EQ(to_json(read_config("{}").value()), to_json(read_config(*healthy).value()));
}

TEST(GatewayConfig, EveryFixtureReadsAndPrintsItself) {
  for (const std::string_view path : lab::embedded_files("gateways")) {
    const auto config = read_gateway_config(*lab::embedded_file(path), path);
    ASSERT_TRUE(config) << config.error().to_string();
    const lab::Json printed = to_json(*config);
    const auto again = read_config(printed.dump());
    ASSERT_TRUE(again) << again.error().to_string();
    EXPECT_EQ(to_json(*again), printed) << path;
  }
}

TEST(GatewayConfig, TheModelsOfTheStressSuiteExistByDefault) {
  const GatewayConfig config = read_config("{}").value();
  for (const char* id : {"gpt-3.5-turbo", "gpt-4", "claude-3-sonnet-20240229",
                         "claude-3-haiku-20240307", "gpt-4o", "gpt-4o-mini"}) {
    EXPECT_NE(config.models.find(id), nullptr) << id;
  }
  EXPECT_EQ(config.models.find("gpt-5"), nullptr);
}

TEST(GatewayConfig, AModelOverridesWhatItNamesOnly) {
  const GatewayConfig config = read_config(R"({"latency":{"ttft":"100ms","itl":"5ms"},
               "models":{"fast":{"latency":{"ttft":"1ms"}},"*":{"owned_by":"me"}}})")
                                   .value();
  const ModelConfig* fast = config.models.find("fast");
  EXPECT_DOUBLE_EQ(fast->latency.ttft.mean(), 0.001);
  EXPECT_DOUBLE_EQ(fast->latency.itl.mean(), 0.005);
  EXPECT_EQ(config.models.find("whatever")->owned_by, "me");
}

TEST(GatewayConfig, OverridesWinOverTheFile) {
  const GatewayConfig config =
      read_config(R"({"seed":1,"listen":"127.0.0.1:1","latency":{"ttft":"9s"},
                                        "models":{"m":{"latency":{"itl":"3s"}}}})",
                  {.profile = "litellm", .listen = ":0", .seed = 9, .instant = true})
          .value();
  EXPECT_EQ(config.seed, 9u);
  EXPECT_EQ(config.listen, ":0");
  EXPECT_EQ(config.profile.name, "litellm");
  EXPECT_TRUE(config.latency.ttft.is_zero());
  EXPECT_TRUE(config.models.find("m")->latency.itl.is_zero());
}

TEST(GatewayConfig, AModelsPrefixCacheIsTheGatewaysButForWhatItNames) {
  const GatewayConfig config =
      read_config(R"({"latency":{"prefix_cache":{"block_tokens":16,"minimum_tokens":32}},
               "models":{"m":{"latency":{"prefix_cache":{"ttl":"1m"}}}}})",
                  {.profile = {}, .listen = {}, .seed = {}, .instant = true})
          .value();
  // Not even --instant takes it away: it is seen in usage, too.
  const auto cache = config.models.find("m")->latency.prefix_cache;
  ASSERT_TRUE(cache);
  EXPECT_EQ(cache->block_tokens, 16);
  EXPECT_EQ(cache->minimum_tokens, 32);
  EXPECT_EQ(cache->ttl, std::chrono::minutes(1));
}

TEST(GatewayConfig, ABodysLimitIsTheProfilesUnlessTheFileGivesOne) {
  EXPECT_EQ(read_config("{}")->limits.max_body_bytes, 10u * 1024 * 1024);
  EXPECT_EQ(read_config(R"({"profile":"refgw"})")->limits.max_body_bytes, 2u * 1024 * 1024);
  EXPECT_EQ(
      read_config(R"({"profile":"refgw","limits":{"max_body_bytes":5}})")->limits.max_body_bytes,
      5u);
}

TEST(GatewayConfig, KeysConfiguredAreRequired) {
  EXPECT_FALSE(read_config("{}")->auth.required);
  EXPECT_TRUE(read_config(R"({"auth":{"keys":["k"]}})")->auth.required);
  EXPECT_FALSE(read_config(R"({"auth":{"keys":["k"],"required":false}})")->auth.required);
}

TEST(GatewayConfig, AnyModelAloneKeepsTheListOfDefaultOnes) {
  const GatewayConfig config =
      read_config(R"({"models":{"*":{"latency":{"ttft":"1ms"}}}})").value();
  EXPECT_NE(config.models.find("whatever"), nullptr);
  EXPECT_EQ(config.models.models.size(), 6u);
  EXPECT_DOUBLE_EQ(config.models.find("gpt-4")->latency.ttft.mean(), 0.001);
  const lab::Json printed = to_json(config);
  EXPECT_EQ(to_json(read_config(printed.dump()).value()), printed);
}

TEST(GatewayConfig, PathsInAFileAreMeantFromItsFolder) {
  const lab::TemporaryFolder folder;
  (void)folder.write("more/base.json", R"({"extends":"openai","health":"text"})");
  (void)folder.write("answers.json", R"([{"text":"Hi."}])");
  const std::string mine =
      folder.write("mine.json", R"({"name":"mine","extends":"./more/base.json"})");
  const auto config = read_gateway_config(
      R"({"profile":"./mine.json","tokens":{"content":{"fixtures":"answers.json"}},
          "timeline":[{"at":"5m","set":{"auth":{"required":true}}}]})",
      folder.path("gateway.json"));
  ASSERT_TRUE(config) << config.error().to_string();
  EXPECT_EQ(config->profile.name, "mine");
  EXPECT_EQ(config->health.style, HealthStyle::text);
  // What is printed may be stored anywhere.
  const lab::Json printed = to_json(*config);
  EXPECT_EQ(printed["profile"], mine);
  EXPECT_EQ(to_json(read_config(printed.dump()).value()), printed);
}

TEST(GatewayConfig, TheStyleOfHealthIsTheProfilesUnlessGiven) {
  EXPECT_EQ(read_config(R"({"profile":"refgw-documented"})")->health.style,
            HealthStyle::documented);
  EXPECT_EQ(
      read_config(R"({"profile":"refgw-documented","health":{"style":"empty"}})")->health.style,
      HealthStyle::empty);
}

TEST(GatewayConfig, ErrorsOverrideTheProfilesConditions) {
  const GatewayConfig config =
      read_config(R"({"errors":{"circuit_open":{"status":418,"message":"short and stout"}}})")
          .value();
  EXPECT_EQ(config.profile.error(ErrorCondition::circuit_open).status, 418u);
}

lab::Json changes(std::string_view text, const ConfigOverrides& overrides = {}) {
  return changes_of(read_config(text, overrides).value());
}

TEST(GatewayConfig, ChangesAreWhatAFileMustSay) {
  EXPECT_EQ(changes("{}").dump(), "{}");
  EXPECT_EQ(changes(R"({"profile":"refgw"})").dump(), R"({"profile":"refgw"})");
  EXPECT_EQ(changes(R"({"seed":1,"tokens":{"output":{"lognormal":{"p50":55,"p99":180}}}})").dump(),
            "{}");
  EXPECT_EQ(changes(R"({"streaming":{"role_chunk":false},"retries":{}})").dump(),
            R"({"streaming":{"role_chunk":false},"retries":{}})");
  // What a preset and the profile say already is not said again.
  EXPECT_EQ(changes(R"({"circuit_breaker":{"trip":{"failure_count":9}}})").dump(),
            R"({"circuit_breaker":{"trip":{"failure_count":9}}})");
}

TEST(GatewayConfig, AModelSaysWhereItDiffersFromTheGatewayOnly) {
  EXPECT_EQ(changes(R"({"latency":{"itl":"1ms"},"models":{"m":{"latency":{"ttft":"1s"}}}})").dump(),
            R"({"latency":{"itl":"1ms"},"models":{"m":{"latency":{"ttft":"1s"}}}})");
  const lab::Json full = to_json(read_config("{}").value());
  EXPECT_EQ(full["models"]["gpt-4"].dump(), "{}");
  EXPECT_EQ(full["tokens"]["output"]["lognormal"]["p50"].dump(), "55.0");
  EXPECT_EQ(full["streaming"]["role_chunk"], true);
  EXPECT_EQ(full["errors"]["not_found"]["status"], 404);
}

TEST(GatewayConfig, WhatIsEmptiedStaysEmpty) {
  const char* const text = R"({"profile":"refgw","errors":{"rate_limited_requests":{"headers":{}}},
      "faults":[{"fault":{"kind":"wrong_content_type","content_type":""}}]})";
  const GatewayConfig config = read_config(text).value();
  EXPECT_EQ(to_json(read_config(to_json(config).dump()).value()), to_json(config));
  EXPECT_EQ(to_json(read_config(changes_of(config).dump()).value()), to_json(config));
  EXPECT_TRUE(config.profile.error(ErrorCondition::rate_limited_requests).headers.empty());
}

TEST(GatewayConfig, ChangesReadBackGiveTheSameGateway) {
  for (const std::string_view path : lab::embedded_files("gateways")) {
    for (const char* const profile : {"openai", "refgw-head", "kong", "portkey"}) {
      const ConfigOverrides overrides{.profile = profile};
      const auto config = read_gateway_config(*lab::embedded_file(path), path, overrides).value();
      const auto again = read_config(changes_of(config).dump());
      ASSERT_TRUE(again) << path << again.error().to_string();
      EXPECT_EQ(to_json(*again), to_json(config)) << path << " " << profile;
    }
  }
}

struct BadFile {
  const char* text;
  std::vector<const char*> expected;
};

class GatewayConfigErrors : public testing::TestWithParam<BadFile> {};

TEST_P(GatewayConfigErrors, NameThePathAndWhatIsAllowed) {
  const std::string error = config_error(GetParam().text);
  for (const char* expected : GetParam().expected) {
    EXPECT_NE(error.find(expected), std::string::npos) << expected << "\n" << error;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, GatewayConfigErrors,
    testing::Values(
        BadFile{R"({"latency":{"tftt":"1s"}})", {"gateway.json", "latency", "tftt", "ttft"}},
        BadFile{R"({"latencyy":{}})", {"latencyy", "latency"}},
        BadFile{R"({"profile":"opennai"})", {"profile", "opennai"}},
        BadFile{R"({"listen":"here"})", {"listen", "ADDRESS:PORT"}},
        BadFile{R"({"models":{}})", {"models", "at least one"}},
        BadFile{R"({"models":{"m":{"latency":{"itl":"soon"}}}})", {"models.m.latency.itl"}},
        BadFile{R"({"seed":-1})", {"seed"}},
        BadFile{R"({"seed":9223372036854775808})", {"seed", "at most 9223372036854775807"}},
        BadFile{R"({"latency":{"ttft":1e300}})", {"latency.ttft", "longer than a hundred years"}},
        BadFile{R"({"timeouts":{"idle":"2562047h"}})", {"timeouts.idle", "longer than a hundred"}},
        BadFile{R"({"rate_limits":[{"tokens":5,"token_charge":"none"}]})",
                {"rate_limits[0]", "limits nothing"}},
        BadFile{R"({"errors":{"circuit_open":{"headers":{"x":"a\nb"}}}})",
                {"errors.circuit_open.headers.x", "line breaks"}},
        BadFile{R"({"tokens":{"content":"loremm"}})", {"tokens.content", "lorem"}},
        BadFile{R"({"tokens":{"content":{"fixed":"a","template":"b"}}})", {"tokens.content"}},
        BadFile{R"({"limits":{"max_body_bytes":0}})", {"limits.max_body_bytes"}},
        BadFile{R"({"health":{"status":"fine"}})", {"health.status", "healthy"}},
        BadFile{R"([])", {"gateway.json", "object"}}, BadFile{R"({"seed":)", {"gateway.json"}}));

}  // namespace
}  // namespace mockgw
