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

}  // namespace
}  // namespace loader::test
