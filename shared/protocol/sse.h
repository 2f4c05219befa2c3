// Server-sent events (WHATWG HTML, "Server-sent events"): the encoder, and an incremental decoder
// for any split of bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

/// Appends one event; line ends (CR, LF, CRLF) inside `data` make several data lines.
void append_sse_data(std::string& out, std::string_view data);
/// The same with an event name, which must not contain line ends.
void append_sse_event(std::string& out, std::string_view event, std::string_view data);
/// A comment that ends with a blank line, as servers send to keep a connection alive: ": text\n\n".
void append_sse_comment(std::string& out, std::string_view text);
/// One event whose data `write(out)` appends; it must not contain line ends, as no JSON written by
/// us does.
template <class Write>
void append_sse_written(std::string& out, Write&& write) {
  out += "data: ";
  write(out);
  out += "\n\n";
}

/// One event. The views are valid during the callback only.
struct SseEvent {
  std::string_view event{};  ///< Empty means "message".
  std::string_view data{};
  std::string_view id{};  ///< The last id seen, as the specification says.
};

/// Buffers at most one event; its buffers are kept between events, so a stream decodes without
/// allocating.
class SseDecoder {
 public:
  static constexpr std::size_t kDefaultEventBytesMax = std::size_t{1} << 20;

  /// An event (or line) larger than `event_bytes_max` puts the decoder into the failed state.
  explicit SseDecoder(std::size_t event_bytes_max = kDefaultEventBytesMax)
      : event_bytes_max_(event_bytes_max) {}

  /// Takes the next bytes of the stream and calls `on_event(const SseEvent&)` for each event they
  /// complete. A failed decoder ignores them.
  template <class OnEvent>
  void push(std::string_view bytes, OnEvent&& on_event) {
    while (take_line(bytes)) {
      if (end_line()) {
        on_event(SseEvent{event_, data_, id_});
        start_event();
      }
    }
  }

  /// True after an event larger than the limit; nothing more will be decoded.
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// True if bytes of an event came whose blank line has not come: at the end of a stream it was
  /// cut.
  [[nodiscard]] bool has_unfinished_event() const {
    return has_data_ || !event_.empty() || (!partial_line_.empty() && partial_line_.front() != ':');
  }
  /// The last `retry:` field.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }
  /// Comment lines so far; gateways send them as keep-alive.
  [[nodiscard]] std::size_t comment_count() const { return comment_count_; }

 private:
  // Removes one line from `bytes`: true if its end came, false if all that is left was kept for the
  // next push.
  bool take_line(std::string_view& bytes);
  void skip_byte_order_mark(std::string_view& bytes);
  bool fits(std::size_t more);
  // Interprets the line; true if it is the blank line that completes an event.
  bool end_line();
  void field(std::string_view name, std::string_view value);
  void start_event();

  std::size_t event_bytes_max_;
  std::string partial_line_;  // The start of a line whose end has not come.
  std::string_view line_;  // The line being read: in the pushed bytes if it is whole there, else in
                           // partial_line_.
  std::string event_;
  std::string data_;
  std::string id_;
  std::optional<std::chrono::milliseconds> retry_;
  std::size_t comment_count_ = 0;
  unsigned mark_bytes_ = 0;  // How much of a byte order mark was read at the start.
  bool is_started_ = false;  // The byte order mark is behind us.
  bool skip_lf_ = false;     // The last byte was a CR: an LF that follows belongs to it.
  bool has_data_ = false;
  bool has_failed_ = false;
};

}  // namespace lab
