#include "mockgw/answer/request_record.h"

#include <gtest/gtest.h>

#include "mockgw/answer/request_handler.h"

namespace mockgw {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello =
    R"({"model":"gpt-4","messages":[{"role":"user","content":"hi"}]})";

class Record : public testing::Test {
 protected:
  // What is counted of an answer that was sent in full.
  RequestRecord record(const char* method, std::string_view target, std::string_view body = "",
                       std::string_view file = kFile) {
    auto config = read_gateway_config(file, "gateway.json").value();
    auto state = std::make_shared<GatewayState>(std::move(config), GatewayClock{}, nullptr);
    request.method = method;
    request.target = target;
    request.body = body;
    exchange.begin(std::move(state), {.http = request});
    answer_request(exchange);
    return record_of(exchange, {.ec = {}, .tokens = 5}, 3s);
  }

  static constexpr std::string_view kFile =
      R"({"latency": {"ttft": "1s", "itl": "100ms", "other": "0s"}, "tokens": {"output": 5}})";
  lab::HttpRequest request;
  Exchange exchange;
};

TEST_F(Record, ACompletionTellsItsPlan) {
  const RequestRecord seen = record("POST", "/v1/chat/completions", kHello);
  EXPECT_EQ(seen.route, "/v1/chat/completions");
  EXPECT_EQ(seen.model, "gpt-4");
  EXPECT_EQ(seen.status, 200u);
  EXPECT_FALSE(seen.condition);
  EXPECT_EQ(seen.duration, 3s);
  ASSERT_TRUE(seen.completion);
  EXPECT_EQ(seen.completion->completion_tokens, 5);
  EXPECT_EQ(seen.completion->planned_ttft, 1s);
  EXPECT_EQ(seen.completion->planned_duration, 1400ms);
}

TEST_F(Record, AnAbandonedRequestWasAnsweredNothing) {
  (void)record("POST", "/v1/chat/completions", kHello);
  const RequestRecord seen =
      record_of(exchange, {.was_cut_by_client = true, .was_abandoned = true}, 1s);
  EXPECT_EQ(seen.status, 499u);
  EXPECT_EQ(seen.model, "gpt-4");
  EXPECT_TRUE(seen.was_cut_by_client);
  EXPECT_FALSE(seen.completion);
  // Nor an error, whose words it did not see.
  (void)record("GET", "/nothing");
  EXPECT_FALSE(record_of(exchange, {.was_abandoned = true}, 1s).condition);
}

TEST_F(Record, RoutesAreLabelledAlikeWhateverTheyAreAskedFor) {
  EXPECT_EQ(record("GET", "/healthz").route, "/health");
  EXPECT_EQ(record("GET", "/v1/models/gpt-4?x=1").route, "/v1/models/{id}");
  EXPECT_EQ(record("GET", "/v1/models").route, "/v1/models");
  EXPECT_EQ(record("GET", "/livez").route, "/live");
  EXPECT_EQ(record("GET", "/readyz").route, "/ready");
  EXPECT_EQ(record("OPTIONS", "*").route, "*");
  const RequestRecord unknown = record("GET", "/wp-login.php");
  EXPECT_EQ(unknown.route, "other");
  EXPECT_EQ(unknown.condition, ErrorCondition::not_found);
  EXPECT_FALSE(unknown.completion);
}

TEST_F(Record, AModelThatIsNotInTheFileIsNoLabel) {
  // Else clients could make as many series as they like.
  const RequestRecord unknown =
      record("POST", "/v1/chat/completions",
             R"({"model":"x","messages":[{"role":"user","content":"a"}]})");
  EXPECT_EQ(unknown.model, "");
  EXPECT_EQ(unknown.condition, ErrorCondition::model_not_found);
  const RequestRecord any = record("POST", "/v1/chat/completions",
                                   R"({"model":"x","messages":[{"role":"user","content":"a"}]})",
                                   R"({"models": {"gpt-4": {}, "*": {}}})");
  EXPECT_EQ(any.model, "*");
}

TEST_F(Record, FaultsAreNamedAndAResetHasNoStatus) {
  const RequestRecord seen = record("POST", "/v1/chat/completions", kHello,
                                    R"({"faults": [{"name": "cut",
                                        "fault": {"kind": "abort_before_headers"}}]})");
  EXPECT_EQ(seen.status, 0u);
  ASSERT_EQ(seen.faults.size(), 1u);
  EXPECT_EQ(seen.faults[0]->name, "cut");
  EXPECT_FALSE(seen.completion);
}

TEST_F(Record, AFailureInTheStreamHasItsCondition) {
  const RequestRecord seen =
      record("POST", "/v1/chat/completions",
             R"({"model":"gpt-4","messages":[{"role":"user","content":"a"}],"stream":true})",
             R"({"profile": "refgw", "faults": [{"fault": {"kind": "status", "status": 500}}]})");
  EXPECT_EQ(seen.status, 200u);
  EXPECT_EQ(seen.condition, ErrorCondition::upstream_5xx);
  EXPECT_FALSE(seen.completion);
}

TEST_F(Record, AnErrorEventHasItsConditionStreamedOrNot) {
  for (const std::string_view stream : {"true", "false"}) {
    const RequestRecord seen =
        record("POST", "/v1/chat/completions",
               R"({"model":"gpt-4","messages":[{"role":"user","content":"a"}],"stream":)" +
                   std::string(stream) + "}",
               R"({"faults": [{"fault": {"kind": "stream_error_event", "after_tokens": 1}}]})");
    EXPECT_EQ(seen.condition, ErrorCondition::upstream_5xx) << stream;
  }
}

TEST_F(Record, AStatusFaultIsNoCompletion) {
  const RequestRecord seen =
      record("POST", "/v1/chat/completions", kHello,
             R"({"faults": [{"fault": {"kind": "status", "status": 429}}]})");
  EXPECT_EQ(seen.status, 429u);
  EXPECT_EQ(seen.condition, ErrorCondition::upstream_429);
  EXPECT_FALSE(seen.completion);
}

}  // namespace
}  // namespace mockgw
