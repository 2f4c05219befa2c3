// What the client's end of a connection knows from one call to the next. Private to http_io.cpp.
#pragma once

#include <boost/asio/error.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/runtime/http_io.h"
#include "shared/runtime/http_parser.h"
#include "shared/runtime/http_read_ahead.h"
#include "shared/runtime/http_transport.h"

namespace lab {

struct HttpClientConnection::State {
  std::shared_ptr<ReadAhead> ahead;  // Shared with the read that may be under way.
  HttpLimits limits;
  HttpHeaders headers = {};
  std::string piece = {};
  std::string_view unsent = {};       // Of the transport's `out`, or of a body that is not in it.
  std::string_view unsent_body = {};  // Such a body, until it is its turn.
  std::size_t request_bytes = 0;
  std::optional<ResponseParser> parser = {};
  HttpExchangeTimes times = {};
  std::uint64_t exchanges = 0;
  bool head_request = false;
  bool exchange_open = false;
  bool usable = true;
  bool piece_taken = false;
  bool is_refused = false;  // Before all of the request was sent.
  // What broke after the head was complete: read_body()'s to report, however the bytes were cut.
  ErrorCode body_error = {};
  Transport& transport = ahead->transport;

  void begin_response() {
    headers.clear();
    piece.clear();
    body_error = {};
    parser.emplace(headers, piece, limits);
    if (head_request) parser->skip(true);
  }

  ErrorCode fail(ErrorCode ec) {
    usable = false;
    return ec;
  }

  [[nodiscard]] std::size_t unsent_bytes() const { return unsent.size() + unsent_body.size(); }

  // What there is room for at once.
  ErrorCode write_now() {
    const ErrorCode ec = transport.write_now(unsent);
    if (ec || !unsent.empty() || unsent_body.empty()) return ec;
    unsent = std::exchange(unsent_body, {});
    return transport.write_now(unsent);
  }

  ErrorCode end_sending(ErrorCode ec) {
    times.send_finished = transport.runtime.now();
    return ec ? fail(ec) : ec;
  }

  void stamp_read() {
    times.last_byte = transport.runtime.now();
    if (times.first_byte == TimePoint{}) times.first_byte = times.last_byte;
  }

  // While a request that is too large for the socket goes out. RFC 9112, 9.3: a client that learns
  // meanwhile that it is refused stops sending; the answer would be lost in the reset that comes
  // of bytes that nobody reads.
  void watch_for_answer() {
    is_refused = false;
    ahead->on_bytes = [this] {
      stamp_read();
      if (begins_refusal()) stop_sending();
    };
    // Whoever says no more has no answer to wait for.
    ahead->on_left = [this] {
      if (ahead->left() == asio::error::eof) stop_sending();
    };
    ahead->start();
  }

  // After a write that failed because the peer has closed.
  [[nodiscard]] bool may_have_answered(ErrorCode written) const {
    const bool is_closed =
        written == asio::error::connection_reset || written == asio::error::broken_pipe;
    return is_closed && transport.unparsed.empty() && transport.reads_ahead;
  }

  // What came of the write. Whatever has been read, or is being read, is read_head()'s.
  ErrorCode stop_watching(ErrorCode written) {
    ahead->stop();
    ahead->on_bytes = nullptr;
    ahead->on_left = nullptr;
    const bool was_answered = !transport.unparsed.empty();
    if (!written || !(is_refused || was_answered)) return written;
    // Half a request was sent: what follows on this connection would be its body.
    usable = false;
    if (is_refused) transport.stream->expires_at(transport.ahead_deadline);
    return {};
  }

  // Of a status from 400 up; others, interim ones above all, let the request go on.
  [[nodiscard]] bool begins_refusal() const {
    const asio::const_buffer unread = transport.unparsed.unread();
    std::string_view text(static_cast<const char*>(unread.data()), unread.size());
    constexpr std::string_view kVersion = "HTTP/1.";
    constexpr std::size_t kClass = kVersion.size() + 2;  // "HTTP/1.1 4".
    while (text.size() > kClass && text.starts_with(kVersion)) {
      if (text[kClass] != '1') return text[kClass] >= '4';
      const std::size_t end = text.find("\r\n\r\n");
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 4);
    }
    return false;
  }

  // The write under way ends at once; the deadline is the only way to end it alone.
  void stop_sending() {
    is_refused = true;
    ahead->stop();
    transport.stream->expires_at(transport.runtime.now());
  }

  // The peer's FIN ends a body without a length; anywhere else it cuts the message short.
  ErrorCode end_of_input(ErrorCode ec) {
    if (ec != asio::error::eof) return ec;
    if (!parser->got_some()) return Errc::end_of_stream;
    ErrorCode parsed;
    parser->put_eof(parsed);
    return parsed ? translate_parser_error(parsed) : ErrorCode{};
  }

  // What a read has brought, or why it failed.
  ErrorCode take(ErrorCode read) {
    if (read) {
      const ErrorCode ec = end_of_input(read);
      if (!ec) usable = false;
      return ec;
    }
    stamp_read();
    return parse_some(transport.unparsed, *parser);
  }

  void finish_exchange() {
    if (!exchange_open) return;
    exchange_open = false;
    ++exchanges;
    // A read that is still under way belongs to no exchange; it is seldom enough to give it up.
    usable = usable && parser->keep_alive() && transport.unparsed.empty() && !ahead->is_ahead();
    transport.release_memory();
  }
};

}  // namespace lab
