#include "loader/flow/llm_result.h"

#include <utility>

#include "loader/http/event_stream.h"

namespace loader {
namespace {

using lab::Duration;

// What comes after [DONE], or keeps the connection open, is not the answer's.
lab::TimePoint end_of(const HttpOutcome& outcome, const AnswerReport& report) {
  return report.done.value_or(outcome.finished);
}

void set_tokens(LlmResult& result, const HttpOutcome& outcome, const AnswerReport& report) {
  result.tokens = report.tokens();
  result.token_source = token_source(report);
  const double seconds = lab::to_seconds(end_of(outcome, report) - outcome.send_started);
  if (result.tokens && seconds > 0) {
    result.tokens_per_second = static_cast<double>(*result.tokens) / seconds;
  }
}

bool keeps(const std::optional<Duration>& objective, const std::optional<Duration>& measured) {
  return !objective || (measured && *measured <= *objective);
}

bool is_good(const LlmResult& result, const Objectives& objectives) {
  return result.is_success && keeps(objectives.time_to_first_token, result.time_to_first_token) &&
         keeps(objectives.time_per_output_token, result.time_per_output_token) &&
         keeps(objectives.duration, result.response_time);
}

// (last - first) / (tokens - 1), as vLLM's benchmark has it. None if there is no second token.
std::optional<Duration> time_per_output_token(const AnswerReport& report) {
  if (!report.first_token) return std::nullopt;
  const auto pieces = static_cast<std::int64_t>(report.inter_token_latencies.size()) + 1;
  const std::int64_t tokens = report.answer.believed_visible_tokens().value_or(pieces);
  if (tokens < 2) return std::nullopt;
  return (*report.last_token - *report.first_token) / (tokens - 1);
}

void set_stream_times(LlmResult& result, const HttpOutcome& outcome, const AnswerReport& report) {
  if (report.first_event) result.time_to_first_event = *report.first_event - outcome.send_started;
  if (!report.first_token) return;
  result.time_to_first_token = *report.first_token - outcome.send_started;
  result.stall_max = report.stall_max;
  result.time_per_output_token = time_per_output_token(report);
}

// The verdict is one; the counters say all that was missing of a stream that had begun.
void count_failures(LlmResult& result, const HttpOutcome& outcome, const AnswerReport& report) {
  const bool had_begun = outcome.head_status != 0 && report.failure != AnswerFailure::status;
  if (!had_begun) return;
  result.has_in_band_error = report.answer.error().has_value();
  if (!report.is_stream) return;
  result.is_cut_short =
      report.failure == AnswerFailure::cut_short || report.failure == AnswerFailure::timed_out;
  result.misses_done = !report.is_done();
  result.misses_content = !report.answer.says_something();
  result.misses_finish_reason = !report.answer.has_finish_reason();
}

AnswerReport report_buffered(const HttpOutcome& outcome, JsonBody& body) {
  lab::ChatChunkReader reader;
  std::optional<lab::ChatChunk> completion;
  const bool is_asked = outcome.head_status == 200 && outcome.body_end == BodyEnd::complete;
  if (is_asked && body.is_json_read_by(reader) && reader.is_object()) completion = reader.take();
  return report_completion(completion ? &*completion : nullptr, outcome.head_status,
                           outcome.body_end);
}

}  // namespace

std::string_view to_string(TokenSource source) {
  return source == TokenSource::usage ? "usage" : "counted";
}

TokenSource token_source(const AnswerReport& report) {
  return report.answer.believed_tokens() ? TokenSource::usage : TokenSource::counted;
}

AnswerReport report_answer(const HttpOutcome& outcome, StreamMeter* meter, JsonBody& body) {
  const unsigned status = outcome.head_status;
  if (meter == nullptr) return report_buffered(outcome, body);
  const bool is_stream = meter->has_event();
  AnswerReport report = meter->finish(status, outcome.body_end, outcome.finished);
  // A body without a single event may be a completion, or an error, that was not streamed.
  if (is_stream || outcome.body.empty()) return report;
  AnswerReport whole = report_buffered(outcome, body);
  if (whole.failure != AnswerFailure::malformed) return whole;
  if (is_event_stream(outcome.headers)) return report;
  whole.failure = AnswerFailure::wrong_content_type;
  return whole;
}

LlmResult assess_answer(const HttpOutcome& outcome, AnswerReport report, bool is_stream,
                        const Objectives& objectives) {
  LlmResult result;
  result.response_time = end_of(outcome, report) - outcome.started;
  if (outcome.has_response()) result.time_to_first_response = outcome.timings.waiting;
  result.is_stream = is_stream;
  result.is_success = report.is_success();
  result.failure = result.stream_failure = report.failure;
  if (result.is_success && is_stream && !report.is_stream) {
    result.stream_failure = AnswerFailure::not_streamed;
  }
  if (result.is_success) set_tokens(result, outcome, report);
  if (report.failure != AnswerFailure::status) {
    result.has_token_mismatch = report.has_token_mismatch();
  }
  if (is_stream) {
    set_stream_times(result, outcome, report);
    count_failures(result, outcome, report);
  }
  result.is_good = is_good(result, objectives);
  result.inter_token_latencies = std::move(report.inter_token_latencies);
  return result;
}

}  // namespace loader
