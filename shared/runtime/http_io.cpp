#include "shared/runtime/http_io.h"

#include <algorithm>
#include <optional>

#include "shared/runtime/http_client_state.h"
#include "shared/runtime/http_parser.h"
#include "shared/runtime/http_server_state.h"
#include "shared/runtime/http_transport.h"

namespace lab {
namespace {

// Bounds of linger(), as nginx has them (lingering_time, lingering_timeout): in all, and without a
// byte. A client reads no answer before it has sent its body, which is most often not much larger
// than it may be.
constexpr auto kLingerTime = std::chrono::seconds(20);
constexpr auto kLingerPause = std::chrono::seconds(2);
constexpr std::uint64_t kLingerBytesMin = std::uint64_t{16} << 20;

std::uint64_t linger_bytes(const HttpLimits& limits) {
  return std::max(kLingerBytesMin, 2 * limits.body_bytes_max);
}

// A request that no socket's buffer is too small for is sent before an answer can come.
constexpr std::size_t kUnwatchedBytes = 64 * 1024;

// RFC 9110, 6.4.1: what never has a body.
bool has_no_body(unsigned status) { return status / 100 == 1 || status == 204 || status == 304; }

// A larger body is not copied behind its head, to be sent with one write: it may wait for long.
constexpr std::size_t kBodyBytesCopied = 64 * 1024;

asio::awaitable<ErrorCode> write_head_and_body(Transport& transport, std::string_view body,
                                               Duration patience) {
  if (const ErrorCode ec = co_await transport.write_all(transport.out, patience)) co_return ec;
  co_return co_await transport.write_all(body, patience);
}

}  // namespace

HttpServerConnection::HttpServerConnection(Runtime& runtime, std::unique_ptr<Stream> stream,
                                           HttpLimits limits, HttpServerTimeouts timeouts)
    : state_(new State{
          .watch = std::make_shared<ReadAhead>(Transport(runtime, std::move(stream), limits)),
          .limits = limits,
          .timeouts = timeouts}) {}
HttpServerConnection::~HttpServerConnection() {
  if (state_) state_->watch->release();
}
HttpServerConnection::HttpServerConnection(HttpServerConnection&&) noexcept = default;

asio::awaitable<ErrorCode> HttpServerConnection::read_request() {
  State& s = *state_;
  s.begin_request();
  bool header_was_done = false;
  TimePoint now = s.transport.runtime.now();
  for (;;) {
    s.see_first_byte(now);
    if (const ErrorCode ec = s.parse()) co_return s.fail(ec);
    if (s.parser->is_done()) break;
    s.set_deadline(now, header_was_done);
    if (s.parser->is_header_done() && !header_was_done) {
      header_was_done = true;
      // RFC 9110, 10.1.1: one of HTTP/1.0 does not mean it.
      if (!s.request.http_1_0 && s.request.headers.has_token("Expect", "100-continue")) {
        const ErrorCode ec = co_await s.transport.write_all("HTTP/1.1 100 Continue\r\n\r\n", {});
        if (ec) co_return s.fail(ec);
      }
    }
    const ErrorCode ec = co_await s.watch->read_more();
    now = s.transport.runtime.now();
    if (ec) co_return s.end_of_input(ec);
  }
  s.finished = now;
  s.keep_alive = s.keep_alive && s.parser->keep_alive();
  co_return ErrorCode{};
}

HttpRequest& HttpServerConnection::request() { return state_->request; }
TimePoint HttpServerConnection::request_started_at() const { return state_->started; }
TimePoint HttpServerConnection::request_read_at() const { return state_->finished; }
bool HttpServerConnection::in_request() const { return state_->request_seen; }
bool HttpServerConnection::keep_alive() const { return state_->keep_alive; }
void HttpServerConnection::close_after_response() { state_->keep_alive = false; }
void HttpServerConnection::limit_bodies_by(
    std::function<std::optional<std::uint64_t>(std::string_view target)> limit) {
  state_->body_limit = std::move(limit);
}
Stream& HttpServerConnection::stream() { return *state_->transport.stream; }
bool HttpServerConnection::has_unread_bytes() const { return !state_->transport.unparsed.empty(); }
void HttpServerConnection::watch_client() { state_->watch->start(); }
ErrorCode HttpServerConnection::client_left() const { return state_->watch->left(); }
void HttpServerConnection::on_client_left(std::function<void()> act) {
  state_->watch->on_left = std::move(act);
}

asio::awaitable<ErrorCode> HttpServerConnection::write(const HttpResponse& response) {
  State& s = *state_;
  s.append_head(response);
  if (!has_no_body(response.status)) {
    s.transport.out += "Content-Length: "sv;
    append_number(s.transport.out, response.body.size());
    s.transport.out += "\r\n"sv;
  }
  s.transport.out += "\r\n"sv;
  if (s.request.method == "HEAD" || has_no_body(response.status)) {
    return s.transport.write_all(s.transport.out, s.timeouts.write);
  }
  if (response.body.size() > kBodyBytesCopied) {
    return write_head_and_body(s.transport, response.body, s.timeouts.write);
  }
  s.transport.out += response.body;
  return s.transport.write_all(s.transport.out, s.timeouts.write);
}

asio::awaitable<ErrorCode> HttpServerConnection::start_stream(const HttpResponse& head) {
  State& s = *state_;
  s.chunked = !s.request.http_1_0;
  if (!s.chunked) s.keep_alive = false;
  s.append_head(head);
  if (s.chunked) s.transport.out += "Transfer-Encoding: chunked\r\n"sv;
  s.transport.out += "\r\n"sv;
  return s.transport.write_all(s.transport.out, s.timeouts.write);
}

asio::awaitable<ErrorCode> HttpServerConnection::write_piece(std::string_view piece) {
  state_->frame_piece(piece);
  return state_->transport.write_all(state_->transport.out, state_->timeouts.write);
}

std::optional<ErrorCode> HttpServerConnection::start_piece(std::string_view piece) {
  State& s = *state_;
  s.frame_piece(piece);
  s.unsent = s.transport.out;
  const ErrorCode ec = s.transport.write_now(s.unsent);
  if (!ec && !s.unsent.empty()) return std::nullopt;
  return ec;
}

asio::awaitable<ErrorCode> HttpServerConnection::finish_piece() {
  return state_->transport.write_rest(state_->unsent, state_->timeouts.write);
}

asio::awaitable<ErrorCode> HttpServerConnection::finish_stream() {
  State& s = *state_;
  s.transport.out = s.chunked ? "0\r\n\r\n"sv : ""sv;
  return s.transport.write_all(s.transport.out, s.timeouts.write);
}

asio::awaitable<void> HttpServerConnection::linger() {
  State& s = *state_;
  s.watch->stop();
  s.transport.stream->shutdown_send();
  const TimePoint end = s.transport.runtime.now() + kLingerTime;
  const std::uint64_t dropped_max = linger_bytes(s.limits);
  ReadBuffer& unparsed = s.transport.unparsed;
  for (std::uint64_t dropped = 0; dropped < dropped_max;) {
    s.transport.stream->expires_at(std::min(end, s.transport.runtime.now() + kLingerPause));
    dropped += unparsed.unread().size();
    unparsed.consume(unparsed.unread().size());
    if (co_await s.watch->read_more()) break;
  }
  s.transport.stream->close();
}

HttpClientConnection::HttpClientConnection(Runtime& runtime, std::unique_ptr<Stream> stream,
                                           HttpLimits limits)
    : state_(new State{
          .ahead = std::make_shared<ReadAhead>(Transport(runtime, std::move(stream), limits)),
          .limits = limits}) {}
HttpClientConnection::~HttpClientConnection() {
  if (state_) state_->ahead->release();
}
HttpClientConnection::HttpClientConnection(HttpClientConnection&&) noexcept = default;
HttpClientConnection& HttpClientConnection::operator=(HttpClientConnection&& other) noexcept {
  state_.swap(other.state_);
  return *this;
}

void HttpClientConnection::expires_at(TimePoint deadline) {
  state_->transport.ahead_deadline = deadline;
  state_->transport.stream->expires_at(deadline);
}

asio::awaitable<ErrorCode> HttpClientConnection::send(const HttpRequest& request,
                                                      std::string_view host) {
  if (const auto sent = start_sending(request, host)) co_return *sent;
  co_return co_await finish_sending();
}

std::optional<ErrorCode> HttpClientConnection::start_sending(const HttpRequest& request,
                                                             std::string_view host) {
  State& s = *state_;
  std::string& out = s.transport.out;
  out.assign(request.method).append(" "sv).append(request.target).append(" HTTP/1.1\r\n"sv);
  if (!request.headers.find("Host")) append_field(out, "Host", host);
  request.headers.append_to(out);
  // Servers may wait for a body of these (RFC 9110, 8.6).
  const bool is_of_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if ((is_of_body || !request.body.empty()) && !request.headers.find("Content-Length")) {
    out += "Content-Length: "sv;
    append_number(out, request.body.size());
    out += "\r\n"sv;
  }
  out += "\r\n"sv;
  const bool is_copied = request.body.size() <= kBodyBytesCopied;
  if (is_copied) out += request.body;

  s.head_request = request.method == "HEAD";
  s.exchange_open = true;
  s.times = {};
  s.times.send_started = s.transport.runtime.now();
  s.unsent = out;
  s.unsent_body = is_copied ? ""sv : std::string_view(request.body);
  s.request_bytes = s.unsent_bytes();
  const ErrorCode ec = s.write_now();
  if (!ec && s.unsent_bytes() > 0) return std::nullopt;
  return s.end_sending(ec);
}

asio::awaitable<ErrorCode> HttpClientConnection::finish_sending() {
  State& s = *state_;
  const bool is_begun = s.unsent_bytes() < s.request_bytes;
  const bool may_block = is_begun || s.unsent_bytes() > kUnwatchedBytes;
  if (may_block) s.watch_for_answer();
  ErrorCode ec = co_await s.transport.write_rest(s.unsent, {});
  if (!ec) ec = co_await s.transport.write_rest(s.unsent_body, {});
  // The answer came before the reset, and may still have to be read.
  if (may_block && s.may_have_answered(ec)) (void)co_await s.ahead->read_more();
  if (may_block) ec = s.stop_watching(ec);
  co_return s.end_sending(ec);
}

asio::awaitable<ErrorCode> HttpClientConnection::read_head() {
  State& s = *state_;
  s.begin_response();
  ErrorCode broken;
  // What came while the request was still going out.
  if (!s.transport.unparsed.empty()) {
    s.stamp_read();
    broken = parse_some(s.transport.unparsed, *s.parser);
  }
  for (int interim = 0;;) {
    if (broken && !s.parser->is_header_done()) co_return s.fail(broken);
    if (s.parser->is_header_done()) {
      if (s.parser->status() / 100 != 1) break;
      // RFC 9110, 15.2: interim responses precede the final one; a server that sends no end of them
      // is refused.
      constexpr int kInterimMax = 16;
      if (++interim > kInterimMax) co_return s.fail(Errc::bad_message);
      s.begin_response();
      broken = parse_some(s.transport.unparsed, *s.parser);
      continue;
    }
    ErrorCode read;
    if (s.ahead->is_ahead()) {
      read = co_await s.ahead->read_more();
    } else {
      const auto [ec, n] =
          co_await s.transport.stream->async_read_some(s.transport.begin_read(), kAwait);
      s.transport.end_read(n);
      read = ec;
    }
    broken = s.take(read);
  }
  if (broken) s.body_error = s.fail(broken);
  s.piece_taken = false;
  if (s.parser->is_done() && s.piece.empty()) s.finish_exchange();
  co_return ErrorCode{};
}

unsigned HttpClientConnection::status() const { return state_->parser->status(); }

const std::string& HttpClientConnection::reason() const { return state_->parser->reason(); }
const HttpHeaders& HttpClientConnection::headers() const { return state_->headers; }

std::optional<IoResult<std::string_view>> HttpClientConnection::body_at_hand() {
  State& s = *state_;
  if (s.piece_taken) s.piece.clear();
  s.piece_taken = false;
  if (s.piece.empty() && s.body_error) return s.body_error;
  if (s.piece.empty() && !s.parser->is_done()) return std::nullopt;
  s.piece_taken = true;
  if (s.piece.empty()) s.finish_exchange();
  return std::string_view(s.piece);
}

asio::awaitable<IoResult<std::string_view>> HttpClientConnection::read_body() {
  State& s = *state_;
  for (;;) {
    if (const auto piece = body_at_hand()) co_return *piece;
    if (const auto room = begin_read()) {
      const auto [ec, n] = co_await s.transport.stream->async_read_some(*room, kAwait);
      end_read(ec, n);
    } else if (const ErrorCode ec = s.take(co_await s.ahead->read_more())) {
      s.body_error = s.fail(ec);
    }
  }
}

std::optional<asio::mutable_buffer> HttpClientConnection::begin_read() {
  if (state_->ahead->is_ahead()) return std::nullopt;
  return state_->transport.begin_read();
}

void HttpClientConnection::end_read(ErrorCode read, std::size_t n) {
  State& s = *state_;
  s.transport.end_read(n);
  if (const ErrorCode ec = s.take(read)) s.body_error = s.fail(ec);
}

const HttpExchangeTimes& HttpClientConnection::times() const { return state_->times; }
bool HttpClientConnection::reusable() const { return state_->usable && !state_->exchange_open; }
bool HttpClientConnection::is_stale() const { return state_->transport.stream->is_readable(); }
std::uint64_t HttpClientConnection::exchanges() const { return state_->exchanges; }
std::uint64_t HttpClientConnection::bytes_sent() const { return state_->transport.sent; }
std::uint64_t HttpClientConnection::bytes_received() const { return state_->transport.received; }
Stream& HttpClientConnection::stream() { return *state_->transport.stream; }

}  // namespace lab
