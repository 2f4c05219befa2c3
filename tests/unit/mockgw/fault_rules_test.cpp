#include "mockgw/faults/fault_rules.h"

#include <gtest/gtest.h>

#include "shared/base/json.h"

namespace mockgw {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Read {
  std::vector<FaultRule> rules;
  std::string problems;
};

Read read_rules(std::string_view text) {
  const lab::Json json = lab::Json::parse(text);
  lab::JsonProblems problems("gateway.json");
  Read result;
  result.rules = read_faults(lab::JsonValue(json, "faults", problems));
  result.problems = problems.to_string();
  return result;
}

FaultRules rules_of(std::string_view text) {
  Read result = read_rules(text);
  EXPECT_EQ(result.problems, "");
  return FaultRules(std::move(result.rules));
}

// A chat request to gpt-4; tests change what they are about.
class FaultRulesTest : public testing::Test {
 protected:
  bool hits(FaultRules& rules, lab::Duration elapsed = {}, std::uint64_t request = 1) {
    const FaultFacts facts{.model = model,
                           .path = path,
                           .api_key = key,
                           .stream = stream,
                           .is_chat = path == "/v1/chat/completions",
                           .headers = headers};
    return !rules.plan(facts, elapsed, lab::Rng(request)).empty();
  }
  int count_hits(FaultRules& rules, int requests) {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += hits(rules, {}, static_cast<std::uint64_t>(i));
    return count;
  }

  std::string model = "gpt-4";
  std::string path = "/v1/chat/completions";
  std::string key = "k1";
  bool stream = false;
  lab::HttpHeaders headers;
};

TEST_F(FaultRulesTest, WithoutConditionsEveryRequestIsHit) {
  FaultRules rules = rules_of(R"([{"fault":{"kind":"status","status":503}}])");
  EXPECT_EQ(count_hits(rules, 10), 10);
}

TEST_F(FaultRulesTest, FirstNHitsTheFirstRequestsOnly) {
  FaultRules rules =
      rules_of(R"([{"match":{"first_n":2},"fault":{"kind":"status","status":429}}])");
  EXPECT_TRUE(hits(rules));
  EXPECT_TRUE(hits(rules));
  EXPECT_FALSE(hits(rules));
}

TEST_F(FaultRulesTest, FirstNCountsMatchingRequestsOnly) {
  FaultRules rules = rules_of(
      R"([{"match":{"model":"gpt-4","first_n":1},"fault":{"kind":"status","status":429}}])");
  model = "gpt-4o";
  EXPECT_FALSE(hits(rules));
  model = "gpt-4";
  EXPECT_TRUE(hits(rules));
  EXPECT_FALSE(hits(rules));
}

TEST_F(FaultRulesTest, EveryNthHitsTheNthAndItsMultiples) {
  FaultRules rules = rules_of(
      R"([{"match":{"every_nth":3,"first_n":2},"fault":{"kind":"abort_before_headers"}}])");
  std::string pattern;
  for (int i = 0; i < 10; ++i) pattern += hits(rules) ? 'x' : '.';
  EXPECT_EQ(pattern, "..x..x....");
}

TEST_F(FaultRulesTest, PercentIsDecidedByTheRequestAlone) {
  FaultRules rules =
      rules_of(R"([{"match":{"percent":25},"fault":{"kind":"status","status":500}}])");
  FaultRules again =
      rules_of(R"([{"match":{"percent":25},"fault":{"kind":"status","status":500}}])");
  EXPECT_EQ(hits(rules, {}, 42), hits(again, {}, 42));
  // 4000 requests at 25 %: the standard deviation is 27.
  EXPECT_NEAR(count_hits(again, 4000), 1000, 110);
}

TEST_F(FaultRulesTest, EachConditionMustHold) {
  FaultRules rules = rules_of(R"([{"match":{"model":"gpt-4","path":"/v1/chat/completions",
      "api_key":"k1","stream":true,"header":{"X-Chaos":"on","x-any":""}},
      "fault":{"kind":"status","status":500}}])");
  stream = true;
  headers.add("x-chaos", "on");
  headers.add("x-any", "thing");
  EXPECT_TRUE(hits(rules));
  stream = false;
  EXPECT_FALSE(hits(rules));
  stream = true;
  key = "k2";
  EXPECT_FALSE(hits(rules));
  key = "k1";
  headers.set("x-chaos", "off");
  EXPECT_FALSE(hits(rules));
}

TEST_F(FaultRulesTest, AScheduleOpensAndCloses) {
  FaultRules rules = rules_of(R"([{"active":{"from":"5m","for":"60s","every":"10m"},
      "fault":{"kind":"status","status":500}}])");
  EXPECT_FALSE(hits(rules, minutes(5) - seconds(1)));
  EXPECT_TRUE(hits(rules, minutes(5)));
  EXPECT_FALSE(hits(rules, minutes(6)));
  EXPECT_TRUE(hits(rules, minutes(15) + seconds(59)));
  EXPECT_FALSE(hits(rules, minutes(16)));
}

TEST_F(FaultRulesTest, WithoutAPathARuleIsAboutChatOnly) {
  struct Row {
    const char* match;
    bool chat, models, health;
  };
  const Row rows[] = {
      {"{}", true, false, false},
      {R"({"path":"/v1/models"})", false, true, false},
      {R"({"path":"/v1/*"})", true, true, false},
      {R"({"path":"*"})", true, true, true},
  };
  for (const Row& row : rows) {
    FaultRules rules = rules_of(R"([{"match":)" + std::string(row.match) +
                                R"(,"fault":{"kind":"status","status":500}}])");
    path = "/v1/chat/completions";
    EXPECT_EQ(hits(rules), row.chat) << row.match;
    path = "/v1/models";
    EXPECT_EQ(hits(rules), row.models) << row.match;
    path = "/health";
    EXPECT_EQ(hits(rules), row.health) << row.match;
  }
}

TEST_F(FaultRulesTest, ARampLetsThePercentageGrowInEachActiveTime) {
  FaultRules rules = rules_of(R"([{"match":{"percent":50},
      "active":{"from":"10m","for":"8m","every":"10m","ramp":"4m"},
      "fault":{"kind":"status","status":500}}])");
  const auto percent_at = [&](lab::Duration elapsed) {
    int count = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) count += hits(rules, elapsed, i);
    return count / 20.0;
  };
  // 2000 requests at 50 %: the standard deviation is 1.1 percentage points.
  EXPECT_EQ(percent_at(minutes(10)), 0);
  EXPECT_NEAR(percent_at(minutes(11)), 12.5, 4);
  EXPECT_NEAR(percent_at(minutes(12)), 25, 4);
  EXPECT_NEAR(percent_at(minutes(14)), 50, 4);
  EXPECT_NEAR(percent_at(minutes(17)), 50, 4);
  EXPECT_NEAR(percent_at(minutes(22)), 25, 4);
}

TEST_F(FaultRulesTest, SeveralRulesMayHitOneRequest) {
  FaultRules rules = rules_of(R"([{"fault":{"kind":"latency","delay":"2s"}},
      {"name":"late","fault":{"kind":"latency","delay":"9s"}},
      {"fault":{"kind":"stall","after_tokens":5,"duration":"3s"}}])");
  const FaultPlan plan = rules.plan(
      {.model = model, .path = path, .api_key = key, .headers = headers}, {}, lab::Rng(1));
  EXPECT_EQ(plan.rules().size(), 3u);
  EXPECT_EQ(plan.find(FaultKind::latency)->delay.mean(), 2.0);
  EXPECT_EQ(plan.find(FaultKind::stall)->after_tokens, 5u);
  EXPECT_FALSE(plan.has(FaultKind::status));
}

TEST(FaultRulesConfig, ReadsStatusFaultsWithEverything) {
  const Read result = read_rules(R"([{"name":"limited","fault":{"kind":"status","status":429,
      "body":{"error":"no"},"retry_after":2,"headers":{"x-should-retry":"false"}}}])");
  ASSERT_EQ(result.problems, "");
  const Fault& fault = result.rules.at(0).fault;
  EXPECT_EQ(fault.status, 429u);
  EXPECT_EQ(fault.body, R"({"error":"no"})");
  EXPECT_EQ(fault.retry_after, "2");
  ASSERT_EQ(fault.headers.size(), 1u);
  EXPECT_EQ(fault.headers[0].first, "x-should-retry");
}

TEST(FaultRulesConfig, ReadsBackWhatItWrites) {
  const Read first =
      read_rules(R"([{"name":"a","match":{"model":"m","stream":true,"header":{"x":"y"},
      "every_nth":2,"first_n":3,"percent":50},"active":{"from":"1s","for":"2s","every":"3s","ramp":"1s"},
      "fault":{"kind":"slow_headers","delay":"5s"}},
      {"fault":{"kind":"wrong_content_type","content_type":"text/plain"}},
      {"fault":{"kind":"status","status":500,"body":"no","retry_after":"soon"}},
      {"fault":{"kind":"error","condition":"budget_exceeded","message":"m","retry_after":1}},
      {"fault":{"kind":"stream_error_event","message":"m"}},
      {"fault":{"kind":"status","status":204}},
      {"fault":{"kind":"keepalive_only","duration":"7s"}}])");
  ASSERT_EQ(first.problems, "");
  const lab::Json written = to_json(first.rules);
  const Read second = read_rules(written.dump());
  EXPECT_EQ(second.problems, "");
  EXPECT_EQ(to_json(second.rules), written);
}

TEST(FaultRulesConfig, ConditionsAreThoseOfProfilesButForTheOneInsideOfStreams) {
  const Read good = read_rules(R"([{"fault":{"kind":"error","condition":"no_backend"}}])");
  ASSERT_EQ(good.problems, "");
  EXPECT_EQ(good.rules.at(0).fault.condition, ErrorCondition::no_backend);
  const Read bad = read_rules(R"([{"fault":{"kind":"error","condition":"no_backnd"}},
      {"fault":{"kind":"error","condition":"stream_error"}},
      {"fault":{"kind":"error","condition":"not_found","status":404}},
      {"fault":{"kind":"error"}}])");
  for (const char* expected :
       {"faults[0].fault.condition: ", "no_backend", "faults[1].fault.condition: ",
        "faults[2].fault: unknown key \"status\"", "faults[3].fault"}) {
    EXPECT_NE(bad.problems.find(expected), std::string::npos) << expected << "\n" << bad.problems;
  }
}

TEST(FaultRulesConfig, NamesWhatIsWrongAndWhere) {
  const Read result =
      read_rules(R"([{"match":{"modle":"x","percent":101},"fault":{"kind":"stattus"}},
      {"active":{"every":"1m"},"fault":{"kind":"stall","status":1}},
      {"name":"fault-1","fault":{"kind":"split_utf8"}}])");
  for (const char* expected :
       {"faults[0].match: unknown key \"modle\"", "faults[0].match.percent", "faults[0].fault.kind",
        "faults[1].active: \"every\" needs \"for\"", "faults[1].fault: unknown key \"status\"",
        "faults[2]: the name \"fault-1\" is taken"}) {
    EXPECT_NE(result.problems.find(expected), std::string::npos) << expected << "\n"
                                                                 << result.problems;
  }
}

TEST(FaultRulesConfig, RefusesWhatCannotBeSentOrCannotHappen) {
  struct Row {
    const char* rule;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"fault":{"kind":"status","status":503,"headers":{"x":"a\r\nset-cookie: b"}}})",
       "faults[0].fault.headers: a header's value must not hold line breaks"},
      {R"({"fault":{"kind":"status","status":503,"headers":{"x y":"a"}}})",
       "\"x y\" is no name of a header"},
      {R"({"fault":{"kind":"status","status":503,"headers":{"Content-Length":"5"}}})",
       "the connection writes Content-Length itself"},
      {R"({"fault":{"kind":"status","status":503,"retry_after":"1\nx: y"}})", "retry_after"},
      {R"({"fault":{"kind":"wrong_content_type","content_type":"a\nb: c"}})", "content_type"},
      {R"({"fault":{"kind":"status","status":204,"body":"x"}})", "status 204 has no body"},
      {R"({"fault":{"kind":"status","status":304,"body":"x"}})", "status 304 has no body"},
      {R"({"match":{"path":"v1/models"},"fault":{"kind":"status","status":503}})",
       "faults[0].match.path: a path begins with"},
      {R"({"match":{"path":"/v1/models"},"fault":{"kind":"stall"}})",
       "faults[0].fault: is about chat completions"},
      {R"({"fault":{"kind":"latency","delay":1e300}})", "faults[0].fault.delay: longer than"},
  };
  for (const Row& row : rows) {
    const std::string problems = read_rules("[" + std::string(row.rule) + "]").problems;
    EXPECT_NE(problems.find(row.expected), std::string::npos) << row.rule << "\n" << problems;
  }
  EXPECT_EQ(read_rules(R"([{"match":{"path":"/v1/*"},"fault":{"kind":"stall"}}])").problems, "");
}

}  // namespace
}  // namespace mockgw
