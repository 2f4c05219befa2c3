// What the server's end of a connection knows from one call to the next. Private to http_io.cpp.
#pragma once

#include <boost/system/errc.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/runtime/http_io.h"
#include "shared/runtime/http_parser.h"
#include "shared/runtime/http_read_ahead.h"
#include "shared/runtime/http_transport.h"

namespace lab {

struct HttpServerConnection::State {
  std::shared_ptr<ReadAhead> watch;  // Shared with the read that may be under way.
  HttpLimits limits;
  HttpServerTimeouts timeouts;
  BodyLimit body_limit = {};
  HttpRequest request = {};
  std::optional<RequestParser> parser = {};
  TimePoint idle_until{};
  TimePoint started{};
  TimePoint finished{};
  bool request_seen = false;
  bool keep_alive = true;
  bool chunked = false;
  std::int64_t date_second = -1;
  std::string date = {};
  std::string_view unsent = {};  // Of the transport's `out`.
  Transport& transport = watch->transport;

  void begin_request() {
    watch->stop();
    request.method = "GET";
    request.target = "/";
    request.http_1_0 = false;
    request.headers.clear();
    request.body.clear();
    if (request.body.capacity() > kWriteBytesKept) std::string().swap(request.body);
    parser.emplace(request, limits, body_limit);
    request_seen = false;
    idle_until = transport.runtime.now() + timeouts.idle;
    transport.release_memory();
  }

  // RFC 9112, 2.2: empty lines before a request are ignored. They do not prolong the idle time.
  void skip_empty_lines() {
    ReadBuffer& unparsed = transport.unparsed;
    while (!unparsed.empty() && (unparsed.front() == '\r' || unparsed.front() == '\n')) {
      unparsed.consume(1);
    }
  }

  ErrorCode fail(ErrorCode ec) {
    keep_alive = false;
    return ec;
  }

  ErrorCode parse() {
    const ErrorCode ec = parse_some(transport.unparsed, *parser);
    // The parser takes nothing of a request line that it refuses.
    const asio::const_buffer rest = transport.unparsed.unread();
    if (ec == Errc::bad_message && !parser->is_header_done() &&
        names_other_version({static_cast<const char*>(rest.data()), rest.size()})) {
      return make_error_code(boost::system::errc::protocol_not_supported);
    }
    return ec;
  }

  ErrorCode end_of_input(ErrorCode ec) {
    if (ec == asio::error::eof) ec = request_seen ? Errc::partial_message : Errc::end_of_stream;
    return fail(ec);
  }

  // Deadlines of the request's three stretches: idle, header, body.
  void set_deadline(TimePoint now, bool header_was_done) {
    if (!request_seen) {
      transport.stream->expires_at(idle_until);
    } else if (!parser->is_header_done()) {
      transport.stream->expires_at(started + timeouts.header);
    } else if (!header_was_done) {
      transport.stream->expires_at(now + timeouts.body);
    }
  }

  void see_first_byte(TimePoint now) {
    if (request_seen) return;
    skip_empty_lines();
    if (transport.unparsed.empty()) return;
    request_seen = true;
    started = now;
  }

  void append_date() {
    const WallTime now = transport.runtime.wall_now();
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (second != date_second) {
      date = format_http_date(now);
      date_second = second;
    }
    append_field(transport.out, "Date", date);
  }

  void append_head(const HttpResponse& response) {
    std::string& out = transport.out;
    out.assign(request.http_1_0 ? "HTTP/1.0 "sv : "HTTP/1.1 "sv);
    append_number(out, response.status);
    out += ' ';
    out.append(reason_phrase(response.status)).append("\r\n"sv);
    response.headers.append_to(out);
    append_date();
    if (!keep_alive) {
      out += "Connection: close\r\n"sv;
    } else if (request.http_1_0) {
      out += "Connection: keep-alive\r\n"sv;
    }
  }

  // Makes the piece of a streamed body what is to be written.
  void frame_piece(std::string_view piece) {
    std::string& out = transport.out;
    out.clear();
    if (piece.empty()) return;
    if (chunked) {
      append_number(out, piece.size(), 16);
      out += "\r\n"sv;
    }
    out += piece;
    if (chunked) out += "\r\n"sv;
  }
};

}  // namespace lab
