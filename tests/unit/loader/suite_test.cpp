#include "loader/suite/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "shared/base/embedded_files.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

lab::Result<Suite> suite_from(std::string text, const std::vector<std::string>& assignments = {},
                              ExecutionShortcuts flags = {}) {
  return read_suite({std::move(text), "suite.json", std::nullopt},
                    {make_environment({}, assignments).value(), std::move(flags)});
}

Suite builtin(const std::string& name) {
  return read_suite(find_suite(name).value(), {make_environment({}, {}).value(), {}}).value();
}

std::string suite_error(std::string text) {
  return suite_from(std::move(text)).error().to_string();
}

std::vector<std::string> check_names(const Suite& suite) {
  std::vector<std::string> names;
  for (const CheckTree::Check& check : suite.registry.checks().checks())
    names.push_back(check.name);
  return names;
}

std::map<std::string, std::vector<std::string>> threshold_texts(const Suite& suite) {
  std::map<std::string, std::vector<std::string>> texts;
  for (const MetricThresholds& metric : suite.thresholds) {
    for (const Threshold& threshold : metric.thresholds) {
      texts[suite.registry.info(metric.metric).name].push_back(threshold.expression.source);
    }
  }
  return texts;
}

constexpr std::string_view kMinimal = R"({
  "name": "tiny",
  "options": {"vus": 2, "duration": "10s", "thresholds": {"checks": ["rate>0.9"]}},
  "flows": {"only": [{"http": {"path": "/health"}, "checks": {"ok": {"status": 200}}}]}
})";

TEST(Suite, ReadsOptionsFlowsAndThresholds) {
  const Suite suite = suite_from(std::string(kMinimal)).value();
  EXPECT_EQ(suite.name, "tiny");
  ASSERT_EQ(suite.scenarios.size(), 1u);
  // The only flow needs no name.
  EXPECT_EQ(suite.scenarios[0].flow.name, "only");
  EXPECT_EQ(check_names(suite), (std::vector<std::string>{"ok"}));
  EXPECT_EQ(threshold_texts(suite).at("checks"), (std::vector<std::string>{"rate>0.9"}));
}

TEST(Suite, FlagsKeepTheFlow) {
  const Suite suite = suite_from(std::string(kMinimal), {}, {.duration = seconds(1)}).value();
  EXPECT_EQ(std::get<ConstantVus>(suite.scenarios[0].scenario.model).duration, seconds(1));
  EXPECT_EQ(std::get<ConstantVus>(suite.scenarios[0].scenario.model).vus, 2u);
  EXPECT_EQ(suite.scenarios[0].flow.name, "only");
}

TEST(Suite, NamesEveryProblemWithFileAndPath) {
  const std::string error = suite_error(R"({
    "nam": "x",
    "options": {"scenarios": {"s": {"executor": "constant-vus", "duration": "10s", "vsu": 5}},
                "thresholds": {"http_req_durations": ["p(95)<5"], "checks": ["rate>>1"]}},
    "flows": {"f": [{"chta": {"prompt": "x"}}]}
  })");
  for (const std::string_view part :
       {"suite.json", "options.scenarios.s", "\"vsu\"", "\"vus\"", "http_req_durations", "checks",
        "\"chta\"", "\"nam\"", "\"name\""}) {
    EXPECT_NE(error.find(part), std::string::npos) << part << " in:\n" << error;
  }
}

TEST(Suite, SyntaxErrorsHaveLineAndColumn) {
  EXPECT_NE(suite_error("{\n  \"name\": \n}").find("line 3"), std::string::npos);
}

TEST(Suite, AnUnknownFlowNamesTheKnownOnes) {
  const std::string error = suite_error(R"({
    "options": {"scenarios": {"s": {"executor": "shared-iterations", "exec": "chatt"}}},
    "flows": {"chat": [{"sleep": "1s"}], "other": [{"sleep": "1s"}]}
  })");
  EXPECT_NE(error.find("\"chatt\""), std::string::npos) << error;
  EXPECT_NE(error.find("\"chat\", \"other\""), std::string::npos) << error;
}

TEST(Suite, NeedsFlowsAndAPlainName) {
  EXPECT_NE(suite_error("{}").find("flows"), std::string::npos);
  EXPECT_NE(suite_error(R"({"name": "../x", "flows": {"f": [{"sleep": "1s"}]}})").find("name"),
            std::string::npos);
}

TEST(Suite, ScenarioVariablesAreItsFlowsAndTheUsersWin) {
  const std::string text = R"({
    "options": {"scenarios": {
      "a": {"executor": "shared-iterations", "env": {"WHERE": "/a"}},
      "b": {"executor": "shared-iterations", "env": {"WHERE": "/b"}}}},
    "flows": {"default": [{"http": {"path": "${WHERE}"}}]}
  })";
  // Nobody sets it outside of the scenarios.
  const Suite own = suite_from(text).value();
  EXPECT_EQ(std::get<HttpStep>(own.scenarios[0].flow.steps[0].action).path, "/a");
  EXPECT_EQ(std::get<HttpStep>(own.scenarios[1].flow.steps[0].action).path, "/b");
  const Suite user = suite_from(text, {"WHERE=/user"}).value();
  EXPECT_EQ(std::get<HttpStep>(user.scenarios[0].flow.steps[0].action).path, "/user");
}

TEST(Suite, FindsFilesAndBuiltInSuites) {
  EXPECT_EQ(builtin_suites(),
            (std::vector<std::string>{"baseline", "smoke", "soak", "streaming", "stress"}));
  const std::string error = find_suite("smok").error().to_string();
  EXPECT_NE(error.find("smoke"), std::string::npos);
  EXPECT_NE(error.find("; did you mean smoke?"), std::string::npos);
}

TEST(Suite, AnArchiveIsNone) {
  const lab::TemporaryFolder folder;
  std::ofstream(folder.path("a.tar")) << "data" << std::string(253, '\0') << "ustar";
  EXPECT_EQ(find_suite(folder.path("a.tar")).error().what,
            "is an archive, which is not read; unpack it (tar xf) and run the script in it");
}

TEST(Suite, FindsBuiltInScripts) {
  EXPECT_EQ(builtin_scripts(),
            (std::vector<std::string>{"baseline-test.js", "smoke-test.js", "soak-test.js",
                                      "streaming-test.js", "stress-test.js"}));
  const SuiteText script = find_suite("smoke-test.js").value();
  EXPECT_TRUE(script.is_script);
  EXPECT_FALSE(script.folder);
  // What scripts import is none itself.
  EXPECT_TRUE(find_suite("k6-config.js").has_error());
}

TEST(Suite, ATextIsAScriptByItsNameOrByWhatItBeginsWith) {
  const auto is_script = [](const std::string& file, const std::string& text) {
    return suite_text_of(text, file, ".").value().is_script;
  };
  for (const char* file : {"a.js", "a.ts", "a.mjs", "a.cjs"}) EXPECT_TRUE(is_script(file, "{"));
  EXPECT_FALSE(is_script("a.json", "import"));
  for (const char* text : {"import 'k6'", "'use strict'", "/* {} */ let a", "// {\nlet a"}) {
    EXPECT_TRUE(is_script("stdin", text)) << text;
  }
  for (const char* text :
       {"{}", " \n\t{", "// a\n{}", "/* a */ // b\r\n {}", "", "// a", "/* a", "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(is_script("stdin", text)) << text;
  }
  // The whole text is there, and its length is no matter.
  EXPECT_EQ(suite_text_of(std::string(1000, 'x'), "stdin", ".").value().text,
            std::string(1000, 'x'));
}

TEST(BuiltinSuites, SmokeIsAsPromised) {
  const Suite suite = builtin("smoke");
  EXPECT_EQ(describe(suite.scenarios[0].scenario, {}),
            "1 looping VUs for 30s (exec: smoke, gracefulStop: 1m5s)");
  EXPECT_EQ(check_names(suite),
            (std::vector<std::string>{"health check returns 200", "health check is healthy",
                                      "models returns 200", "models has data",
                                      "chat completion returns 200", "chat completion has choices",
                                      "chat completion has content", "chat completion is JSON"}));
  EXPECT_EQ(threshold_texts(suite),
            (std::map<std::string, std::vector<std::string>>{{"http_req_failed", {"rate<0.01"}},
                                                             {"http_req_duration", {"p(95)<15000"}},
                                                             {"checks", {"rate>0.99"}},
                                                             {"llm_success_rate", {"rate>0.99"}},
                                                             {"llm_tokens_generated", {"min>0"}}}));
}

TEST(BuiltinSuites, BaselineIsAsPromised) {
  const Suite suite = builtin("baseline");
  EXPECT_EQ(describe(suite.scenarios[0].scenario, {}),
            "10 looping VUs for 5m0s (exec: chat, gracefulStop: 30s)");
  EXPECT_EQ(check_names(suite), (std::vector<std::string>{
                                    "status is 200", "response has choices", "response has content",
                                    "response is JSON", "response time < 15s"}));
  EXPECT_EQ(threshold_texts(suite),
            (std::map<std::string, std::vector<std::string>>{
                {"http_req_failed", {"rate<0.05"}},
                {"http_req_duration", {"p(95)<15000", "p(99)<30000", "p(99.7)<45000"}},
                {"llm_success_rate", {"rate>0.95"}},
                {"checks", {"rate>0.95"}},
                {"llm_tokens_generated", {"med>=2"}}}));
  EXPECT_EQ(suite.scenarios[0].flow.steps[0].timeout, seconds(60));
}

TEST(BuiltinSuites, StressIsAsPromised) {
  const Suite suite = builtin("stress");
  EXPECT_EQ(describe(suite.scenarios[0].scenario, {}),
            "Up to 150 looping VUs for 25m0s over 9 stages (gracefulRampDown: 2m0s, exec: chat, "
            "gracefulStop: 2m0s)");
  EXPECT_EQ(check_names(suite),
            (std::vector<std::string>{"status is 200", "has valid response", "response is JSON"}));
  EXPECT_EQ(threshold_texts(suite), (std::map<std::string, std::vector<std::string>>{
                                        {"http_req_failed", {"rate<0.15"}},
                                        {"http_req_duration", {"p(95)<30000", "p(99.9)<30000"}},
                                        {"llm_success_rate", {"rate>0.85"}},
                                        {"checks", {"rate>0.85"}},
                                        {"llm_tokens_generated", {"med>=2"}}}));
  EXPECT_EQ(std::get<ChatStep>(suite.scenarios[0].flow.steps[0].action).models.size(), 4u);
  EXPECT_EQ(suite.scenarios[0].flow.steps[0].timeout, seconds(120));
}

TEST(BuiltinSuites, SoakIsAsPromised) {
  const Suite suite = builtin("soak");
  EXPECT_EQ(describe(suite.scenarios[0].scenario, {}),
            "20 looping VUs for 2h0m0s (exec: chat, gracefulStop: 30s)");
  EXPECT_EQ(check_names(suite),
            (std::vector<std::string>{"status is 200", "valid response", "response is JSON"}));
  EXPECT_EQ(threshold_texts(suite),
            (std::map<std::string, std::vector<std::string>>{
                {"http_req_failed", {"rate<0.02"}},
                {"http_req_duration", {"p(95)<15000", "p(99)<20000", "p(99.95)<30000"}},
                {"llm_success_rate", {"rate>0.98"}},
                {"llm_latency_drift_low", {"value<5"}},
                {"checks", {"rate>0.98"}},
                {"llm_tokens_generated", {"med>=2"}}}));
}

TEST(BuiltinSuites, StreamingIsAsPromised) {
  const Suite suite = builtin("streaming");
  EXPECT_EQ(describe(suite.scenarios[0].scenario, {}),
            "Up to 50 looping VUs for 14m0s over 7 stages (gracefulRampDown: 30s, exec: stream, "
            "gracefulStop: 30s)");
  EXPECT_EQ(check_names(suite), (std::vector<std::string>{"status is 200", "is SSE response"}));
  EXPECT_EQ(threshold_texts(suite),
            (std::map<std::string, std::vector<std::string>>{
                {"llm_time_to_first_token", {"p(95)<5000", "p(99.9)<20000"}},
                {"llm_streaming_success", {"rate>0.95"}},
                {"http_req_failed", {"rate<0.05"}},
                {"http_req_duration", {"p(95)<60000", "p(99.7)<90000"}},
                {"llm_time_per_output_token", {"p(95)<200"}},
                {"llm_stream_stall_max", {"p(95)<10000"}},
                {"checks", {"rate>0.95"}},
                {"llm_tokens_generated", {"med>=2"}}}));
  EXPECT_TRUE(std::get<ChatStep>(suite.scenarios[0].flow.steps[0].action).stream);
}

TEST(BuiltinSuites, TheExampleToCopyIsValid) {
  const SuiteText text{std::string(lab::embedded_file("suites/custom-example.json").value()),
                       "custom-example.json", std::nullopt};
  const auto suite = read_suite(text, {make_environment({}, {}).value(), {}});
  ASSERT_TRUE(suite.has_value()) << suite.error().to_string();
  EXPECT_EQ(suite->scenarios.size(), 2u);
  EXPECT_TRUE(suite->setup.has_value());
  EXPECT_TRUE(suite->teardown.has_value());
}

TEST(BuiltinSuites, TheEnvironmentWinsEverywhereItIsSet) {
  const Suite suite =
      read_suite(
          find_suite("stress").value(),
          {make_environment({"MODEL=my-model", "MAX_TOKENS=0", "TEMPERATURE=0"}, {}).value(), {}})
          .value();
  const auto& chat = std::get<ChatStep>(suite.scenarios[0].flow.steps[0].action);
  ASSERT_EQ(chat.models.size(), 1u);
  EXPECT_EQ(chat.models[0].name, "my-model");
  EXPECT_NE(chat.body_tail.find("\"max_tokens\":0"), std::string::npos) << chat.body_tail;
  EXPECT_NE(chat.body_tail.find("\"temperature\":0"), std::string::npos) << chat.body_tail;
}

std::string search_suite(const std::string& search_thresholds, const std::string& thresholds) {
  return R"({"options": {"scenarios": {"s": {"executor": "saturation-search", "startRate": 10,
    "maxRate": 100, "stepDuration": "30s", "preAllocatedVUs": 5, "thresholds": )" +
         search_thresholds + R"(}}, "thresholds": )" + thresholds +
         R"(}, "flows": {"f": [{"http": {"path": "/health"}}]}})";
}

TEST(Suite, ASearchHasThresholdsOfItsOwn) {
  const Suite suite =
      suite_from(search_suite(R"({"http_req_duration": ["p(95)<500"]})", "{}")).value();
  ASSERT_EQ(suite.scenarios[0].search_thresholds.size(), 1u);
  EXPECT_TRUE(suite.thresholds.empty());
  const auto problem = [](const std::string& thresholds) {
    return suite_from(search_suite(thresholds, "{}")).error().to_string();
  };
  EXPECT_NE(problem("{}").find("options.scenarios.s.thresholds: needs at least one threshold"),
            std::string::npos);
  EXPECT_NE(problem(R"({"http_req_duratio": ["p(95)<500"]})")
                .find("options.scenarios.s.thresholds.http_req_duratio"),
            std::string::npos);
  EXPECT_NE(problem(R"({"http_reqs": [{"threshold": "count>1", "abortOnFail": true}]})")
                .find("abortOnFail is for the suite's thresholds"),
            std::string::npos);
}

TEST(BuiltinSuites, ThereAreFifteenPrompts) {
  EXPECT_EQ(load_prompts("prompts/general.json", std::nullopt).value().size(), 15u);
}

lab::Result<Suite> suite_with_env(const std::string& env, const std::string& steps,
                                  const std::vector<std::string>& process_environment = {}) {
  const SuiteText text{R"({"name": "s", "options": {"scenarios": {
      "a": {"executor": "shared-iterations", "env": )" +
                           env + R"(},
      "b": {"executor": "shared-iterations", "env": )" +
                           env + R"(}}},
      "flows": {"default": )" +
                           steps + "}}",
                       "s.json", std::nullopt};
  return read_suite(text, {make_environment(process_environment, {}).value(), {}});
}

TEST(Suite, AScenariosEnvHasEffectUnderAnyName) {
  const auto any = suite_with_env(R"({"P": "/p"})", R"([{"http": {"path": "${P}"}}])");
  ASSERT_TRUE(any) << any.error().to_string();
  const auto path = [](const lab::Result<Suite>& suite) {
    return std::get<HttpStep>(suite->scenarios[0].flow.steps[0].action).path;
  };
  EXPECT_EQ(path(any), "/p");
  // The user's wins.
  EXPECT_EQ(path(suite_with_env(R"({"P": "/p"})", R"([{"http": {"path": "${P}"}}])", {"P=/q"})),
            "/q");
  const auto chat = suite_with_env(R"({"MODEL": "m", "MAX_TOKENS": "7", "API_KEY": "k"})",
                                   R"([{"chat": {"prompt": "x"}}])");
  ASSERT_TRUE(chat) << chat.error().to_string();
  const auto& step = std::get<ChatStep>(chat->scenarios[0].flow.steps[0].action);
  EXPECT_EQ(step.models[0].name, "m");
  EXPECT_NE(step.body_tail.find("\"max_tokens\":7"), std::string::npos);
  EXPECT_EQ(step.headers, (HeaderList{{"Authorization", "Bearer k"}}));
}

TEST(Suite, WhatIsWrongWithAScenariosEnvIsSaidOnce) {
  const std::string chat = R"([{"chat": {"prompt": "${Q}"}}])";
  const std::string said = suite_with_env(R"({"P": "x"})", chat).error().what;
  EXPECT_NE(said.find("flows.default[0].chat.prompt: ${Q} is not set"), std::string::npos) << said;
  EXPECT_EQ(said.find("${Q} is not set"), said.rfind("${Q} is not set")) << said;
  EXPECT_NE(suite_with_env(R"({"Q": "", "MAX_TOKENS": "many"})", chat)
                .error()
                .what.find("options.scenarios.a.env: MAX_TOKENS: \"many\" is not a whole number"),
            std::string::npos);
  EXPECT_NE(suite_with_env(R"({"Q": "", "GATEWAY_URL": "http://other"})", chat)
                .error()
                .what.find("GATEWAY_URL is the run's"),
            std::string::npos);
}

}  // namespace
}  // namespace loader
