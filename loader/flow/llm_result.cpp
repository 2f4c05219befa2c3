#include "loader/flow/llm_result.h"

#include <algorithm>
#include <array>
#include <utility>

namespace loader {
namespace {

using lab::Duration;

LlmResult begin_result(const HttpOutcome& outcome) {
  LlmResult result;
  result.response_time = outcome.finished - outcome.started;
  if (outcome.has_response()) result.time_to_first_response = outcome.timings.waiting;
  return result;
}

void set_tokens(LlmResult& result, const HttpOutcome& outcome, std::int64_t tokens) {
  result.tokens = tokens;
  const double seconds = lab::to_seconds(outcome.finished - outcome.send_started);
  if (seconds > 0) result.tokens_per_second = static_cast<double>(tokens) / seconds;
}

bool keeps(const std::optional<Duration>& objective, const std::optional<Duration>& measured) {
  return !objective || (measured && *measured <= *objective);
}

void judge_objectives(LlmResult& result, const Objectives& objectives) {
  result.is_good = result.is_success &&
                   keeps(objectives.time_to_first_token, result.time_to_first_token) &&
                   keeps(objectives.time_per_output_token, result.time_per_output_token) &&
                   keeps(objectives.duration, result.response_time);
}

// The verdict is one; the counters say all that was missing of a stream that had begun.
void count_failures(LlmResult& result, const StreamReport& report) {
  if (report.failure == AnswerFailure::status) return;
  result.has_in_band_error = report.in_band_error.has_value();
  result.is_cut_short =
      report.failure == AnswerFailure::cut_short || report.failure == AnswerFailure::timed_out;
  result.misses_done = !report.is_done;
  result.misses_content = !report.first_token;
  result.misses_finish_reason = !report.has_finish_reason;
  result.has_token_mismatch = report.has_token_mismatch();
}

constexpr std::string_view kError = "/error";
constexpr std::string_view kTokens = "/usage/completion_tokens";
constexpr auto kSayings = std::to_array<std::string_view>(
    {"/choices/0/message/content", "/choices/0/message/tool_calls",
     "/choices/0/message/function_call", "/choices/0/message/refusal"});

// Tokens that were spent on reasoning alone leave an answer with a finish_reason and nothing to
// read: for whoever asked it is none.
bool says_something(JsonBody& body) {
  return std::ranges::any_of(kSayings, [&body](std::string_view what) { return body.has(what); });
}

void read_usage(LlmResult& result, const HttpOutcome& outcome, JsonBody& body) {
  const JsonFinding* const tokens = body.find(kTokens);
  if (tokens == nullptr) return;
  if (tokens->integer && is_plausible_token_count(*tokens->integer)) {
    set_tokens(result, outcome, *tokens->integer);
  } else {
    result.has_token_mismatch = !tokens->is_empty;
  }
}

}  // namespace

std::string_view to_string(TokenSource source) {
  return source == TokenSource::usage ? "usage" : "counted";
}

void ask_for_completion(JsonPointers& asked) {
  asked.add(kError, false);
  asked.add(kTokens, false);
  for (const std::string_view what : kSayings) asked.add(what, false);
}

AnswerFailure judge_completion(const HttpOutcome& outcome, JsonBody& body) {
  if (outcome.head_status != 200) return AnswerFailure::status;
  if (outcome.body_end == BodyEnd::timed_out) return AnswerFailure::timed_out;
  if (outcome.body_end == BodyEnd::cut_short) return AnswerFailure::cut_short;
  if (!body.is_json()) return AnswerFailure::malformed;
  if (body.has(kError)) return AnswerFailure::in_band_error;
  return says_something(body) ? AnswerFailure::none : AnswerFailure::missing_content;
}

LlmResult assess_completion(const HttpOutcome& outcome, JsonBody& body,
                            const Objectives& objectives) {
  LlmResult result = begin_result(outcome);
  result.failure = judge_completion(outcome, body);
  result.is_success = result.failure == AnswerFailure::none;
  if (result.is_success) read_usage(result, outcome, body);
  judge_objectives(result, objectives);
  return result;
}

LlmResult assess_stream(const HttpOutcome& outcome, StreamReport report,
                        const Objectives& objectives) {
  LlmResult result = begin_result(outcome);
  result.is_stream = true;
  result.is_success = report.is_success();
  result.failure = report.failure;
  if (report.first_event) result.time_to_first_event = *report.first_event - outcome.send_started;
  if (report.first_token) {
    result.time_to_first_token = *report.first_token - outcome.send_started;
    result.stall_max = report.stall_max;
  }
  if (!report.inter_token_latencies.empty()) {
    const auto intervals = static_cast<std::int64_t>(report.inter_token_latencies.size());
    result.time_per_output_token = (*report.last_token - *report.first_token) / intervals;
  }
  if (result.is_success) set_tokens(result, outcome, report.tokens());
  result.token_source = report.has_plausible_usage() ? TokenSource::usage : TokenSource::counted;
  count_failures(result, report);
  judge_objectives(result, objectives);
  result.inter_token_latencies = std::move(report.inter_token_latencies);
  return result;
}

}  // namespace loader
