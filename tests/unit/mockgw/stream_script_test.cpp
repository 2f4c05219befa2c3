#include "mockgw/chat/stream_script.h"

#include <gtest/gtest.h>

namespace mockgw {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using StepKind = StreamStepKind;

Completion words(std::initializer_list<const char*> tokens) {
  Completion completion;
  for (const char* token : tokens) completion.add_token(token);
  return completion;
}

// One choice of three tokens at 100, 110 and 120 ms.
ChatPlan three_tokens() {
  ChatPlan plan;
  plan.choices.push_back(words({"one", " two", " three"}));
  plan.schedule.head = milliseconds(100);
  plan.schedule.tokens = {milliseconds(100), milliseconds(110), milliseconds(120)};
  plan.schedule.end = milliseconds(120);
  return plan;
}

// The kinds of a script in one letter each, tokens by number.
std::string shape(const std::vector<StreamStep>& script) {
  std::string text;
  for (const StreamStep& step : script) {
    switch (step.kind) {
      case StepKind::head:
        text += 'H';
        break;
      case StepKind::role:
        text += 'R';
        break;
      case StepKind::role_and_tool_call:
        text += 'B';
        break;
      case StepKind::tool_call:
        text += 'T';
        break;
      case StepKind::content:
        text += static_cast<char>('1' + step.token);
        break;
      case StepKind::finish:
        text += 'F';
        break;
      case StepKind::usage:
        text += 'U';
        break;
      case StepKind::done:
        text += 'D';
        break;
      case StepKind::error:
        text += 'E';
        break;
      case StepKind::malformed:
        text += 'M';
        break;
      case StepKind::trailer:
        text += 'T';
        break;
      case StepKind::comment:
        text += ':';
        break;
      case StepKind::end:
        text += '.';
        break;
      case StepKind::close:
        text += '/';
        break;
      case StepKind::reset:
        text += '!';
        break;
    }
  }
  return text;
}

std::vector<StreamStep> script_with(const Fault& fault, const StreamingBehaviour& behaviour = {},
                                    bool include_usage = true) {
  const FaultRule rule{.name = "rule", .match = {}, .active = {}, .fault = fault};
  FaultPlan faults;
  faults.add(rule);
  return script_stream(three_tokens(), behaviour, include_usage, faults, {});
}

Fault fault_of(FaultKind kind, std::uint64_t after_tokens = 1) {
  Fault fault;
  fault.kind = kind;
  fault.after_tokens = after_tokens;
  return fault;
}

TEST(StreamScript, AWholeStreamInOrderAndOnTime) {
  const auto script = script_stream(three_tokens(), {}, true, {}, {});
  EXPECT_EQ(shape(script), "HR123FUD.");
  EXPECT_EQ(script[0].due, milliseconds(100));
  EXPECT_EQ(script[3].due, milliseconds(110));
  EXPECT_EQ(script.back().due, milliseconds(120));
}

TEST(StreamScript, UsageIsSentWhenAskedForOrWhenTheProfileDoes) {
  StreamingBehaviour behaviour;
  EXPECT_EQ(shape(script_stream(three_tokens(), behaviour, false, {}, {})), "HR123FD.");
  behaviour.usage = StreamingBehaviour::Usage::last_chunk;
  EXPECT_EQ(shape(script_stream(three_tokens(), behaviour, false, {}, {})), "HR123FUD.");
  behaviour.usage = StreamingBehaviour::Usage::never;
  EXPECT_EQ(shape(script_stream(three_tokens(), behaviour, true, {}, {})), "HR123FD.");
}

TEST(StreamScript, ChoicesRunSideBySideAndEachFinishes) {
  ChatPlan plan = three_tokens();
  plan.choices.push_back(words({"short"}));
  const auto script = script_stream(plan, {}, false, {}, {});
  EXPECT_EQ(shape(script), "HRR11F23FD.");
  EXPECT_EQ(script[4].choice, 1u);
  EXPECT_EQ(script[5].choice, 1u);
}

TEST(StreamScript, ACallIsNamedBeforeItsArguments) {
  ChatPlan plan = three_tokens();
  plan.choices[0].clear();
  plan.choices[0].begin_tool_call("call_1", "f");
  plan.choices[0].add_text("{}", 100);
  plan.choices[0].begin_tool_call("call_2", "g");
  plan.choices[0].add_token("{}");
  const auto script = script_stream(plan, {}, false, {}, {});
  EXPECT_EQ(shape(script), "HRT12T3FD.");
  EXPECT_EQ(script[5].token, 2u);
  EXPECT_EQ(script[5].due, milliseconds(120));
}

TEST(StreamScript, AFirstCallMayBeNamedWithTheRole) {
  ChatPlan plan = three_tokens();
  plan.choices[0].clear();
  plan.choices[0].begin_tool_call("call_1", "f");
  plan.choices[0].add_text("{}", 100);
  plan.choices[0].begin_tool_call("call_2", "g");
  plan.choices[0].add_token("{}");
  EXPECT_EQ(shape(script_stream(plan, {.tool_call_with_role = true}, false, {}, {})), "HB12T3FD.");
  const auto texts = script_stream(three_tokens(), {.tool_call_with_role = true}, false, {}, {});
  EXPECT_EQ(shape(texts), "HR123FD.");
  // Without a chunk for the role there is none to come with.
  EXPECT_EQ(
      shape(script_stream(plan, {.role_chunk = false, .tool_call_with_role = true}, false, {}, {})),
      "HT12T3FD.");
}

TEST(StreamScript, AChoiceWithoutTokensFinishesAtTheEnd) {
  ChatPlan plan;
  plan.choices.emplace_back();
  plan.schedule.head = plan.schedule.end = milliseconds(100);
  EXPECT_EQ(shape(script_stream(plan, {}, true, {}, {})), "HRFUD.");
}

TEST(StreamScript, AProfileMayLeaveOutTheRoleChunk) {
  StreamingBehaviour behaviour;
  behaviour.role_chunk = false;
  EXPECT_EQ(shape(script_stream(three_tokens(), behaviour, false, {}, {})), "H123FD.");
}

TEST(StreamScript, KeepAliveCommentsFillSilence) {
  ChatPlan plan = three_tokens();
  plan.schedule.tokens[2] = plan.schedule.end = milliseconds(145);
  StreamingBehaviour behaviour;
  behaviour.keepalive = milliseconds(10);
  const auto script = script_stream(plan, behaviour, false, {}, {});
  EXPECT_EQ(shape(script), "HR12:::3FD.");
  EXPECT_EQ(script[6].due, milliseconds(140));
}

struct FaultCase {
  const char* name;
  Fault fault;
  const char* shape;
};

class StreamFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(StreamFaults, ShapeTheScript) {
  EXPECT_EQ(shape(script_with(GetParam().fault)), GetParam().shape);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StreamFaults,
    testing::Values(FaultCase{"abort", fault_of(FaultKind::abort_before_headers), "!"},
                    FaultCase{"reset", fault_of(FaultKind::reset_mid_stream, 2), "HR12!"},
                    FaultCase{"reset_at_once", fault_of(FaultKind::reset_mid_stream, 0), "HR!"},
                    FaultCase{"reset_late", fault_of(FaultKind::reset_mid_stream, 9), "HR123!"},
                    FaultCase{"error", fault_of(FaultKind::stream_error_event, 1), "HR1E."},
                    FaultCase{"truncate", fault_of(FaultKind::truncate_no_done, 1), "HR1."},
                    FaultCase{"malformed", fault_of(FaultKind::malformed_chunk, 1), "HR1M23FUD."},
                    FaultCase{"duplicate", fault_of(FaultKind::duplicate_chunk, 2), "HR1223FUD."},
                    FaultCase{"usage", fault_of(FaultKind::missing_usage), "HR123FD."},
                    FaultCase{"stall", fault_of(FaultKind::stall, 1), "HR123FUD."},
                    FaultCase{"no_finish", fault_of(FaultKind::missing_finish_reason), "HR123UD."},
                    FaultCase{"framing", fault_of(FaultKind::crlf_framing), "HR123FUD."}),
    [](const auto& tested) { return tested.param.name; });

TEST(StreamScript, AStallMovesAllThatFollowsIt) {
  Fault fault = fault_of(FaultKind::stall, 2);
  fault.duration = seconds(5);
  const auto script = script_with(fault);
  EXPECT_EQ(script[3].due, milliseconds(110));
  EXPECT_EQ(script[4].due, milliseconds(5120));
  EXPECT_EQ(script.back().due, milliseconds(5120));
}

TEST(StreamScript, AnErrorIsFollowedByDoneWhereTheProfileDoesThat) {
  StreamingBehaviour behaviour;
  behaviour.done_after_error = true;
  EXPECT_EQ(shape(script_with(fault_of(FaultKind::stream_error_event, 2), behaviour)), "HR12ED.");
}

TEST(StreamScript, KeepaliveOnlyNeverSaysAnything) {
  Fault fault = fault_of(FaultKind::keepalive_only);
  fault.duration = seconds(3);
  const auto script = script_with(fault);
  EXPECT_EQ(shape(script), "H:::.");
  EXPECT_EQ(script.back().due, milliseconds(3100));
}

TEST(StreamScript, AHeadHeldBackMakesABurst) {
  ChatPlan plan = three_tokens();
  plan.head_held_until = milliseconds(115);
  const FaultRule rule{
      .name = "slow", .match = {}, .active = {}, .fault = fault_of(FaultKind::slow_headers)};
  FaultPlan faults;
  faults.add(rule);
  const auto script = script_stream(plan, {}, false, faults, {});
  EXPECT_EQ(script[0].due, milliseconds(115));
  EXPECT_EQ(script[3].due, milliseconds(115));
  EXPECT_EQ(script[4].due, milliseconds(120));
}

TEST(StreamScript, ATrailerFollowsDoneOfGoodAndOfFailedStreams) {
  StreamingBehaviour behaviour{.done_after_error = true, .trailer_event = "execution_output"};
  EXPECT_EQ(shape(script_stream(three_tokens(), behaviour, false, {}, {})), "HR123FDT.");
  EXPECT_EQ(shape(script_with(fault_of(FaultKind::stream_error_event, 2), behaviour)), "HR12EDT.");
  EXPECT_EQ(shape(script_with(fault_of(FaultKind::truncate_no_done, 2), behaviour)), "HR12.");
}

TEST(StreamScript, AFailedStreamIsClosedOrResetWhereTheProfileSaysSo) {
  using MidStreamError = StreamingBehaviour::MidStreamError;
  const Fault fault = fault_of(FaultKind::stream_error_event, 2);
  EXPECT_EQ(shape(script_with(fault, {.mid_stream_error = MidStreamError::close})), "HR12/");
  EXPECT_EQ(shape(script_with(fault, {.mid_stream_error = MidStreamError::reset})), "HR12!");
}

TEST(StreamScript, AnUpstreamGivenUpKeepsWhatWasInTime) {
  const auto whole = script_stream(three_tokens(), {}, false, {}, {});
  const UpstreamTimes times = upstream_times(whole);
  EXPECT_EQ(times.first_token, milliseconds(100));
  EXPECT_EQ(times.end, milliseconds(120));
  const auto cut = script_given_up({}, milliseconds(110), whole);
  EXPECT_EQ(shape(cut), "HR12E.");
  EXPECT_EQ(cut.back().due, milliseconds(110));
  EXPECT_TRUE(script_given_up({}, milliseconds(99), whole).empty());
  // Comments are the gateway's: an answer of nothing else never has its first token.
  Fault silence = fault_of(FaultKind::keepalive_only);
  silence.duration = std::chrono::seconds(9);
  EXPECT_EQ(upstream_times(script_with(silence)).first_token, milliseconds(9'100));
}

TEST(StreamScript, SilenceBeginsWithTheUpstreamsLastSign) {
  const ChatPlan plan = three_tokens();  // At 100, 110 and 120 ms.
  StreamingBehaviour behaviour;
  behaviour.keepalive = milliseconds(20);  // The gateway's own, no sign of the upstream.
  const auto script = script_stream(plan, behaviour, false, {}, {});
  EXPECT_EQ(silent_since(script, milliseconds(0), milliseconds(100)), std::nullopt);
  EXPECT_EQ(silent_since(script, milliseconds(0), milliseconds(99)), milliseconds(0));
  EXPECT_EQ(silent_since(script, milliseconds(5), milliseconds(95)), std::nullopt);
  EXPECT_EQ(silent_since(script, milliseconds(95), milliseconds(9)), milliseconds(100));
}

TEST(StreamScript, AFailureBeforeTheFirstTokenIsToldInBand) {
  StreamingBehaviour behaviour;
  behaviour.done_after_error = true;
  const auto script = script_failed_stream(behaviour, milliseconds(7), {});
  EXPECT_EQ(shape(script), "HED.");
  EXPECT_EQ(script[0].due, milliseconds(7));
}

}  // namespace
}  // namespace mockgw
