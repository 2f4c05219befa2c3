// What came of one chat request: what the answer says, how its bytes ended, and the verdict. One
// judge for streamed and for buffered answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/base/time.h"
#include "shared/protocol/answer.h"

namespace loader {

/// How the bytes of a response ended.
enum class BodyEnd {
  complete,   ///< As HTTP frames it.
  cut_short,  ///< The connection broke, or the bytes were not HTTP.
  timed_out,
};

/// Why an answer is not a success, the first that applies; also the tag `reason` of
/// llm_requests_error and llm_streaming_errors.
enum class AnswerFailure {
  none,
  status,           ///< Not 200, or no response at all, but for a time-out.
  in_band_error,    ///< An error object, or an `error` event, after status 200.
  abnormal_finish,  ///< A finish_reason that says that the gateway gave up: "error", "abort" ….
  timed_out,
  cut_short,
  wrong_content_type,  ///< Asked for as a stream: neither events nor JSON.
  malformed,        ///< Not JSON; an event that is no JSON object, or longer than responseBytesMax.
  missing_content,  ///< No text, no tool call, no refusal.
  // Of streams only, in which they are the sign that nothing is missing:
  missing_finish_reason,  ///< Of any choice that was begun.
  missing_done,
  not_streamed,  ///< A whole completion where a stream was asked for: good, but no stream.
};
/// "in_band_error" and so on; "none".
[[nodiscard]] std::string_view to_string(AnswerFailure failure);

/// Durations are left to the reader: instants come as they were given.
struct AnswerReport {
  bool is_stream = false;  ///< Events came; else it is one completion.
  lab::Answer answer;
  std::uint64_t malformed_parts = 0;   ///< Events; or the body.
  bool is_cut = false;                 ///< An event was not finished.
  std::optional<lab::TimePoint> done;  ///< When [DONE] came: the answer is whole then.
  AnswerFailure failure = AnswerFailure::none;

  // Streams only.
  std::optional<lab::TimePoint> first_event;
  std::optional<lab::TimePoint>
      first_token;  ///< Content or a tool call; the role chunk and reasoning are none.
  std::optional<lab::TimePoint> last_token;
  /// Between neighbouring tokens; zero for those that one read brought.
  std::vector<lab::Duration> inter_token_latencies;
  /// The longest wait after the first token: for another one, or for the end.
  lab::Duration stall_max{};

  [[nodiscard]] bool is_done() const { return done.has_value(); }
  [[nodiscard]] bool is_success() const { return failure == AnswerFailure::none; }
  /// From `usage` if it had a count that can be, else, of a stream, counted.
  [[nodiscard]] std::optional<std::int64_t> tokens() const;
  [[nodiscard]] bool has_token_mismatch() const { return answer.has_token_mismatch(is_stream); }
};

/// The verdict over everything else that the report holds.
[[nodiscard]] AnswerFailure judge(const AnswerReport& report, unsigned status, BodyEnd end);

/// Of a buffered body; `completion` is what it says, null if that is nothing or was not asked: of a
/// body that did not come whole it would be half of something.
[[nodiscard]] AnswerReport report_completion(const lab::ChatChunk* completion, unsigned status,
                                             BodyEnd end);

}  // namespace loader
