#include "loader/flow/llm_result.h"

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

void judge_objectives(LlmResult& result, const HttpOutcome& outcome, const Objectives& objectives) {
  result.is_good = result.is_success &&
                   keeps(objectives.time_to_first_token, result.time_to_first_token) &&
                   keeps(objectives.time_per_output_token, result.time_per_output_token) &&
                   keeps(objectives.duration, outcome.timings.duration());
}

// The verdict is one; the counters say all that was missing of a stream that had begun.
void count_failures(LlmResult& result, const StreamReport& report) {
  if (report.failure == StreamFailure::status) return;
  result.has_in_band_error = report.in_band_error.has_value();
  result.is_cut_short =
      report.failure == StreamFailure::cut_short || report.failure == StreamFailure::timed_out;
  result.misses_done = !report.is_done;
  result.misses_content = !report.first_token;
  result.misses_finish_reason = !report.has_finish_reason;
  result.has_token_mismatch = report.has_token_mismatch();
}

}  // namespace

LlmResult assess_completion(const HttpOutcome& outcome, JsonBody& body,
                            const Objectives& objectives) {
  LlmResult result = begin_result(outcome);
  result.is_success = outcome.status == 200 && body.holds("/choices/0", {});
  if (result.is_success) {
    const auto tokens = body.integer_at("/usage/completion_tokens");
    if (tokens) set_tokens(result, outcome, *tokens);
  }
  judge_objectives(result, outcome, objectives);
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
  count_failures(result, report);
  judge_objectives(result, outcome, objectives);
  result.inter_token_latencies = std::move(report.inter_token_latencies);
  return result;
}

}  // namespace loader
