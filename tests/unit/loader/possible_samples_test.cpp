#include "loader/suite/possible_samples.h"

#include <gtest/gtest.h>

namespace loader {
namespace {

Suite suite_of(const std::string& text) {
  return read_suite({text, "suite.json", std::nullopt}, {make_environment({}, {}).value(), {}})
      .value();
}

std::vector<std::string> warnings(const Suite& suite, std::string_view url = "http://gateway") {
  const Url base = parse_url(url).value();
  return impossible_thresholds(suite.thresholds, suite.registry, possible_samples(suite, base));
}

struct Case {
  const char* metric;
  const char* condition;
  const char* steps;
  const char* options = R"("vus": 1, "duration": "10s")";
};

// A suite of the scenario "default", a flow of `steps`, and one threshold.
Suite with_threshold(const Case& each) {
  return suite_of(std::string(R"({"options": {)") + each.options + R"(, "thresholds": {")" +
                  each.metric + R"(": [")" + each.condition + R"("]}}, "flows": {"f": [)" +
                  each.steps + "]}}");
}

constexpr const char* kHealth =
    R"({"http": {"path": "/health"}, "checks": {"ok": {"status": 200}}, "tags": {"own": "x"}})";
constexpr const char* kNamed = R"({"http": {"path": "/health"}, "name": "health"})";
constexpr const char* kChat = R"({"chat": {"prompt": "Hello", "model": "m"}})";
constexpr const char* kTagged = R"("vus": 1, "duration": "10s", "tags": {"run": "1"})";
constexpr const char* kRamp = R"("stages": [{"duration": "10s", "target": 5}])";
constexpr const char* kShared = R"("vus": 1, "iterations": 5)";

TEST(PossibleSamples, HaveTheSystemTagsThatWereChosen) {
  const auto warned = [](const char* metric) {
    constexpr const char* kOptions =
        R"("vus": 1, "duration": "10s", "systemTags": ["status", "ip"])";
    return warnings(with_threshold({metric, "count>=0", kHealth, kOptions})).size();
  };
  EXPECT_EQ(warned("http_reqs{status:200}"), 0u);
  EXPECT_EQ(warned("http_reqs{ip:10.0.0.1}"), 0u);
  EXPECT_EQ(warned("http_reqs{own:x}"), 0u);
  EXPECT_EQ(warned("http_reqs{method:GET}"), 1u);
}

class PossibleSamplesTest : public testing::TestWithParam<Case> {};
class ImpossibleSamplesTest : public testing::TestWithParam<Case> {};

TEST_P(PossibleSamplesTest, AreNotWarnedAbout) {
  const Case& each = GetParam();
  EXPECT_EQ(warnings(with_threshold(each)), std::vector<std::string>{});
}

TEST_P(ImpossibleSamplesTest, AreWarnedAbout) {
  const Case& each = GetParam();
  EXPECT_EQ(warnings(with_threshold(each)).size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Metrics, PossibleSamplesTest,
    testing::Values(Case{"http_req_duration{scenario:default}", "avg<5", kHealth},
                    Case{"http_req_duration{status:200}", "avg<5", kHealth},
                    Case{"http_req_duration{own:x}", "avg<5", kHealth},
                    Case{"http_reqs{run:1}", "count<5", kHealth, kTagged},
                    Case{"http_reqs{url:http://gateway/health}", "count<5", kHealth},
                    // A redirect may lead there.
                    Case{"http_reqs{url:http://elsewhere/x}", "count<5", kHealth},
                    Case{"http_reqs{name:health}", "count<5", kNamed},
                    Case{"checks{check:ok}", "rate<5", kHealth},
                    Case{"checks{own:x}", "rate<5", kHealth},
                    Case{"vus{run:1}", "value<5", kHealth, kTagged},
                    Case{"data_received{scenario:default}", "count<5", kHealth},
                    Case{"http_reqs{model:m}", "count<5", kChat},
                    Case{"llm_requests_success{model:m}", "count<5", kChat},
                    Case{"iterations{phase:ramp-up-5}", "count<5", kHealth, kRamp},
                    Case{"dropped_iterations", "count<5", kHealth, kShared},
                    Case{"llm_latency_drift", "value<5", kChat, R"("vus": 1, "duration": "15m")"},
                    Case{"group_duration{group:::g}", "avg<5",
                         R"({"group": {"name": "g", "steps": [{"sleep": "1s"}]}})"}));

INSTANTIATE_TEST_SUITE_P(
    Metrics, ImpossibleSamplesTest,
    testing::Values(Case{"http_req_duration{scenario:chat}", "avg<5", kHealth},
                    Case{"http_req_duration{phase:hold-5}", "avg<5", kHealth},
                    Case{"llm_time_to_first_token", "avg<5", kChat},
                    Case{"checks{status:200}", "rate<5", kHealth},
                    Case{"iteration_duration{status:200}", "avg<5", kHealth},
                    Case{"http_req_duration{check:ok}", "avg<5", kHealth},
                    Case{"vus{scenario:default}", "value<5", kHealth},
                    Case{"data_received{status:200}", "count<5", kHealth},
                    Case{"http_reqs{name:foo}", "count<5", kHealth},
                    Case{"http_reqs{url:http://elsewhere/x}", "count<5", kHealth,
                         R"("vus": 1, "duration": "10s", "maxRedirects": 0)"},
                    Case{"http_reqs{url:http://gateway/health}", "count<5", kNamed},
                    Case{"http_reqs{tls_version:tls1.3}", "count<5", kHealth},
                    Case{"http_reqs{proto:HTTP/2.0}", "count<5", kHealth},
                    Case{"http_reqs{model:m}", "count<5", kHealth},
                    Case{"group_duration", "avg<5", kHealth},
                    Case{"llm_latency_drift", "value<5", kChat},
                    Case{"llm_latency_drift", "value<5", kHealth},
                    Case{"dropped_iterations", "count<5", kHealth},
                    Case{"dropped_iterations", "count<5", kHealth, kRamp},
                    Case{"dropped_iterations{group:}", "count<5", kHealth, kShared}));

TEST(PossibleSamples, ATagIsOfTheMetricsThatHaveIt) {
  const auto said = warnings(with_threshold({"iteration_duration{status:200}", "avg<5", kHealth}));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("none of its samples has a tag \"status\""), std::string::npos) << said[0];
}

TEST(PossibleSamples, ATooShortRunIsTheReasonThatIsGiven) {
  const auto said = warnings(with_threshold({"llm_latency_drift", "value<5", kChat}));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("it needs a run of 15m0s"), std::string::npos) << said[0];
}

TEST(PossibleSamples, TlsHasAVersionWhereThereIsTls) {
  EXPECT_TRUE(warnings(with_threshold({"http_reqs{tls_version:tls1.3}", "count<5", kHealth}),
                       "https://gateway")
                  .empty());
}

TEST(PossibleSamples, AnOwnTagDoesNotCloseOneThatTheGatewayFills) {
  const char* const steps =
      R"({"http": {"path": "/a"}}, {"http": {"path": "/b"}, "tags": {"status": "mine"}})";
  EXPECT_TRUE(warnings(with_threshold({"http_reqs{status:503}", "count<5", steps})).empty());
  EXPECT_TRUE(warnings(with_threshold({"http_reqs{status:mine}", "count<5", steps})).empty());
}

TEST(PossibleSamples, AnyLevelOfASearchMayOccur) {
  const char* const search = R"("scenarios": {"s": {"executor": "saturation-search",
    "startRate": 10, "maxRate": 100, "stepDuration": "30s", "preAllocatedVUs": 5,
    "thresholds": {"http_req_duration": ["p(95)<500"]}}})";
  EXPECT_TRUE(
      warnings(with_threshold({"http_req_duration{phase:level-37}", "avg<5", kHealth, search}))
          .empty());
}

TEST(PossibleSamples, TheBuiltInSuitesHaveNoThresholdWithoutSamples) {
  for (const std::string& name : builtin_suites()) {
    const Suite suite =
        read_suite(find_suite(name).value(), {make_environment({}, {}).value(), {}}).value();
    EXPECT_TRUE(warnings(suite).empty()) << name;
  }
}

}  // namespace
}  // namespace loader
