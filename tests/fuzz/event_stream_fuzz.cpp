// The answers to a chat request as a client reads them: an event stream and its chunks, a buffered
// completion, an error's body.
#include <string>
#include <utility>

#include "loader/http/stream_meter.h"
#include "shared/protocol/chat_chunk.h"
#include "shared/protocol/chat_chunk_decoder.h"
#include "shared/protocol/error_envelope.h"
#include "shared/protocol/sse.h"
#include "tests/fuzz/fuzz.h"

namespace lab::fuzz {
namespace {

constexpr std::size_t kEventBytesMax = 600;

struct Decoded {
  std::vector<std::pair<std::string, std::string>> events;
  std::size_t comments = 0;
  bool has_failed = false;
  bool is_cut = false;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(const std::vector<std::string_view>& pieces) {
  Decoded decoded;
  SseDecoder decoder(kEventBytesMax);
  for (const std::string_view piece : pieces) {
    decoder.push(piece, [&](const SseEvent& event) {
      assert(event.data.size() <= kEventBytesMax);
      decoded.events.emplace_back(event.event, event.data);
    });
  }
  decoded.comments = decoder.comment_count();
  decoded.has_failed = decoder.has_failed();
  decoded.is_cut = !decoded.has_failed && decoder.has_unfinished_event();
  return decoded;
}

// What we write of an event reads back as that event.
void check_written(const Decoded& decoded) {
  std::string written;
  for (const auto& [event, data] : decoded.events) {
    if (event.empty()) {
      append_sse_data(written, data);
    } else {
      append_sse_event(written, event, data);
    }
  }
  SseDecoder decoder;
  std::size_t next = 0;
  decoder.push(written, [&](const SseEvent& event) {
    assert(next < decoded.events.size());
    assert(event.event == decoded.events[next].first && event.data == decoded.events[next].second);
    ++next;
  });
  assert(next == decoded.events.size() && !decoder.has_unfinished_event());
}

// A chunk that is compared with the one before says what it says when it is parsed.
void check_chunks(const Decoded& decoded) {
  ChatChunkDecoder decoder;
  for (const auto& [event, data] : decoded.events) {
    const Result<ChatChunk> parsed = parse_chat_chunk(data);
    const Result<ChatChunk>& read = decoder.read(data);
    assert(read.has_value() == parsed.has_value() && (!parsed || *read == *parsed));
  }
}

void check_report(const loader::AnswerReport& report) {
  if (const auto tokens = report.tokens()) assert(is_plausible_token_count(*tokens));
  assert(report.first_token.has_value() == report.last_token.has_value());
  assert(report.stall_max >= Duration::zero());
  (void)report.has_token_mismatch();
  (void)report.answer.believed_visible_tokens();
}

void measure(const std::vector<std::string_view>& pieces) {
  loader::StreamMeter meter(kEventBytesMax);
  TimePoint now{};
  for (const std::string_view piece : pieces) {
    now += std::chrono::milliseconds(1);
    meter.push(piece, now);
  }
  check_report(meter.finish(200, loader::BodyEnd::complete, now));
}

}  // namespace
}  // namespace lab::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab::fuzz;
  const std::string_view text = text_of(data, size);
  const std::vector<std::string_view> pieces = pieces_of(text);
  const Decoded decoded = decode({text});
  assert(decode(pieces) == decoded);
  check_written(decoded);
  check_chunks(decoded);
  measure(pieces);
  const auto chunk = lab::parse_chat_chunk(text);
  check_report(
      loader::report_completion(chunk ? &*chunk : nullptr, 200, loader::BodyEnd::complete));
  (void)lab::read_error_envelope(text);
  return 0;
}
