// HTTP/1.1 over a Stream, both sides. Beast parses; it is compiled in http_io.cpp and nowhere else.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/http_message.h"
#include "shared/runtime/runtime.h"

namespace lab {

/// Bounds on what one peer can cost.
struct HttpLimits {
  std::uint32_t header_bytes_max = 64 * 1024;
  std::size_t header_fields_max = 256;
  std::uint64_t body_bytes_max = 10 * 1024 * 1024;
};

struct HttpServerTimeouts {
  Duration idle = std::chrono::seconds(75);  ///< Between two requests of a connection.
  Duration header =
      std::chrono::seconds(10);  ///< From a request's first byte to the end of its header section.
  Duration body = std::chrono::seconds(30);   ///< From there to the end of its body.
  Duration write = std::chrono::seconds(30);  ///< For one write of a response to make progress.
};

/// The server's end of a connection: requests in order (pipelining included), one response for
/// each.
///
///   while (!(co_await c.read_request())) { ...c.request()...; co_await c.write(response); if
///   (!c.keep_alive()) break; }
class HttpServerConnection {
 public:
  HttpServerConnection(Runtime& runtime, std::unique_ptr<Stream> stream, HttpLimits limits,
                       HttpServerTimeouts timeouts);
  ~HttpServerConnection();
  HttpServerConnection(HttpServerConnection&&) noexcept;

  /// `limit` may give requests of some targets another limit of their bodies than the connection's.
  void limit_bodies_by(std::function<std::optional<std::uint64_t>(std::string_view target)> limit);

  /// Reads the next request. Errc::end_of_stream, or Errc::timeout with no byte read, is a quiet
  /// end. After bad_message, header_too_large, body_too_large, partial_message or timeout within a
  /// request, errc::not_supported (a transfer coding) or errc::protocol_not_supported (a version of
  /// HTTP) the caller may still write one response; keep_alive() is false then. With `Expect:
  /// 100-continue` the interim response is sent once the announced length is within the limit; to a
  /// client of HTTP/1.0 never.
  asio::awaitable<ErrorCode> read_request();
  /// The last request read; valid until the next read_request().
  [[nodiscard]] HttpRequest& request();
  /// When the first byte of that request was read, and its last.
  [[nodiscard]] TimePoint request_started_at() const;
  [[nodiscard]] TimePoint request_read_at() const;
  /// True if any byte of the current request has arrived: tells an idle time-out from a slow
  /// request.
  [[nodiscard]] bool in_request() const;

  /// Writes a whole response with Content-Length (a HEAD request's without the body).
  asio::awaitable<ErrorCode> write(const HttpResponse& response);
  /// Starts a streamed response: the head goes out at once. Chunked for HTTP/1.1, until close
  /// for 1.0.
  asio::awaitable<ErrorCode> start_stream(const HttpResponse& head);
  /// Writes one piece, one chunk and one write each; an empty piece is skipped.
  asio::awaitable<ErrorCode> write_piece(std::string_view piece);
  /// The same in two steps, of which nearly all pieces need the first alone: how writing ended or,
  /// if there was no room for all of it at once, none.
  [[nodiscard]] std::optional<ErrorCode> start_piece(std::string_view piece);
  asio::awaitable<ErrorCode> finish_piece();
  asio::awaitable<ErrorCode> finish_stream();

  /// False once the connection must end after the current response.
  [[nodiscard]] bool keep_alive() const;
  /// Makes the current response the last: it says `Connection: close`.
  void close_after_response();
  /// True if bytes after the current request have been read.
  [[nodiscard]] bool has_unread_bytes() const;
  /// After the last response: FIN, then reads and drops what still comes, for a bounded time and
  /// volume (twice the limit of a body at least), so that the peer can read the response before a
  /// RST (RFC 9112, 9.6). Then closes.
  asio::awaitable<void> linger();
  /// To be called before a wait between a request and the end of its response: from here until the
  /// next read_request() a client that leaves is noticed. FIN counts as leaving, as it does for
  /// nginx (its status 499) and the gateways that this project imitates: a client that only
  /// half-closes cannot be told from one that is gone, and to go on for nobody costs more. What
  /// comes instead is kept for the next requests.
  void watch_client();
  /// Why, once the client was seen to leave; else clear.
  [[nodiscard]] ErrorCode client_left() const;
  /// `act` is called once, on the runtime's thread and never from within a call of this class, when
  /// a client that is watched leaves; not after this object's end.
  void on_client_left(std::function<void()> act);
  /// For faults: reset(), or bytes past the protocol.
  [[nodiscard]] Stream& stream();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What one exchange took, as the client saw it. Instants are of the read or write that moved the
/// byte.
struct HttpExchangeTimes {
  TimePoint send_started{};
  TimePoint send_finished{};
  TimePoint first_byte{};  ///< Of the response; unset (epoch) if none came.
  TimePoint last_byte{};
};

/// The client's end of a connection. One exchange at a time:
///   send -> read_head -> read_body until it is empty; then, if reusable(), the next.
class HttpClientConnection {
 public:
  HttpClientConnection(Runtime& runtime, std::unique_ptr<Stream> stream, HttpLimits limits);
  ~HttpClientConnection();
  HttpClientConnection(HttpClientConnection&&) noexcept;
  HttpClientConnection& operator=(HttpClientConnection&&) noexcept;

  /// Operations after `deadline` fail with Errc::timeout.
  void expires_at(TimePoint deadline);

  /// Sends a request; Host, Content-Length (when there is a body or the method is not GET, HEAD,
  /// DELETE) are added if absent. A failed send leaves the connection unusable. The body must not
  /// change until it is sent: a large one is not copied.
  asio::awaitable<ErrorCode> send(const HttpRequest& request, std::string_view host);
  /// The same in two steps, of which most requests need the first alone: how sending ended or, if
  /// there was no room for all of it at once, none.
  [[nodiscard]] std::optional<ErrorCode> start_sending(const HttpRequest& request,
                                                       std::string_view host);
  asio::awaitable<ErrorCode> finish_sending();
  /// Reads the response's head; interim (1xx) responses are skipped.
  asio::awaitable<ErrorCode> read_head();
  [[nodiscard]] unsigned status() const;
  /// The phrase after it, as the server wrote it; may be empty.
  [[nodiscard]] const std::string& reason() const;
  [[nodiscard]] const HttpHeaders& headers() const;
  /// The body bytes that the next read brought, transfer coding removed; empty at the end of the
  /// message. Valid until the next call. Bytes after the limit fail with Errc::body_too_large; a
  /// cut body with Errc::partial_message.
  asio::awaitable<IoResult<std::string_view>> read_body();
  /// The same if no read has to be waited for; else nothing, and read_body() is to be called.
  [[nodiscard]] std::optional<IoResult<std::string_view>> body_at_hand();
  /// The read in between, for whoever wants no coroutine around each: stream().async_read_some()
  /// into the room, then end_read() with what it says, and body_at_hand() again. No room:
  /// read_body() has to do it.
  [[nodiscard]] std::optional<asio::mutable_buffer> begin_read();
  void end_read(ErrorCode ec, std::size_t n);

  [[nodiscard]] const HttpExchangeTimes& times() const;
  /// True after a complete exchange that lets the connection serve another.
  [[nodiscard]] bool reusable() const;
  /// True if the server has closed a connection that is idle, or sent something unasked on it: the
  /// next request needs another one. A server may still close it right after this look.
  [[nodiscard]] bool is_stale() const;
  /// Complete exchanges so far.
  [[nodiscard]] std::uint64_t exchanges() const;
  [[nodiscard]] std::uint64_t bytes_sent() const;  ///< On the wire, since construction.
  [[nodiscard]] std::uint64_t bytes_received() const;
  [[nodiscard]] Stream& stream();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lab
