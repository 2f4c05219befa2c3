// What one chat request came to in the terms of LLM metrics; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "loader/flow/check.h"
#include "loader/flow/flow.h"
#include "loader/http/http_client.h"
#include "loader/http/stream_meter.h"
#include "shared/base/time.h"

namespace loader {

/// Where an answer's number of tokens comes from; the tag `token_source`.
enum class TokenSource { usage, counted };
/// "usage", "counted".
[[nodiscard]] std::string_view to_string(TokenSource source);

struct LlmResult {
  bool is_stream = false;
  /// Buffered: status 200 and a first choice that says something. Streamed: what StreamReport says.
  bool is_success = false;
  AnswerFailure failure = AnswerFailure::none;
  bool is_good = false;  ///< A success that kept the step's objectives.
  /// As the caller waited: connecting, earlier attempts and the waits between them included.
  lab::Duration response_time{};
  std::optional<lab::Duration>
      time_to_first_response;  ///< k6's `waiting`; none without a response.
  /// Completion tokens of a success, from `usage`, else (streams) counted.
  std::optional<std::int64_t> tokens;
  TokenSource token_source = TokenSource::usage;
  bool has_token_mismatch = false;
  /// Tokens by the time from sending to the last byte: buffering a stream cannot embellish it.
  std::optional<double> tokens_per_second;

  // Streams only. Times to something count from when the request began to go out.
  std::optional<lab::Duration> time_to_first_event;
  std::optional<lab::Duration> time_to_first_token;
  std::optional<lab::Duration> time_per_output_token;  ///< After the first one.
  std::optional<lab::Duration> stall_max;
  std::vector<lab::Duration> inter_token_latencies;
  bool has_in_band_error = false;
  bool is_cut_short = false;
  bool misses_done = false;
  bool misses_content = false;
  bool misses_finish_reason = false;
};

/// Adds what the functions below ask of a body.
void ask_for_completion(JsonPointers& asked);

/// Whether a buffered answer is a success.
[[nodiscard]] AnswerFailure judge_completion(const HttpOutcome& outcome, JsonBody& body);

/// `outcome` is the last attempt's, but for `started`: that is the first one's.
[[nodiscard]] LlmResult assess_completion(const HttpOutcome& outcome, JsonBody& body,
                                          const Objectives& objectives);
[[nodiscard]] LlmResult assess_stream(const HttpOutcome& outcome, StreamReport report,
                                      const Objectives& objectives);

}  // namespace loader
