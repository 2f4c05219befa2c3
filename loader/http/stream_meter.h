// Measures one streamed answer: fed with its bytes and the instants they were read, it says when
// which token came and whether the stream was whole. No I/O, no clock.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/time.h"
#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/error_envelope.h"
#include "shared/protocol/sse.h"
#include "shared/protocol/usage.h"

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
  status,         ///< Not 200, or no response at all.
  in_band_error,  ///< An error object, or an `error` event, after status 200.
  timed_out,
  cut_short,
  malformed,  ///< Not JSON; an event that is not a JSON object, or longer than the decoder's limit.
  missing_content,  ///< No text, no tool call, no refusal.
  // Of streams only:
  missing_finish_reason,  ///< Of any choice that was begun.
  missing_done,
};
/// "in_band_error" and so on; "none".
[[nodiscard]] std::string_view to_string(AnswerFailure failure);

/// A count of tokens that one answer can have; anything else is a gateway's mistake.
[[nodiscard]] constexpr bool is_plausible_token_count(std::int64_t tokens) {
  constexpr std::int64_t kTokensMax = 100'000'000;
  return tokens >= 0 && tokens <= kTokensMax;
}

/// What a stream was. Durations are left to the reader: instants come as they were given.
struct StreamReport {
  std::optional<lab::TimePoint> first_event;
  std::optional<lab::TimePoint>
      first_token;  ///< Content or a tool call; the role chunk and reasoning are none.
  std::optional<lab::TimePoint> last_token;
  /// Between neighbouring tokens; zero for those that one read brought.
  std::vector<lab::Duration> inter_token_latencies;
  /// The longest wait after the first token: for another one, or for the end.
  lab::Duration stall_max{};

  std::int64_t counted_tokens = 0;    ///< Content chunks: one token each, as gateways send them.
  bool has_uncounted_output = false;  ///< Reasoning or tool calls, whose chunks are not tokens.
  std::optional<lab::Usage> usage;
  bool has_finish_reason = false;
  bool is_done = false;  ///< [DONE] came.
  std::optional<lab::ErrorInfo> in_band_error;
  std::uint64_t malformed_events = 0;
  bool is_cut = false;  ///< An event was not finished.
  AnswerFailure failure = AnswerFailure::none;

  [[nodiscard]] bool is_success() const { return failure == AnswerFailure::none; }
  [[nodiscard]] bool has_plausible_usage() const;
  /// From `usage` if the stream had a plausible one, else counted.
  [[nodiscard]] std::int64_t tokens() const {
    return has_plausible_usage() ? usage->completion_tokens : counted_tokens;
  }
  /// True if `usage` is not plausible, or disagrees with the counted chunks where both count the
  /// same thing.
  [[nodiscard]] bool has_token_mismatch() const;
};

class StreamMeter {
 public:
  /// Bytes of the body, in order, and when they were read.
  void push(std::string_view bytes, lab::TimePoint now);

  /// The verdict, once the body has ended.
  [[nodiscard]] StreamReport finish(unsigned status, BodyEnd end, lab::TimePoint now);

 private:
  void take_event(const lab::SseEvent& event, lab::TimePoint now);
  void take_chunk(const lab::ChatChunk& chunk, lab::TimePoint now);
  void take_token(lab::TimePoint now);
  [[nodiscard]] AnswerFailure judge(unsigned status, BodyEnd end) const;

  static constexpr std::size_t kChoicesMax =
      128;  ///< OpenAI's bound on `n`; further ones are not followed.

  lab::SseDecoder decoder_;
  StreamReport report_;
  std::bitset<kChoicesMax> begun_;
  std::bitset<kChoicesMax> finished_;
};

}  // namespace loader
