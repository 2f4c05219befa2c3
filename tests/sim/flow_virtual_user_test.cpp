// What a virtual user sends, measures and leaves behind, in virtual time.
#include <gtest/gtest.h>

#include <ostream>
#include <set>

#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kChat = R"([{"chat": {"prompt": "Hello", "max_tokens": 150}, "checks": {
  "status is 200": {"status": 200},
  "response has content": {"json": "/choices/0/message/content", "not_empty": true}}}])";

constexpr std::string_view kStream =
    R"([{"chat": {"prompt": "Hello", "stream": true}, "timeout": "20s",
  "checks": {"status is 200": {"status": 200}, "is SSE response": {"sse": true}}}])";

std::string event(std::string_view delta, std::string_view finish = "null") {
  return chunk(R"(data: {"choices":[{"index":0,"delta":)" + std::string(delta) +
               R"(,"finish_reason":)" + std::string(finish) + "}]}\n\n");
}
const std::string kRole = event(R"({"role":"assistant","content":""})");
const std::string kToken = event(R"({"content":"x"})");
const std::string kStop = event("{}", "\"stop\"");
const std::string kDone = chunk("data: [DONE]\n\n");

TEST(FlowVirtualUser, SendsTheRequestThatTheSuitesPromise) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(200, kCompletion))}};
  world.run(kChat);
  const std::string& request = world.received.at(0);
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Host: gateway\r\n"), std::string::npos);
  EXPECT_NE(request.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(request.find("Authorization: Bearer key\r\n"), std::string::npos);
  EXPECT_NE(request.find("X-Request-ID: load-test-"), std::string::npos);
  EXPECT_TRUE(
      request.ends_with("\r\n\r\n{\"model\":\"gpt-3.5-turbo\",\"messages\":[{\"role\":\"user\","
                        "\"content\":\"Hello\"}],"
                        "\"max_tokens\":150,\"temperature\":0.7,\"stream\":false}"))
      << request;
}

TEST(FlowVirtualUser, MeasuresABufferedCompletion) {
  FlowWorld world;
  world.scripts = {{read_request(), pause(98ms), write(response(200, kCompletion))}};
  world.run(kChat);
  EXPECT_DOUBLE_EQ(world.only("llm_requests_success").value, 1);
  EXPECT_EQ(world.count("llm_requests_error"), 0u);
  EXPECT_DOUBLE_EQ(world.only("llm_success_rate").value, 1);
  EXPECT_DOUBLE_EQ(world.only("llm_goodput").value, 1);
  EXPECT_DOUBLE_EQ(world.only("llm_tokens_generated").value, 7);
  EXPECT_DOUBLE_EQ(world.only("llm_total_tokens").value, 7);
  EXPECT_DOUBLE_EQ(world.only("llm_time_to_first_response").value, 100);
  EXPECT_NEAR(world.only("llm_tokens_per_second").value, 70, 0.1);
  // The connection's 2 ms are the caller's wait too.
  EXPECT_NEAR(world.only("llm_response_time").value, 102, 0.1);
  EXPECT_EQ(world.count("llm_streaming_success"), 0u);
  EXPECT_EQ(world.count("llm_retry_amplification"), 0u);
  EXPECT_EQ(tag(world.only("llm_response_time"), "model"), "gpt-3.5-turbo");
  EXPECT_EQ(world.count("checks"), 2u);
  EXPECT_DOUBLE_EQ(world.sum("checks"), 2);
}

TEST(FlowVirtualUser, A200WithoutChoicesIsNoSuccess) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(200, R"({"success":false})"))}};
  world.run(kChat);
  EXPECT_EQ(tag(world.only("llm_requests_error"), "reason"), "missing_content");
  EXPECT_DOUBLE_EQ(world.only("llm_success_rate").value, 0);
  EXPECT_EQ(world.count("llm_tokens_generated"), 0u);
  EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 0);
  EXPECT_DOUBLE_EQ(world.sum("checks"), 1);
}

TEST(FlowVirtualUser, MeasuresAStreamTokenByToken) {
  FlowWorld world;
  world.scripts = {{read_request(), write(stream_head()), pause(48ms), write(kRole), pause(50ms),
                    write(kToken), pause(10ms), write(kToken), pause(30ms), write(kToken + kStop),
                    write(kDone + last_chunk())}};
  world.run(kStream);
  // Headers and the role chunk are not the first token.
  EXPECT_NEAR(world.only("llm_time_to_first_response").value, 2, 0.01);
  EXPECT_NEAR(world.only("llm_time_to_first_event").value, 50, 0.01);
  EXPECT_NEAR(world.only("llm_time_to_first_token").value, 100, 0.01);
  ASSERT_EQ(world.count("llm_inter_token_latency"), 2u);
  EXPECT_NEAR(world.of("llm_inter_token_latency")[0].value, 10, 0.01);
  EXPECT_NEAR(world.of("llm_inter_token_latency")[1].value, 30, 0.01);
  EXPECT_NEAR(world.only("llm_time_per_output_token").value, 20, 0.01);
  EXPECT_NEAR(world.only("llm_stream_stall_max").value, 30, 0.01);
  EXPECT_DOUBLE_EQ(world.only("llm_tokens_generated").value, 3);
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 1);
  EXPECT_EQ(world.count("llm_streaming_errors"), 0u);
  EXPECT_DOUBLE_EQ(world.sum("checks"), 2);
  EXPECT_NE(world.received[0].find("Accept: text/event-stream\r\n"), std::string::npos);
}

struct BrokenStream {
  const char* name;
  Script rest;
  const char* reason;
  std::set<std::string> counters;
};

void PrintTo(const BrokenStream& each, std::ostream* out) { *out << each.name; }

class FlowBrokenStream : public testing::TestWithParam<BrokenStream> {};

TEST_P(FlowBrokenStream, IsAnErrorWithItsReasonAndCounters) {
  FlowWorld world;
  Script script{read_request()};
  for (const Act& act : GetParam().rest) script.push_back(act);
  world.scripts = {script};
  world.run(kStream);
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 0);
  EXPECT_DOUBLE_EQ(world.only("llm_requests_error").value, 1);
  EXPECT_EQ(tag(world.only("llm_streaming_errors"), "reason"), GetParam().reason);
  EXPECT_EQ(world.count("llm_tokens_generated"), 0u);
  std::set<std::string> counted;
  for (const SeenSample& sample : world.samples) {
    if (sample.metric.starts_with("llm_stream_") && sample.metric != "llm_stream_stall_max") {
      counted.insert(sample.metric.substr(sizeof "llm_stream_" - 1));
    }
  }
  EXPECT_EQ(counted, GetParam().counters);
}

INSTANTIATE_TEST_SUITE_P(
    All, FlowBrokenStream,
    testing::Values(BrokenStream{"Status", {write(response(503, "{}"))}, "status", {}},
                    BrokenStream{"Refused", {reset()}, "status", {}},
                    BrokenStream{"InBandError",
                                 {write(stream_head() + kRole + kToken +
                                        chunk("data: {\"error\":{\"message\":\"boom\"}}\n\n") +
                                        kDone + last_chunk())},
                                 "in_band_error",
                                 {"in_band_errors", "missing_finish_reason"}},
                    BrokenStream{"NoDone",
                                 {write(stream_head() + kRole + kToken + kStop + last_chunk())},
                                 "missing_done",
                                 {"missing_done"}},
                    BrokenStream{"NoFinishReason",
                                 {write(stream_head() + kRole + kToken + kDone + last_chunk())},
                                 "missing_finish_reason",
                                 {"missing_finish_reason"}},
                    BrokenStream{"NoContent",
                                 {write(stream_head() + kRole + kStop + kDone + last_chunk())},
                                 "missing_content",
                                 {"missing_content"}},
                    BrokenStream{"Cut",
                                 {write(stream_head() + kRole + kToken), finish()},
                                 "cut_short",
                                 {"cut_short", "missing_done", "missing_finish_reason"}},
                    BrokenStream{"Reset",
                                 {write(stream_head() + kRole + kToken), pause(2ms), reset()},
                                 "cut_short",
                                 {"cut_short", "missing_done", "missing_finish_reason"}},
                    BrokenStream{"Stalled",
                                 {write(stream_head() + kRole + kToken), pause(1h)},
                                 "timed_out",
                                 {"cut_short", "missing_done", "missing_finish_reason"}},
                    BrokenStream{"Malformed",
                                 {write(stream_head() + kRole + kToken + chunk("data: {\n\n") +
                                        kStop + kDone + last_chunk())},
                                 "malformed",
                                 {}}),
    [](const auto& each) { return each.param.name; });

TEST(FlowVirtualUser, GoodputAsksForTheObjectives) {
  constexpr std::string_view kSteps = R"([{"chat": {"prompt": "Hello", "stream": true},
    "objectives": {"time_to_first_token": "90ms"}}])";
  const auto stream = [](lab::Duration wait) {
    return Script{read_request(), write(stream_head()), pause(wait),
                  write(kRole + kToken + kStop + kDone + last_chunk())};
  };
  FlowWorld fast;
  fast.scripts = {stream(50ms)};
  fast.run(kSteps);
  EXPECT_DOUBLE_EQ(fast.only("llm_goodput").value, 1);
  FlowWorld slow;
  slow.scripts = {stream(100ms)};
  slow.run(kSteps);
  EXPECT_DOUBLE_EQ(slow.only("llm_goodput").value, 0);
  EXPECT_DOUBLE_EQ(slow.only("llm_streaming_success").value, 1);
}

TEST(FlowVirtualUser, RetriesAsTheSdksDo) {
  constexpr std::string_view kSteps = R"([{"chat": {"prompt": "Hello"}, "retry": {}}])";
  FlowWorld world;
  world.scripts = {{read_request(), write(response(429, "{}", "Retry-After: 7\r\n")),
                    read_request(), write(response(503, "{}", "retry-after-ms: 250\r\n")),
                    read_request(), write(response(200, kCompletion))}};
  world.run(kSteps);
  EXPECT_EQ(world.count("http_reqs"), 3u);
  EXPECT_DOUBLE_EQ(world.sum("llm_retries"), 2);
  EXPECT_DOUBLE_EQ(world.only("llm_retry_amplification").value, 3);
  // The caller has waited for all of it; a request by itself took no longer than it did.
  EXPECT_NEAR(world.only("llm_response_time").value, 7250 + 2 + 3 * 2, 0.1);
  EXPECT_NEAR(world.of("http_req_duration")[2].value, 2, 0.1);
  EXPECT_DOUBLE_EQ(world.only("llm_requests_success").value, 1);
  EXPECT_EQ(world.count("llm_requests_error"), 0u);
  EXPECT_NEAR(world.only("iteration_duration").value, 7250 + 2 + 3 * 2, 0.1);
}

TEST(FlowVirtualUser, GivesUpAfterItsAttempts) {
  constexpr std::string_view kSteps =
      R"([{"chat": {"prompt": "Hello"}, "retry": {"attempts": 2}}])";
  FlowWorld world;
  world.run(kSteps);
  EXPECT_EQ(world.count("http_reqs"), 2u);
  EXPECT_DOUBLE_EQ(world.only("llm_retries").value, 1);
  EXPECT_DOUBLE_EQ(world.only("llm_retry_amplification").value, 2);
  EXPECT_DOUBLE_EQ(world.only("llm_requests_error").value, 1);
}

TEST(FlowVirtualUser, DoesNotRetryWhatHadBegunToAnswer) {
  FlowWorld world;
  world.scripts = {{read_request(), write(stream_head() + kRole + kToken), finish()}};
  world.run(R"([{"chat": {"prompt": "Hello", "stream": true}, "retry": {}}])");
  EXPECT_EQ(world.count("http_reqs"), 1u);
  EXPECT_EQ(world.count("llm_retries"), 0u);
}

TEST(FlowVirtualUser, WalksGroupsRepeatsAndPicks) {
  FlowWorld world;
  const std::string ok = response(200, "{}");
  world.scripts = {
      {read_request(), write(ok), read_request(), write(ok), read_request(), write(ok)}};
  world.run(R"([{"group": {"name": "outer", "steps": [
      {"repeat": {"times": 2, "steps": [{"http": {"path": "/a"}, "name": "A", "tags": {"kind": "k"},
                                         "checks": {"ok": {"status": 200}}}]}},
      {"sleep": "1s"}]}},
    {"pick": [{"weight": 0, "steps": [{"sleep": "1h"}]}, {"weight": 1, "steps": [{"http": {"path": "/b"}}]}]}])");
  ASSERT_EQ(world.count("http_reqs"), 3u);
  const SeenSample first = world.of("http_reqs")[0];
  EXPECT_EQ(tag(first, "group"), "::outer");
  EXPECT_EQ(tag(first, "name"), "A");
  EXPECT_EQ(tag(first, "url"), "A");
  EXPECT_EQ(tag(first, "kind"), "k");
  EXPECT_EQ(tag(world.of("http_reqs")[2], "group"), "");
  EXPECT_EQ(tag(world.of("checks")[0], "group"), "::outer");
  EXPECT_EQ(tag(world.of("checks")[0], "kind"), "k");
  EXPECT_NEAR(world.only("group_duration").value, 1000 + 2 + 2 * 2, 0.1);
  EXPECT_EQ(tag(world.only("group_duration"), "group"), "::outer");
}

TEST(FlowVirtualUser, ACutIterationEmitsNothingOfTheRequestInFlight) {
  FlowWorld world;
  world.scripts = {{read_request(), write(response(200, kCompletion)), read_request(), pause(1h)}};
  const IterationOutcome outcome = world.run(
      R"([{"chat": {"prompt": "a"}}, {"chat": {"prompt": "b"}, "checks": {"ok": {"status": 200}}}])",
      1, 5s);
  EXPECT_EQ(outcome.kind, IterationOutcome::Kind::interrupted);
  EXPECT_EQ(world.count("http_reqs"), 1u);
  EXPECT_EQ(world.count("llm_success_rate"), 1u);
  EXPECT_EQ(world.count("checks"), 0u);
  EXPECT_EQ(world.count("iterations"), 0u);
  EXPECT_EQ(world.count("iteration_duration"), 0u);
  EXPECT_EQ(world.count("data_sent"), 1u);
}

TEST(FlowVirtualUser, ASleepAConnectAndAStreamAreCutAtOnce) {
  FlowWorld asleep;
  EXPECT_EQ(asleep.run(R"([{"sleep": "1h"}])", 1, 1s).kind, IterationOutcome::Kind::interrupted);
  FlowWorld connecting;
  EXPECT_EQ(connecting.run(kChat, 1, 1500us).kind, IterationOutcome::Kind::interrupted);
  EXPECT_EQ(connecting.count("http_reqs"), 0u);
  FlowWorld streaming;
  streaming.scripts = {{read_request(), write(stream_head() + kRole + kToken), pause(1h)}};
  EXPECT_EQ(streaming.run(kStream, 1, 1s).kind, IterationOutcome::Kind::interrupted);
  EXPECT_EQ(streaming.count("llm_time_to_first_token"), 0u);
}

TEST(FlowVirtualUser, EveryInstantOfACutIsSafe) {
  for (lab::Duration cut = 0ms; cut < 12ms; cut += 250us) {
    SCOPED_TRACE(lab::format_duration(cut));
    FlowWorld world;
    world.scripts = {{read_request(), write(response(429, "{}", "retry-after-ms: 2\r\n")),
                      read_request(), pause(1h)}};
    const auto outcome = world.run(R"([{"chat": {"prompt": "a"}, "retry": {}}])", 1, cut);
    EXPECT_EQ(outcome.kind, IterationOutcome::Kind::interrupted);
    EXPECT_LE(world.count("http_reqs"), 1u);
  }
}

TEST(FlowVirtualUser, IsDeterministicBySeed) {
  constexpr std::string_view kSteps =
      R"([{"chat": {"prompt": {"synthetic": {"tokens": {"uniform": [5, 50]}}},
    "model": {"one_of": ["a", "b", "c"]}}}, {"sleep": {"uniform": ["1s", "3s"]}}])";
  const auto requests = [kSteps](std::uint64_t seed) {
    FlowWorld world(seed);
    const Act ok = write(response(200, kCompletion));
    world.scripts = {{read_request(), ok, read_request(), ok, read_request(), ok}};
    world.run(kSteps, 3);
    return world.received.at(0) + std::to_string(world.sum("iteration_duration"));
  };
  EXPECT_EQ(requests(7), requests(7));
  EXPECT_NE(requests(7), requests(8));
}

TEST(FlowVirtualUser, ASaltChangesRequestIdsAndNothingElse) {
  const auto sent = [](std::uint64_t salt) {
    FlowWorld world;
    world.settings.salt = salt;
    world.scripts = {{read_request(), write(response(200, kCompletion))}};
    world.run(R"([{"chat": {"prompt": {"synthetic": {"tokens": {"uniform": [5, 50]}}}}}])");
    return world.received.at(0);
  };
  constexpr std::size_t kIdSize = 16;
  const auto id_of = [](const std::string& request) {
    return request.substr(request.find("load-test-") + 10, kIdSize);
  };
  std::string plain = sent(0);
  const std::string salted = sent(12345);
  EXPECT_NE(id_of(plain), id_of(salted));
  plain.replace(plain.find("load-test-") + 10, kIdSize, id_of(salted));
  EXPECT_EQ(plain, salted);
}

TEST(FlowVirtualUser, RequestIdsAreUnique) {
  FlowWorld world;
  const std::string ok = response(200, kCompletion);
  Script script;
  for (int i = 0; i < 40; ++i) {
    script.push_back(read_request());
    script.push_back(write(ok));
  }
  world.scripts = {script};
  world.run(R"([{"repeat": {"times": 4, "steps": [{"chat": {"prompt": "a"}}]}}])", 10);
  std::set<std::string> ids;
  const std::string& sent = world.received.at(0);
  constexpr std::string_view kPrefix = "X-Request-ID: load-test-";
  for (std::size_t at = sent.find(kPrefix); at != std::string::npos;
       at = sent.find(kPrefix, at + 1)) {
    ids.insert(sent.substr(at, kPrefix.size() + 16));
  }
  EXPECT_EQ(ids.size(), 40u);
}

}  // namespace
}  // namespace loader::test
