#include "loader/command/run_preparation.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "loader/command/replay.h"
#include "loader/world/real_world.h"
#include "shared/base/json.h"

namespace loader {
namespace {

using std::chrono::seconds;

PreparedRun prepare(const RunCommand& command) {
  return prepare_run(command, make_environment({}, {}).value()).value();
}

RunCommand smoke() {
  RunCommand command;
  command.suite = "smoke";
  return command;
}

TEST(RunPreparation, WhatTheCommandSaysWinsOverTheSuite) {
  RunCommand command = smoke();
  command.options = {{"userAgent", "--user-agent", lab::Json("")},
                     {"summaryTimeUnit", "--summary-time-unit", lab::Json("ms")},
                     {"noConnectionReuse", "K6_NO_CONNECTION_REUSE", lab::Json("1")},
                     {"noVUConnectionReuse", "K6_NO_VU_CONNECTION_REUSE", lab::Json("true")},
                     {"minIterationDuration", "K6_MIN_ITERATION_DURATION", lab::Json("2000")},
                     {"setupTimeout", "K6_SETUP_TIMEOUT", lab::Json("3s")},
                     {"teardownTimeout", "K6_TEARDOWN_TIMEOUT", lab::Json("4s")}};
  const PreparedRun prepared = prepare(command);
  const Options& options = prepared.suite.options;
  EXPECT_EQ(options.client.user_agent, "");
  EXPECT_EQ(options.summary_time_unit, "ms");
  EXPECT_TRUE(options.client.no_connection_reuse);
  EXPECT_TRUE(options.client.no_vu_connection_reuse);
  EXPECT_EQ(options.min_iteration_duration, seconds(2));
  EXPECT_EQ(options.setup_timeout, seconds(3));
  EXPECT_EQ(options.teardown_timeout, seconds(4));
}

TEST(RunPreparation, SaysWhichFlagOfAnOptionIsWrong) {
  RunCommand command = smoke();
  command.options = {{"summaryTimeUnit", "--summary-time-unit", lab::Json("h")}};
  EXPECT_TRUE(prepare_run(command, make_environment({}, {}).value())
                  .error()
                  .to_string()
                  .starts_with("--summary-time-unit: unknown value \"h\""));
}

TEST(RunPreparation, ATagThatSamplesHaveOfThemselvesIsToldOf) {
  RunCommand command = smoke();
  command.tags = {{"scenario", "x"}, {"service", "search"}, {"vu", "x"}, {"team", "a"}};
  EXPECT_EQ(prepare(command).warnings,
            std::vector<std::string>{"--tag: samples have a tag \"scenario\" of their own, which "
                                     "stands over this one; systemTags can leave it out"});
  command.taken_from_environment = {{"K6_TAGS", "scenario:x"}};
  EXPECT_TRUE(prepare(command).warnings.front().starts_with("K6_TAGS: samples have"));
  // Where samples have none, the user's is seen.
  command.options = {{"systemTags", "--system-tags", lab::Json{"status"}}};
  EXPECT_TRUE(prepare(command).warnings.empty());
}

TEST(RunPreparation, TagsOfTheCommandReplaceTheSuites) {
  RunCommand command = smoke();
  // A suite with a tag of its own.
  command.suite = "custom-example";
  EXPECT_EQ(prepare(command).suite.options.tags, (TagMap{{"team", "search"}}));
  command.tags = {{"a", "b"}};
  const PreparedRun prepared = prepare(command);
  EXPECT_EQ(prepared.suite.options.tags, (TagMap{{"a", "b"}}));
  // As exec.test.options and `loader inspect --json` have it.
  EXPECT_EQ((*prepared.suite.options.consolidated)["tags"], lab::Json({{"a", "b"}}));
}

TEST(RunPreparation, SaysWhenConnectionsWillBeMissing) {
  RunCommand command = smoke();
  command.suite = "stress";  // Up to 150 virtual users.
  const PreparedRun prepared = prepare(command);
  EXPECT_EQ(missing_connections(prepared.suite, prepared.spec, 1024), "");
  EXPECT_EQ(
      missing_connections(prepared.suite, prepared.spec, std::numeric_limits<std::size_t>::max()),
      "");
  EXPECT_EQ(missing_connections(prepared.suite, prepared.spec, 100),
            "up to 150 virtual users need a connection each, and at most 100 files can be open "
            "(ulimit -n): requests beyond that will fail");
}

TEST(RunPreparation, ASegmentLeavesOutWhatItHasNoPartOf) {
  // The built-in suite has one virtual user, which is the first half's.
  RunCommand command = smoke();
  command.segment = parse_execution_segment("1/2:1").value();
  const PreparedRun prepared = prepare(command);
  EXPECT_TRUE(prepared.suite.options.scenarios.empty());
  EXPECT_TRUE(prepared.suite.scenarios.empty());
  EXPECT_TRUE(prepared.suite.thresholds.empty());
  EXPECT_EQ(prepared.warnings,
            (std::vector<std::string>{"this execution segment has no part of scenario smoke"}));
  command.segment = parse_execution_segment("0:1/2").value();
  EXPECT_EQ(prepare(command).suite.scenarios.size(), 1u);
  EXPECT_TRUE(prepare(command).warnings.empty());
}

TEST(RunPreparation, AGatewaysUrlIsSchemeHostPortAndPath) {
  const RunEnvironment environment = make_environment({}, {}).value();
  RunCommand command = smoke();
  for (const char* const text : {"foo", "http://a b", "", "ftp://x", "http://h:99999"}) {
    command.url = text;
    const std::string said = prepare_run(command, environment).error().to_string();
    EXPECT_TRUE(
        said.starts_with("--url: \"" + *command.url + "\" is not a URL of a gateway; write"))
        << said;
  }
  for (const char* const text : {"http://h/?x=1", "http://h/#top"}) {
    command.url = text;
    EXPECT_NE(prepare_run(command, environment).error().what.find("has a query or a fragment"),
              std::string::npos);
  }
  command.url = "https://h:8443/llm/";
  EXPECT_EQ(prepare_run(command, environment).value().spec.base_url.to_string(),
            "https://h:8443/llm/");
}

TEST(RunPreparation, RefusesWhatNoHeadCanHoldWithoutShowingIt) {
  const auto said = [](const RunCommand& command, const std::string& key) {
    const auto environment = make_environment({"API_KEY=" + key}, {}).value();
    const auto prepared = prepare_run(command, environment);
    return prepared ? std::string() : prepared.error().to_string();
  };
  RunCommand command = smoke();
  EXPECT_EQ(said(command, "sk-x"), "");
  EXPECT_TRUE(said(command, "sk-x\n").starts_with("API_KEY: has a line feed at its end"));
  EXPECT_EQ(said(command, "sk-x\n").find("sk-x"), std::string::npos);
  command.options.push_back({"userAgent", "--user-agent", lab::Json("a\r\nX: y")});
  EXPECT_TRUE(said(command, "sk-x").starts_with("--user-agent: has a carriage return in it"));
}

std::string replay(const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& variables = {}) {
  const auto command =
      parse_run_command(arguments, [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      });
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return prepare_run(*command, make_environment(environment, command->assignments).value())
      .value()
      .replay;
}

TEST(RunPreparation, TheReplayIsTheCommandAsItWasGiven) {
  EXPECT_EQ(replay({"smoke", "--simulate"}), "loader run smoke --simulate");
  EXPECT_EQ(replay({"--simulate", "--seed", "7", "-e", "A=it's", "--", "smoke"}),
            "loader run --simulate --seed 7 -e 'A=it'\\''s' -- smoke");
  EXPECT_EQ(replay({"smoke"}), "loader run smoke");
  EXPECT_EQ(
      replay({"smoke", "-e", "GATEWAY_TOKEN=abc", "--env=MY_PASSWORD=x y"}),
      "loader run smoke -e GATEWAY_TOKEN=\"$GATEWAY_TOKEN\" --env=MY_PASSWORD=\"$MY_PASSWORD\"");
}

TEST(RunPreparation, TheReplayHasTheVariablesThatTheRunUsed) {
  // MAX_TOKENS is of smoke's text and wins over it; HOME is neither of a flag nor of the suite.
  EXPECT_EQ(replay({"smoke", "--simulate", "-e", "MODEL=b"},
                   {{"MODEL", "a"}, {"MAX_TOKENS", "5"}, {"K6_TAGS", "x=y"}, {"HOME", "/"}}),
            "K6_TAGS=x=y MAX_TOKENS=5 loader run smoke --simulate -e MODEL=b");
}

TEST(RunPreparation, TheReplayShowsNoKey) {
  EXPECT_EQ(replay({"smoke", "--simulate"}, {{"API_KEY", "secret"}}),
            "API_KEY=\"$API_KEY\" loader run smoke --simulate");
  EXPECT_EQ(replay({"smoke", "--simulate", "--env=API_KEY=secret"}),
            "loader run smoke --simulate --env=API_KEY=\"$API_KEY\"");
}

TEST(RunPreparation, TheReplayShowsNoValueThatIsSecretByItsName) {
  for (const auto& [given, shown] : std::vector<std::pair<std::string, std::string>>{
           {"OPENAI_API_KEY=a", "OPENAI_API_KEY=\"$OPENAI_API_KEY\""},
           {"api_key=a", "api_key=\"$api_key\""},
           {"Authorization=Bearer a", "Authorization=\"$Authorization\""},
           {"x-api-key=a", "x-api-key='***'"},
           {"--env=Client_Secret=a", "--env=Client_Secret=\"$Client_Secret\""},
           {"-eGW_PASSWORD=a", "-eGW_PASSWORD=\"$GW_PASSWORD\""},
           {"--tag=token=a", "--tag=token=\"$token\""},
           {"MAX_TOKENS=5", "MAX_TOKENS=5"},
           {"max_tokens=5", "max_tokens=5"},
           {"MODEL=a=key", "MODEL=a=key"},
           {"--user-agent=key", "--user-agent=key"},
           {"--summary-file=key.json", "--summary-file=key.json"}}) {
    EXPECT_EQ(shown_argument(given), shown);
  }
}

TEST(RunPreparation, AV1AtTheEndOfTheUrlIsNotCalledTwice) {
  RunCommand command = smoke();
  for (const auto& [given, used] :
       std::vector<std::pair<std::string, std::string>>{{"https://h/v1", "https://h/"},
                                                        {"https://h/v1/", "https://h/"},
                                                        {"https://h/llm/v1", "https://h/llm/"},
                                                        {"https://h/v11", "https://h/v11"},
                                                        {"https://h/v1/llm", "https://h/v1/llm"}}) {
    command.url = given;
    EXPECT_EQ(prepare(command).spec.base_url.to_string(), used) << given;
  }
}

TEST(RunPreparation, ANetworkIsAFileOrABuiltInOne) {
  RunCommand command = smoke();
  command.simulate = "";
  command.network = "wan";
  EXPECT_GT(prepare(command).suite.network.bandwidth_bytes_per_second, 0);
  command.network = "lossi";
  const auto environment = make_environment({}, {}).value();
  EXPECT_EQ(prepare_run(command, environment).error().to_string(),
            "lossi: no such file, and no built-in network of that name; built in are lossy, wan; "
            "did you mean lossy?");
}

}  // namespace
}  // namespace loader
