// What one chat request came to in the terms of LLM metrics; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "loader/flow/flow.h"
#include "loader/flow/json_body.h"
#include "loader/http/http_client.h"
#include "loader/http/stream_meter.h"
#include "shared/base/time.h"

namespace loader {

/// Where an answer's number of tokens comes from; the tag `token_source`.
enum class TokenSource { usage, counted };
/// "usage", "counted".
[[nodiscard]] std::string_view to_string(TokenSource source);

/// Where the tokens are from that the report has.
[[nodiscard]] TokenSource token_source(const AnswerReport& report);

struct LlmResult {
  /// Asked for as a stream, be it answered as one or not.
  bool is_stream = false;
  bool is_success = false;
  AnswerFailure failure = AnswerFailure::none;
  /// The same of the stream that was asked for: a whole completion is a success and no stream.
  AnswerFailure stream_failure = AnswerFailure::none;
  bool is_good = false;  ///< A success that kept the step's objectives.
  /// As the caller waited: connecting, earlier attempts and the waits between them included; until
  /// [DONE], where it came.
  lab::Duration response_time{};
  std::optional<lab::Duration>
      time_to_first_response;  ///< k6's `waiting`; none without a response.
  /// Completion tokens of a success, from `usage`, else (streams) counted.
  std::optional<std::int64_t> tokens;
  TokenSource token_source = TokenSource::usage;
  bool has_token_mismatch = false;
  /// Tokens by the time from sending to the last byte, or to [DONE]: buffering a stream cannot
  /// embellish it.
  std::optional<double> tokens_per_second;

  // Streams only. Times to something count from when the request began to go out.
  std::optional<lab::Duration> time_to_first_event;
  std::optional<lab::Duration> time_to_first_token;
  /// The time from the first token to the last by the tokens after the first, however many of them
  /// a chunk brings.
  std::optional<lab::Duration> time_per_output_token;
  std::optional<lab::Duration> stall_max;
  std::vector<lab::Duration> inter_token_latencies;
  bool has_in_band_error = false;
  bool is_cut_short = false;
  bool misses_done = false;
  bool misses_content = false;
  bool misses_finish_reason = false;
};

/// `meter` has read the body if a stream was asked for; else null. An answer that turns out to be
/// no stream is judged as what it is. `body` is the outcome's, not yet read.
[[nodiscard]] AnswerReport report_answer(const HttpOutcome& outcome, StreamMeter* meter,
                                         JsonBody& body);

/// `outcome` is the last attempt's, but for `started`: that is the first one's.
[[nodiscard]] LlmResult assess_answer(const HttpOutcome& outcome, AnswerReport report,
                                      bool is_stream, const Objectives& objectives);

}  // namespace loader
