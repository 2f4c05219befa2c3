// Which thresholds a gateway that misbehaves turns red: those that one would expect, and no others.
#include <gtest/gtest.h>

#include "tests/sim/simulated_runs.h"

namespace loader {
namespace {

constexpr const char* kStreamSuite = R"({
  "name": "stream",
  "options": {
    "scenarios": {"stream": {"executor": "constant-vus", "vus": 5, "duration": "2m"}},
    "thresholds": {"http_req_failed": ["rate<0.05"], "llm_time_to_first_token": ["p(95)<5000"],
                   "llm_streaming_success": ["rate>0.95"], "http_req_duration": ["p(95)<60000"]}
  },
  "flows": {"default": [{"chat": {"prompt": "Hello", "stream": true}}, {"sleep": "1s"}]}
})";

TEST(BrokenGateway, ErrorsTurnTheRatesRedAndNotTheDurations) {
  const RunResult result = simulated(prepare_text(kChatSuite), gateway(R"({
    "faults": [{"name": "errors", "match": {"percent": 20}, "fault": {"kind": "status", "status": 503}}]})"));
  EXPECT_EQ(result.exit_code, ExitCode::thresholds_crossed);
  EXPECT_EQ(crossed(result),
            (std::vector<std::string>{"checks", "http_req_failed", "llm_success_rate"}));
  ASSERT_EQ(result.summary.errors.size(), 1u);
  EXPECT_EQ(result.summary.errors[0].text, "status 503");
}

TEST(BrokenGateway, AnswersThatSayNothingAreFailures) {
  const GatewayText silent =
      gateway(R"({"faults": [{"name": "empty", "fault": {"kind": "empty_content"}}]})");
  for (const char* const suite : {"baseline", "stress", "soak"}) {
    SCOPED_TRACE(suite);
    RunCommand shortened = simulate_command(suite);
    shortened.shortcuts.duration = std::chrono::minutes(2);
    const RunResult result = simulated(prepare(shortened), silent);
    EXPECT_EQ(crossed(result),
              (std::vector<std::string>{"checks", "llm_success_rate", "llm_tokens_generated"}));
    EXPECT_EQ(count(result, "llm_requests_error"), count(result, "http_reqs"));
  }
  const RunResult smoke = simulated(prepare(simulate_command("smoke")), silent);
  EXPECT_EQ(crossed(smoke),
            (std::vector<std::string>{"checks", "llm_success_rate", "llm_tokens_generated"}));
}

TEST(BrokenGateway, SlownessTurnsOnlyTheDurationRed) {
  const RunResult result = simulated(prepare_text(kChatSuite),
                                     gateway(R"({"latency": {"ttft": "16s", "itl": "10ms"}})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"http_req_duration"});
}

TEST(BrokenGateway, AStreamWithAnErrorInItIsAFailureWithStatus200) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "in band", "match": {"percent": 30},
                "fault": {"kind": "stream_error_event", "after_tokens": 5}}]})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_streaming_success"});
  EXPECT_GT(count(result, "llm_stream_in_band_errors"), 0);
}

TEST(BrokenGateway, AStreamWithoutItsEndIsAFailure) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "cut", "match": {"percent": 30},
                "fault": {"kind": "truncate_no_done", "after_tokens": 5}}]})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_streaming_success"});
}

TEST(BrokenGateway, HeadersThatComeEarlyAreNotTheFirstToken) {
  // k6's time to first byte would be green here.
  const RunResult result = simulated(prepare_text(kStreamSuite),
                                     gateway(R"({"latency": {"ttft": "8s", "itl": "10ms"}})"));
  EXPECT_EQ(crossed(result), std::vector<std::string>{"llm_time_to_first_token"});
}

TEST(BrokenGateway, NoFirstTokenAtAllIsNoDataAndNotGreen) {
  const RunResult result = simulated(prepare_text(kStreamSuite), gateway(R"({
    "faults": [{"name": "down", "match": {"percent": 100}, "fault": {"kind": "status", "status": 500}}]})"));
  EXPECT_EQ(crossed(result), (std::vector<std::string>{"http_req_failed", "llm_streaming_success",
                                                       "llm_time_to_first_token"}));
}

}  // namespace
}  // namespace loader
