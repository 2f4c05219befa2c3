#include "loader/http/stream_meter.h"

#include <gtest/gtest.h>

#include "loader/flow/llm_result.h"
#include "shared/base/rng.h"

namespace loader {
namespace {

using namespace std::chrono_literals;
using lab::TimePoint;

TimePoint at(lab::Duration d) { return TimePoint(d); }

std::string chunk(std::string_view delta, std::string_view finish = "null", int index = 0) {
  return R"(data: {"id":"c","choices":[{"index":)" + std::to_string(index) + R"(,"delta":)" +
         std::string(delta) + R"(,"finish_reason":)" + std::string(finish) + "}]}\n\n";
}
std::string content(std::string_view text) {
  return chunk(R"({"content":")" + std::string(text) + "\"}");
}

const std::string kRole = chunk(R"({"role":"assistant","content":""})");
const std::string kStop = chunk("{}", "\"stop\"");
const std::string kUsage =
    R"(data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})"
    "\n\n";
const std::string kDone = "data: [DONE]\n\n";

AnswerReport report_of(std::initializer_list<std::string> pieces, unsigned status = 200,
                       BodyEnd end = BodyEnd::complete) {
  StreamMeter meter;
  for (const std::string& piece : pieces) meter.push(piece, at(1s));
  return meter.finish(status, end, at(2s));
}

TEST(StreamMeter, StampsEventsAndTokensWithTheInstantsOfTheirBytes) {
  StreamMeter meter;
  meter.push(kRole, at(100ms));
  meter.push(content("Hel"), at(250ms));
  meter.push(content("lo"), at(300ms));
  meter.push(content("!") + kStop, at(500ms));
  meter.push(kDone, at(510ms));
  const AnswerReport report = meter.finish(200, BodyEnd::complete, at(510ms));
  EXPECT_TRUE(report.is_success());
  EXPECT_EQ(report.first_event, at(100ms));
  // The role chunk is not the first token.
  EXPECT_EQ(report.first_token, at(250ms));
  EXPECT_EQ(report.last_token, at(500ms));
  EXPECT_EQ(report.inter_token_latencies, (std::vector<lab::Duration>{50ms, 200ms}));
  EXPECT_EQ(report.stall_max, 200ms);
  EXPECT_EQ(report.tokens(), 3);
}

TEST(StreamMeter, CountsTheWaitForTheEndAsAStall) {
  StreamMeter meter;
  meter.push(kRole + content("a") + content("b"), at(1s));
  const AnswerReport report = meter.finish(200, BodyEnd::timed_out, at(31s));
  EXPECT_EQ(report.stall_max, 30s);
  EXPECT_EQ(report.failure, AnswerFailure::timed_out);
}

TEST(StreamMeter, AConnectionHeldOpenAfterDoneIsNoStall) {
  StreamMeter meter;
  meter.push(kRole + content("a") + content("b") + kStop, at(1s));
  meter.push(kDone, at(3s));
  const AnswerReport report = meter.finish(200, BodyEnd::timed_out, at(31s));
  EXPECT_EQ(report.failure, AnswerFailure::none);
  EXPECT_EQ(report.stall_max, 2s);
  EXPECT_EQ(report.done, at(3s));

  HttpOutcome outcome;
  outcome.head_status = 200;
  outcome.finished = at(31s);
  const LlmResult result = assess_answer(outcome, report, true, {});
  EXPECT_EQ(result.response_time, 3s);
  EXPECT_NEAR(result.tokens_per_second.value_or(0), 2.0 / 3, 1e-9);
}

TEST(StreamMeter, SaysTheSameForAnySplitOfTheBytes) {
  const std::string whole = kRole + content("a") + content("b") + kStop + kUsage + kDone;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    StreamMeter meter;
    for (std::size_t i = 0; i < whole.size(); i += size) meter.push(whole.substr(i, size), at(1s));
    const AnswerReport report = meter.finish(200, BodyEnd::complete, at(1s));
    ASSERT_TRUE(report.is_success()) << size;
    ASSERT_EQ(report.answer.counted_tokens(), 2) << size;
    ASSERT_EQ(report.answer.believed_tokens(), 2) << size;
  }
}

TEST(StreamMeter, NamesEachFailure) {
  const std::string text = content("a");
  EXPECT_EQ(report_of({kRole, text, kStop, kDone}).failure, AnswerFailure::none);
  EXPECT_EQ(report_of({kRole, text, kStop, kDone}, 503).failure, AnswerFailure::status);
  EXPECT_EQ(report_of({}, 0, BodyEnd::cut_short).failure, AnswerFailure::status);
  EXPECT_EQ(report_of({kRole, text, kStop}).failure, AnswerFailure::missing_done);
  EXPECT_EQ(report_of({kRole, text, kDone}).failure, AnswerFailure::missing_finish_reason);
  EXPECT_EQ(report_of({kRole, kStop, kDone}).failure, AnswerFailure::missing_content);
  EXPECT_EQ(report_of({kDone}).failure, AnswerFailure::missing_content);
  EXPECT_EQ(report_of({kRole, text, "data: {oops\n\n", kStop, kDone}).failure,
            AnswerFailure::malformed);
  EXPECT_EQ(report_of({kRole, text}, 200, BodyEnd::cut_short).failure, AnswerFailure::cut_short);
  EXPECT_EQ(report_of({kRole, text, "data: {\"cho"}).failure, AnswerFailure::cut_short);
}

TEST(StreamMeter, AnErrorInsideTheStreamFailsIt) {
  const std::string error =
      "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n";
  const AnswerReport report = report_of({kRole, content("a"), error, kDone});
  EXPECT_EQ(report.failure, AnswerFailure::in_band_error);
  EXPECT_EQ(report.answer.error()->message, "overloaded");
  EXPECT_EQ(report_of({"event: error\ndata: broken\n\n", kDone}).answer.error()->message, "broken");
}

TEST(StreamMeter, WhatFollowsDoneDoesNotCount) {
  const AnswerReport report = report_of(
      {kRole, content("a"), kStop, kDone, content("b"), "event: execution_output\ndata: {}\n\n"},
      200, BodyEnd::cut_short);
  EXPECT_TRUE(report.is_success());
  EXPECT_EQ(report.answer.counted_tokens(), 1);
}

TEST(StreamMeter, CommentsAndOtherEventsAreNoEventsOfTheAnswer) {
  const AnswerReport report = report_of(
      {": keep-alive\n\n", "event: ping\ndata: x\n\n", kRole, content("a"), kStop, kDone});
  EXPECT_TRUE(report.is_success());
  EXPECT_EQ(report.malformed_parts, 0u);
}

TEST(StreamMeter, EveryChoiceNeedsItsFinishReason) {
  const std::string second = chunk(R"({"content":"b"})", "null", 1);
  EXPECT_EQ(report_of({content("a"), second, kStop, kDone}).failure,
            AnswerFailure::missing_finish_reason);
  EXPECT_TRUE(
      report_of({content("a"), second, kStop, chunk("{}", "\"stop\"", 1), kDone}).is_success());
}

TEST(StreamMeter, ToolCallsAreOutputToo) {
  const AnswerReport report = report_of(
      {chunk(R"({"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]})"),
       chunk("{}", "\"tool_calls\""), kDone});
  EXPECT_TRUE(report.is_success());
  EXPECT_EQ(report.answer.counted_tokens(), 1);
  EXPECT_FALSE(report.has_token_mismatch());
}

TEST(StreamMeter, PrefersUsageAndTellsWhenItDisagrees) {
  const AnswerReport agrees = report_of({content("a"), content("b"), kStop, kUsage, kDone});
  EXPECT_EQ(agrees.tokens(), 2);
  EXPECT_FALSE(agrees.has_token_mismatch());
  const AnswerReport disagrees = report_of({content("a"), kStop, kUsage, kDone});
  EXPECT_EQ(disagrees.tokens(), 2);
  EXPECT_EQ(disagrees.answer.counted_tokens(), 1);
  EXPECT_TRUE(disagrees.has_token_mismatch());
  EXPECT_FALSE(report_of({content("a"), kStop, kDone}).has_token_mismatch());
}

TEST(StreamMeter, ReasoningIsNeitherTheFirstTokenNorAMismatch) {
  StreamMeter meter;
  meter.push(chunk(R"({"reasoning_content":"hm"})"), at(1s));
  meter.push(content("a") + kStop + kUsage + kDone, at(3s));
  const AnswerReport report = meter.finish(200, BodyEnd::complete, at(3s));
  EXPECT_EQ(report.first_token, at(3s));
  EXPECT_FALSE(report.has_token_mismatch());
}

TEST(StreamMeter, AnEndlessEventFailsInsteadOfFillingTheMemory) {
  StreamMeter meter;
  const std::string block(64 * 1024, 'x');
  for (int i = 0; i < 64; ++i) meter.push(i == 0 ? "data: " + block : block, at(1s));
  EXPECT_EQ(meter.finish(200, BodyEnd::complete, at(1s)).failure, AnswerFailure::malformed);
}

TEST(StreamMeter, GarbageIsSurvived) {
  lab::Rng rng(99);
  StreamMeter meter;
  std::string bytes(1 << 16, '\0');
  for (char& c : bytes) c = "data: \n\r{}[]\"\xff:"[rng.below(16)];
  meter.push(bytes, at(1s));
  EXPECT_FALSE(meter.finish(200, BodyEnd::complete, at(1s)).is_success());
}

}  // namespace
}  // namespace loader
