// Which answers of a gateway count as such, and which token counts are believed, in virtual time.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/sim/flow_world.h"

namespace loader::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPlainChat = R"([{"chat": {"prompt": "Hello"}, "timeout": "1s"}])";

struct BufferedAnswer {
  const char* name;
  Script script;
  const char* reason;  ///< "": a success.
};

void PrintTo(const BufferedAnswer& each, std::ostream* out) { *out << each.name; }

Script answer_with(std::string_view message, std::string_view rest = "") {
  return {read_request(), write(response(200, R"({"choices":[{"message":)" + std::string(message) +
                                                  "}]" + std::string(rest) + "}"))};
}

class FlowBufferedAnswer : public testing::TestWithParam<BufferedAnswer> {};

TEST_P(FlowBufferedAnswer, IsASuccessOnlyIfItSaysSomething) {
  FlowWorld world;
  world.scripts = {GetParam().script};
  world.run(kPlainChat);
  const std::string reason = GetParam().reason;
  EXPECT_DOUBLE_EQ(world.only("llm_success_rate").value, reason.empty() ? 1 : 0);
  EXPECT_EQ(world.count("llm_requests_success"), reason.empty() ? 1u : 0u);
  if (reason.empty()) return;
  EXPECT_EQ(tag(world.only("llm_requests_error"), "reason"), reason);
  EXPECT_EQ(world.count("llm_tokens_generated"), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    All, FlowBufferedAnswer,
    testing::Values(
        BufferedAnswer{"Content", answer_with(R"({"content":"Hi"})"), ""},
        BufferedAnswer{"ToolCalls",
                       answer_with(R"({"content":null,"tool_calls":[{"id":"call_1"}]})"), ""},
        BufferedAnswer{"Refusal", answer_with(R"({"content":null,"refusal":"No."})"), ""},
        BufferedAnswer{"ErrorThatIsNull", answer_with(R"({"content":"Hi"})", R"(,"error":null)"),
                       ""},
        BufferedAnswer{"EmptyContent", answer_with(R"({"content":""})"), "missing_content"},
        BufferedAnswer{"NullContent", answer_with(R"({"content":null,"tool_calls":[]})"),
                       "missing_content"},
        BufferedAnswer{"NoMessage",
                       {read_request(), write(response(200, R"({"choices":[{}]})"))},
                       "missing_content"},
        BufferedAnswer{"Error", answer_with(R"({"content":"Hi"})", R"(,"error":{"message":"m"})"),
                       "in_band_error"},
        BufferedAnswer{"NotJson", {read_request(), write(response(200, "<p>"))}, "malformed"},
        BufferedAnswer{"Status", {read_request(), write(response(503, kCompletion))}, "status"},
        BufferedAnswer{
            "Cut",
            {read_request(), write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), finish()},
            "cut_short"},
        BufferedAnswer{
            "Slow",
            {read_request(), write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), pause(1h)},
            "timed_out"}),
    [](const auto& each) { return each.param.name; });

TEST(FlowAnswer, SaysWhereTokensComeFromAndBelievesNoNonsense) {
  FlowWorld believed;
  believed.scripts = {{read_request(), write(response(200, kCompletion))}};
  believed.run(kPlainChat);
  EXPECT_EQ(tag(believed.only("llm_tokens_generated"), "token_source"), "usage");
  EXPECT_EQ(tag(believed.only("llm_total_tokens"), "token_source"), "usage");
  EXPECT_EQ(tag(believed.only("llm_response_time"), "token_source"), "(none)");
  for (const char* const tokens : {"-7", "900000000000", "18446744073709551615", "1.5"}) {
    SCOPED_TRACE(tokens);
    const std::string usage = R"(,"usage":{"completion_tokens":)" + std::string(tokens) + "}";
    FlowWorld buffered;
    buffered.scripts = {answer_with(R"({"content":"Hi"})", usage)};
    buffered.run(kPlainChat);
    EXPECT_EQ(buffered.count("llm_tokens_generated"), 0u);
    EXPECT_DOUBLE_EQ(buffered.only("llm_token_count_mismatches").value, 1);
    EXPECT_DOUBLE_EQ(buffered.only("llm_success_rate").value, 1);
  }
  FlowWorld counted;
  const std::string token = R"({"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":)";
  counted.scripts = {
      {read_request(),
       write(stream_head() +
             chunk("data: " + token + "null}]}\n\ndata: " + token + "\"stop\"}]}\n\n") +
             chunk(R"(data: {"choices":[],"usage":{"completion_tokens":-9223372036854775808,)"
                   R"("completion_tokens_details":{"reasoning_tokens":1}}})"
                   "\n\ndata: [DONE]\n\n") +
             last_chunk())}};
  counted.run(R"([{"chat": {"prompt": "Hello", "stream": true}}])");
  EXPECT_DOUBLE_EQ(counted.only("llm_tokens_generated").value, 2);
  EXPECT_EQ(tag(counted.only("llm_tokens_generated"), "token_source"), "counted");
  EXPECT_DOUBLE_EQ(counted.only("llm_token_count_mismatches").value, 1);
}

// What a stream step is answered with, where that is not the usual stream.
constexpr std::string_view kStreamed = R"([{"chat": {"prompt": "Hello", "stream": true},
  "timeout": "10s"}])";

std::string delta(std::string_view content) {
  return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(content) +
         R"("},"finish_reason":null}]})" + "\n\n";
}
const std::string kFinishEvent =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDoneEvent = "data: [DONE]\n\n";
std::string usage(int tokens) {
  return R"(data: {"choices":[],"usage":{"completion_tokens":)" + std::to_string(tokens) + "}}\n\n";
}

TEST(FlowAnswer, TheTimePerTokenIsPerTokenNotPerChunk) {
  FlowWorld world;
  world.scripts = {{read_request(), write(stream_head()), pause(200ms), write(chunk(delta("a"))),
                    pause(400ms), write(chunk(delta("b") + kFinishEvent + usage(41) + kDoneEvent)),
                    write(last_chunk())}};
  world.run(kStreamed);
  EXPECT_NEAR(world.only("llm_time_per_output_token").value, 10, 0.01);
  // A hundred tokens in one chunk took no time of their own.
  FlowWorld at_once;
  at_once.scripts = {
      {read_request(), write(stream_head()), pause(200ms),
       write(chunk(delta("a") + kFinishEvent + usage(100) + kDoneEvent) + last_chunk())}};
  at_once.run(kStreamed);
  EXPECT_NEAR(at_once.only("llm_time_per_output_token").value, 0, 0.01);
  // One token has none after it.
  FlowWorld one;
  one.scripts = {{read_request(), write(stream_head()),
                  write(chunk(delta("a") + kFinishEvent + usage(1) + kDoneEvent) + last_chunk())}};
  one.run(kStreamed);
  EXPECT_EQ(one.count("llm_time_per_output_token"), 0u);
}

struct OtherAnswer {
  const char* name;
  std::string answer;
  std::string request_reason;  ///< "": a success.
  std::string stream_reason;
};

void PrintTo(const OtherAnswer& each, std::ostream* out) { *out << each.name; }

class FlowOtherAnswer : public testing::TestWithParam<OtherAnswer> {};

TEST_P(FlowOtherAnswer, IsJudgedAsWhatItIs) {
  FlowWorld world;
  world.scripts = {{read_request(), write(GetParam().answer)}};
  world.run(kStreamed);
  const bool is_success = GetParam().request_reason.empty();
  EXPECT_DOUBLE_EQ(world.only("llm_success_rate").value, is_success ? 1 : 0);
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 0);
  EXPECT_EQ(tag(world.only("llm_streaming_errors"), "reason"), GetParam().stream_reason);
  EXPECT_EQ(world.count("llm_requests_error"), is_success ? 0u : 1u);
  EXPECT_EQ(world.count("llm_stream_missing_done"), 0u);
  if (is_success) {
    EXPECT_DOUBLE_EQ(world.only("llm_tokens_generated").value, 7);
  } else {
    EXPECT_EQ(tag(world.only("llm_requests_error"), "reason"), GetParam().request_reason);
  }
}

const std::string kEventStream = "Content-Type: text/event-stream\r\n";
const std::string kHtml = "Content-Type: text/html\r\n";

INSTANTIATE_TEST_SUITE_P(
    All, FlowOtherAnswer,
    testing::Values(OtherAnswer{"Completion", response(200, kCompletion), "", "not_streamed"},
                    OtherAnswer{"CompletionCalledEvents", response(200, kCompletion, kEventStream),
                                "", "not_streamed"},
                    OtherAnswer{"Error", response(200, R"({"error":{"message":"m"}})"),
                                "in_band_error", "in_band_error"},
                    OtherAnswer{"ErrorCalledEvents",
                                response(200, R"({"error":"m"})", kEventStream), "in_band_error",
                                "in_band_error"},
                    OtherAnswer{"ErrorOverLines",
                                response(200, "{\n\"error\":\n{\"code\": 1}\n}\n"), "in_band_error",
                                "in_band_error"},
                    OtherAnswer{"SomethingElse", response(200, R"({"status":"ok"})"),
                                "missing_content", "missing_content"},
                    OtherAnswer{"Html", response(200, "<html>\n<p>Sign in</p>\n", kHtml),
                                "wrong_content_type", "wrong_content_type"},
                    OtherAnswer{"HtmlCalledJson", response(200, "<html>"), "wrong_content_type",
                                "wrong_content_type"}),
    [](const auto& each) { return each.param.name; });

TEST(FlowAnswer, WhatBreaksAfterDoneIsNoBusinessOfTheAnswers) {
  const std::string whole = chunk(delta("a") + kFinishEvent + kDoneEvent);
  for (const Act& end : {reset(), finish(), pause(1h)}) {
    FlowWorld world;
    world.scripts = {{read_request(), write(stream_head() + whole), pause(2ms), end}};
    world.run(kStreamed);
    EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 1);
    EXPECT_DOUBLE_EQ(world.only("http_req_failed").value, 0);
    EXPECT_EQ(tag(world.only("http_reqs"), "status"), "200");
    EXPECT_EQ(tag(world.only("http_reqs"), "error_code"), "(none)");
  }
}

TEST(FlowAnswer, AnEventMayBeAsLongAsABody) {
  const std::string body =
      chunk(delta(std::string(1030 * 1024, 'x')) + kFinishEvent + kDoneEvent) + last_chunk();
  FlowWorld world;
  world.scripts = {{read_request(), write(stream_head() + body)}};
  world.run(kStreamed);
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 1);
  FlowWorld limited;
  limited.settings.client.response_bytes_max = 1024 * 1024;
  limited.scripts = {{read_request(), write(stream_head() + chunk(delta("a")) + body)}};
  limited.run(kStreamed);
  EXPECT_EQ(tag(limited.only("llm_streaming_errors"), "reason"), "malformed");
}

TEST(FlowAnswer, EventsOfAnyNameAreRead) {
  FlowWorld world;
  world.scripts = {
      {read_request(), write(stream_head() +
                             chunk("event: ping\ndata: x\n\nevent: completion.chunk\n" +
                                   delta("a") + "event: done\n" + kFinishEvent + kDoneEvent) +
                             last_chunk())}};
  world.run(kStreamed);
  EXPECT_DOUBLE_EQ(world.only("llm_streaming_success").value, 1);
  EXPECT_DOUBLE_EQ(world.only("llm_tokens_generated").value, 1);
}

}  // namespace
}  // namespace loader::test
