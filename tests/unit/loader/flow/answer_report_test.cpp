// The same message, streamed and buffered, comes to the same verdict and the same tokens.
#include "loader/http/answer_report.h"

#include <gtest/gtest.h>

#include "loader/flow/llm_result.h"
#include "loader/http/stream_meter.h"

namespace loader {
namespace {

// One choice of an answer: its message (which is the delta of a stream), finish_reason, and what
// else the root holds, as JSON.
struct Message {
  const char* name;
  std::string message;
  std::string finish = R"("stop")";
  std::string rest = "";
  AnswerFailure failure = AnswerFailure::none;
  std::optional<std::int64_t> believed = std::nullopt;
  bool has_mismatch = false;
};

AnswerReport reported(std::string_view body, unsigned status, BodyEnd end) {
  HttpOutcome outcome;
  outcome.body = body;
  outcome.head_status = status;
  outcome.body_end = end;
  JsonPointers asked;
  asked.add("/choices/0", false);
  JsonBody json(asked, outcome.body);
  return report_answer(outcome, nullptr, json);
}

AnswerReport buffered(const Message& each) {
  const std::string body = R"({"choices":[{"index":0,"message":)" + each.message +
                           R"(,"finish_reason":)" + each.finish + "}]" + each.rest + "}";
  return reported(body, 200, BodyEnd::complete);
}

AnswerReport streamed(const Message& each) {
  StreamMeter meter;
  const std::string chunk = R"(data: {"choices":[{"index":0,"delta":)" + each.message +
                            R"(,"finish_reason":)" + each.finish + "}]" + each.rest + "}\n\n";
  meter.push(chunk + "data: [DONE]\n\n", lab::TimePoint());
  return meter.finish(200, BodyEnd::complete, lab::TimePoint());
}

const std::string kHi = R"({"role":"assistant","content":"Hi"})";

std::string usage(std::string_view completion_tokens) {
  return R"(,"usage":{"prompt_tokens":3,"completion_tokens":)" + std::string(completion_tokens) +
         "}";
}

using F = AnswerFailure;

std::vector<Message> of_content() {
  return {
      {"content", kHi},
      {"content in parts", R"({"content":[{"type":"text","text":"Hi"}]})"},
      {"content in strings", R"({"content":["Hi"]})"},
      {"parts without text", R"({"content":[{"type":"text","text":""}]})", R"("stop")", "",
       F::missing_content},
      {"a refusal", R"({"content":null,"refusal":"No."})"},
      {"a refusal that is empty", R"({"content":"Hi","refusal":""})"},
      {"a refusal as a part", R"({"content":[{"type":"refusal","refusal":"No."}]})"},
      {"tool calls", R"({"content":null,"tool_calls":[{"id":"c","function":{"name":"f"}}]})",
       R"("tool_calls")"},
      {"no tool calls", R"({"content":null,"tool_calls":[]})", R"("stop")", "", F::missing_content},
      {"a function call", R"({"content":null,"function_call":{"name":"f","arguments":"{}"}})",
       R"("function_call")"},
      {"no function call", R"({"content":null,"function_call":{}})", R"("stop")", "",
       F::missing_content},
      {"audio", R"({"content":null,"audio":{"id":"a","data":"AA=="}})"},
      {"reasoning alone", R"({"content":"","reasoning_content":"hm"})", R"("length")", "",
       F::missing_content},
      {"thinking parts alone",
       R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})", R"("stop")",
       "", F::missing_content},
      {"thinking and text",
       R"({"content":[{"type":"thinking","thinking":[{"text":"hm"}]},{"text":"Hi"}]})"},
      // Half a character is a character all the same.
      {"first half of a pair", R"({"content":"\ud83d"})"},
      {"second half of a pair", R"({"content":"\ude00"})"},
  };
}

std::vector<Message> of_ends_and_errors() {
  return {
      {"length", kHi, R"("length")"},
      {"content_filter", kHi, R"("content_filter")"},
      {"an upstream's own reason", kHi, R"("eos_token")"},
      {"end_turn", kHi, R"("end_turn")"},
      {"abort", kHi, R"("abort")", "", F::abnormal_finish},
      {"error", kHi, R"("error")", "", F::abnormal_finish},
      {"network_error", kHi, R"("network_error")", "", F::abnormal_finish},
      {"CANCELLED", kHi, R"("CANCELLED")", "", F::abnormal_finish},
      {"timeout", kHi, R"("timeout")", "", F::abnormal_finish},
      {"resource", kHi, R"("insufficient_system_resource")", "", F::abnormal_finish},
      {"abort of nothing", R"({"content":""})", R"("abort")", "", F::abnormal_finish},
      {"error object", kHi, R"("stop")", R"(,"error":{"message":"m"})", F::in_band_error},
      {"error text", kHi, R"("stop")", R"(,"error":"m")", F::in_band_error},
      {"error list", kHi, R"("stop")", R"(,"error":["m"])", F::in_band_error},
      {"error number", kHi, R"("stop")", R"(,"error":503)", F::in_band_error},
      {"error true", kHi, R"("stop")", R"(,"error":true)", F::in_band_error},
      {"error null", kHi, R"("stop")", R"(,"error":null)"},
      {"error empty", kHi, R"("stop")", R"(,"error":{})"},
      {"error empty text", kHi, R"("stop")", R"(,"error":"")"},
      {"error empty list", kHi, R"("stop")", R"(,"error":[])"},
      {"error false", kHi, R"("stop")", R"(,"error":false)"},
      {"object error", kHi, R"("stop")", R"(,"object":"error","message":"m")", F::in_band_error},
      {"error of a choice", R"({"content":""},"error":{"code":502})", R"("stop")", "",
       F::in_band_error},
      {"error before abort", kHi, R"("abort")", R"(,"error":{"message":"m"})", F::in_band_error},
  };
}

// One piece was counted.
std::vector<Message> of_tokens() {
  return {
      {"usage", kHi, R"("stop")", usage("1"), F::none, 1},
      {"usage as a real", kHi, R"("stop")", usage("1.0"), F::none, 1},
      {"usage null", kHi, R"("stop")", R"(,"usage":null)"},
      {"usage empty", kHi, R"("stop")", R"(,"usage":{})"},
      {"count null", kHi, R"("stop")", usage("null")},
      {"another vendor's names", kHi, R"("stop")",
       R"(,"usage":{"input_tokens":1,"output_tokens":12})"},
      {"count zero", kHi, R"("stop")", usage("0"), F::none, std::nullopt, true},
      {"count text", kHi, R"("stop")", usage(R"("1")"), F::none, std::nullopt, true},
      {"count fraction", kHi, R"("stop")", usage("1.5"), F::none, std::nullopt, true},
      {"count negative", kHi, R"("stop")", usage("-1"), F::none, std::nullopt, true},
      {"count too large", kHi, R"("stop")", usage("18446744073709551616"), F::none, std::nullopt,
       true},
      {"count beyond doubles", kHi, R"("stop")", usage("1e999"), F::none, std::nullopt, true},
      {"count list", kHi, R"("stop")", usage("[1]"), F::none, std::nullopt, true},
  };
}

TEST(AnswerReport, SaysTheSameOfAMessageStreamedAndBuffered) {
  std::vector<Message> all = of_content();
  for (const auto& more : {of_ends_and_errors(), of_tokens()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  for (const Message& each : all) {
    SCOPED_TRACE(each.name);
    const AnswerReport whole = buffered(each);
    const AnswerReport stream = streamed(each);
    EXPECT_EQ(to_string(whole.failure), to_string(each.failure));
    EXPECT_EQ(to_string(stream.failure), to_string(each.failure));
    EXPECT_EQ(whole.answer.believed_tokens(), each.believed);
    EXPECT_EQ(stream.answer.believed_tokens(), each.believed);
    EXPECT_EQ(whole.has_token_mismatch(), each.has_mismatch);
    EXPECT_EQ(stream.has_token_mismatch(), each.has_mismatch);
  }
}

TEST(AnswerReport, PromptTokensAreThoseOfTheLastUsageThatHasThem) {
  const auto tokens = [](const std::string& usages) {
    return buffered({"prompt tokens", kHi, R"("stop")", usages}).answer.believed_prompt_tokens();
  };
  EXPECT_EQ(tokens(R"(,"usage":{"prompt_tokens":9,"completion_tokens":1})"), 9);
  EXPECT_EQ(tokens(R"(,"usage":{"prompt_tokens":0})"), 0);
  for (const char* const none :
       {"", R"(,"usage":null)", R"(,"usage":{"completion_tokens":1})",
        R"(,"usage":{"prompt_tokens":-1})", R"(,"usage":{"prompt_tokens":100000001})"}) {
    EXPECT_EQ(tokens(none), std::nullopt) << none;
  }
}

TEST(AnswerReport, AStreamsTokensAreCountedWhereUsageIsNotBelieved) {
  const std::string head = R"(data: {"choices":[{"index":0,"delta":{"content":"x"},)";
  const std::string token = head + R"("finish_reason":null}]})" + "\n\n";
  const std::string last = head + R"("finish_reason":"stop"}]})" + "\n\n";
  for (const char* const usage :
       {"{}", "null", R"({"completion_tokens":0})", R"({"completion_tokens":null})",
        R"({"completion_tokens":"3"})", R"({"completion_tokens":99999999999999999999})",
        R"({"input_tokens":1,"output_tokens":12})"}) {
    StreamMeter meter;
    meter.push(
        token + token + last + R"(data: {"choices":[],"usage":)" + usage + "}\n\ndata: [DONE]\n\n",
        lab::TimePoint());
    const AnswerReport report = meter.finish(200, BodyEnd::complete, lab::TimePoint());
    EXPECT_TRUE(report.is_success()) << usage;
    EXPECT_EQ(report.tokens(), 3) << usage;
  }
}

TEST(AnswerReport, ALaterUsageWithoutACountDoesNotUndoAnEarlierOne) {
  StreamMeter meter;
  meter.push(
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],"
      "\"usage\":{\"completion_tokens\":7}}\n\ndata: {\"choices\":[],\"usage\":{}}\n\n"
      "data: [DONE]\n\n",
      lab::TimePoint());
  EXPECT_EQ(meter.finish(200, BodyEnd::complete, lab::TimePoint()).tokens(), 7);
}

TEST(AnswerReport, ReasoningAndToolCallsAreTokensToo) {
  StreamMeter meter;
  const auto chunk = [](std::string_view delta, std::string_view finish) {
    return R"(data: {"choices":[{"index":0,"delta":)" + std::string(delta) +
           R"(,"finish_reason":)" + std::string(finish) + "}]}\n\n";
  };
  meter.push(chunk(R"({"reasoning_content":"a"})", "null") +
                 chunk(R"({"reasoning_content":"b"})", "null") +
                 chunk(R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"f"}}]})", "null") +
                 chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]})", "null") +
                 chunk("{}", R"("tool_calls")") + "data: [DONE]\n\n",
             lab::TimePoint());
  const AnswerReport report = meter.finish(200, BodyEnd::complete, lab::TimePoint());
  EXPECT_TRUE(report.is_success());
  EXPECT_EQ(report.tokens(), 4);
}

TEST(AnswerReport, ABodyThatDidNotComeWholeSaysNothing) {
  const std::string body = R"({"choices":[{"message":{"content":"Hi"}}]})";
  EXPECT_EQ(reported(body, 200, BodyEnd::cut_short).failure, AnswerFailure::cut_short);
  EXPECT_EQ(reported(body, 200, BodyEnd::timed_out).failure, AnswerFailure::timed_out);
  EXPECT_EQ(reported(body, 503, BodyEnd::complete).failure, AnswerFailure::status);
  EXPECT_EQ(reported("<p>", 200, BodyEnd::complete).failure, AnswerFailure::malformed);
  EXPECT_EQ(reported("", 200, BodyEnd::complete).failure, AnswerFailure::malformed);
}

}  // namespace
}  // namespace loader
