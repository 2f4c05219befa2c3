// What is said of each request that is over.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBufferedChat = R"([{"chat": {"prompt": "Hello"}}])";
constexpr std::string_view kStreamedChat = R"([{"chat": {"prompt": "Hello", "stream": true}}])";

/// A record whose texts are its own.
struct KeptRecord {
  explicit KeptRecord(const RequestRecord& record)
      : values(record),
        outcome(record.outcome),
        request_id(record.request_id),
        model(record.model),
        host(record.host),
        reason(record.reason),
        token_source(record.token_source),
        inter_token_latencies(record.inter_token_latencies.begin(),
                              record.inter_token_latencies.end()) {}
  RequestRecord values;  ///< But its views.
  std::string outcome;
  std::string request_id;
  std::string model;
  std::string host;
  std::string reason;
  std::string token_source;
  std::vector<lab::Duration> inter_token_latencies;
};

class RequestRecordTest : public testing::Test {
 protected:
  RequestRecordTest() {
    world.settings.on_request = [this](const RequestRecord& record) { seen.emplace_back(record); };
  }
  [[nodiscard]] const KeptRecord& only() const {
    EXPECT_EQ(seen.size(), 1u);
    return seen.at(0);
  }

  FlowWorld world;
  std::vector<KeptRecord> seen;
};

std::string event_of(std::string_view json) { return chunk("data: " + std::string(json) + "\n\n"); }
const std::string kPiece = event_of(R"({"choices":[{"index":0,"delta":{"content":"x"}}]})");
const std::string kEnd =
    event_of(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})") + event_of("[DONE]");

TEST_F(RequestRecordTest, OfACompletion) {
  world.scripts = {{read_request(), pause(98ms), write(response(200, kCompletion))}};
  world.run(kBufferedChat);
  const KeptRecord& record = only();
  EXPECT_EQ(record.outcome, "ok");
  EXPECT_EQ(record.reason, "");
  EXPECT_FALSE(record.values.is_failed);
  EXPECT_TRUE(record.values.is_chat);
  EXPECT_FALSE(record.values.is_stream);
  EXPECT_EQ(record.model, "gpt-3.5-turbo");
  EXPECT_EQ(record.host, "gateway");
  EXPECT_EQ(record.values.tokens_in, 3);
  EXPECT_EQ(record.values.tokens_out, 7);
  EXPECT_EQ(record.token_source, "usage");
  // As it went out.
  EXPECT_TRUE(record.request_id.starts_with("load-test-")) << record.request_id;
  EXPECT_NE(world.received.at(0).find("X-Request-ID: " + record.request_id + "\r\n"),
            std::string::npos);
  // The connection, one latency there and one back around the server's pause.
  EXPECT_EQ(record.values.phases.connecting, 2ms);
  EXPECT_EQ(record.values.phases.blocked, 2ms);
  EXPECT_EQ(record.values.phases.waiting, 100ms);
  EXPECT_EQ(record.values.phases.tls_handshaking, 0ms);
}

TEST_F(RequestRecordTest, OfAStream) {
  world.scripts = {{read_request(), write(stream_head() + kPiece), pause(10ms), write(kPiece),
                    pause(20ms), write(kPiece + kEnd + last_chunk())}};
  world.run(kStreamedChat);
  const KeptRecord& record = only();
  EXPECT_EQ(record.outcome, "ok");
  EXPECT_TRUE(record.values.is_stream);
  EXPECT_EQ(record.values.chunks, 3);
  EXPECT_EQ(record.values.time_to_first_token, 2ms);
  EXPECT_EQ(record.inter_token_latencies, (std::vector<lab::Duration>{10ms, 20ms}));
  EXPECT_EQ(record.values.tokens_in, std::nullopt);
  EXPECT_EQ(record.values.tokens_out, 3);
  EXPECT_EQ(record.token_source, "counted");
}

TEST_F(RequestRecordTest, OfAFailureHasTheWordsOfWhoeverFailed) {
  struct Case {
    std::string_view steps;
    Script script;
    std::string outcome;
    std::string reason;
    bool is_failed;
  };
  const std::string refusal = R"({"error":{"message":"no capacity","type":"overloaded"}})";
  const std::vector<Case> cases{
      {kBufferedChat,
       {read_request(), write(response(503, refusal))},
       "status",
       "no capacity",
       true},
      {kStreamedChat,
       {read_request(), write(response(429, refusal))},
       "status",
       "no capacity",
       true},
      {R"([{"http": {"path": "/x"}}])",
       {read_request(), write(response(500, R"({"detail":"broken"})"))},
       "status",
       "broken",
       true},
      {kBufferedChat, {read_request(), write(response(502, "<html>"))}, "status", "", true},
      {kBufferedChat,
       {read_request(), write(response(200, refusal))},
       "in_band_error",
       "no capacity",
       false},
      {kStreamedChat,
       {read_request(), write(stream_head() + kPiece + event_of(refusal) + last_chunk())},
       "in_band_error",
       "no capacity",
       false},
      {kStreamedChat,
       {read_request(), write(stream_head() + kPiece + last_chunk())},
       "missing_finish_reason",
       "",
       false},
      {kBufferedChat, {read_request(), finish()}, "transport", "EOF", true},
  };
  for (const Case& each : cases) {
    seen.clear();
    FlowWorld here;
    here.settings.on_request = world.settings.on_request;
    here.scripts = {each.script};
    here.run(each.steps);
    EXPECT_EQ(only().outcome, each.outcome) << each.reason;
    EXPECT_EQ(only().reason, each.reason) << each.outcome;
    EXPECT_EQ(only().values.is_failed, each.is_failed) << each.outcome << each.reason;
    EXPECT_EQ(only().values.tokens_out, std::nullopt);
  }
}

TEST_F(RequestRecordTest, OfAGatewayThatIsNotThere) {
  world.run(kBufferedChat);
  EXPECT_EQ(only().outcome, "transport");
  EXPECT_EQ(only().reason, "dial: connection refused");
  EXPECT_EQ(only().host, "gateway");
}

TEST_F(RequestRecordTest, CutsLongWordsBetweenCharacters) {
  const std::string message = "1" + std::string(150, 'a') + "é" + std::string(46, 'b') + "é";
  world.scripts = {
      {read_request(), write(response(503, R"({"error":{"message":")" + message + "é\"}}"))}};
  world.run(kBufferedChat);
  ASSERT_EQ(message.size(), kReasonBytesMax + 1);
  EXPECT_EQ(only().reason, message.substr(0, kReasonBytesMax - 1));
}

TEST_F(RequestRecordTest, EveryAttemptHasItsOwn) {
  world.scripts = {{read_request(), write(response(503, "")), read_request(),
                    write(response(200, kCompletion))}};
  world.run(R"([{"chat": {"prompt": "Hello"}, "retry": {"attempts": 3}}])");
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].outcome, "status");
  EXPECT_EQ(seen[1].outcome, "ok");
  EXPECT_NE(seen[0].request_id, seen[1].request_id);
}

TEST_F(RequestRecordTest, ARedirectIsPartOfOne) {
  world.runtime.add_host("other", "10.0.0.1");
  world.scripts = {
      {read_request(), write(response(307, "", "Location: http://other:80/v1/elsewhere\r\n"))},
      {read_request(), write(response(200, kCompletion))}};
  world.run(kBufferedChat);
  EXPECT_EQ(only().host, "other");
  EXPECT_EQ(only().values.status, 200u);
  // From the first hop on: two connections and two answers.
  EXPECT_EQ(only().values.end - only().values.start, 8ms);
}

}  // namespace
}  // namespace loader::test
