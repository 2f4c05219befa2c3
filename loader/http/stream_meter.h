// Measures one streamed answer: fed with its bytes and the instants they were read, it says when
// which token came and whether the stream was whole. No I/O, no clock.
#pragma once

#include <cstddef>
#include <string_view>

#include "loader/http/answer_report.h"
#include "shared/base/time.h"
#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/chat_chunk_decoder.h"
#include "shared/protocol/sse.h"

namespace loader {

class StreamMeter {
 public:
  /// A longer event makes the stream malformed.
  explicit StreamMeter(std::size_t event_bytes_max = lab::SseDecoder::kDefaultEventBytesMax)
      : decoder_(event_bytes_max) {
    report_.is_stream = true;
  }

  /// Bytes of the body, in order, and when they were read.
  void push(std::string_view bytes, lab::TimePoint now);

  /// True once the first event has come: until then it may be no stream at all.
  [[nodiscard]] bool has_event() const { return report_.first_event.has_value(); }
  /// True once [DONE] has come: the answer is whole, and what follows is not its own.
  [[nodiscard]] bool is_done() const { return report_.is_done(); }

  /// The verdict, once the body has ended.
  [[nodiscard]] AnswerReport finish(unsigned status, BodyEnd end, lab::TimePoint now);

 private:
  void take_event(const lab::SseEvent& event, lab::TimePoint now);
  void take_chunk(const lab::ChatChunk& chunk, lab::TimePoint now);
  void take_token(lab::TimePoint now);

  lab::SseDecoder decoder_;
  lab::ChatChunkDecoder chunks_;
  AnswerReport report_;
};

}  // namespace loader
