// What both ends of an HTTP connection have: a stream, its unparsed bytes, the whole-buffer write.
// Private to http_io.cpp.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "shared/runtime/await.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/http_parser.h"
#include "shared/runtime/read_buffer.h"

namespace lab {

// Literals of known size: a std::string looks for the end of others each time.
using std::string_view_literals::operator""sv;

// An idle connection holds this much: 10,000 of them must stay cheap.
inline constexpr std::size_t kReadBytesInitial = 2048;
// Room past the header limit for the line that is being parsed (chunk headers, trailers).
inline constexpr std::size_t kReadBytesBeyondHeader = 16 * 1024;
// A write buffer that grew past this is given back after the message.
inline constexpr std::size_t kWriteBytesKept = 8 * 1024;

inline std::size_t read_bytes_max(const HttpLimits& limits) {
  return limits.header_bytes_max + kReadBytesBeyondHeader;
}

inline void append_number(std::string& out, std::uint64_t value, int base = 10) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

inline void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": "sv).append(value).append("\r\n"sv);
}

// So many writes of one connection may follow each other before the others get their turn: a client
// that sends its requests ahead, or an answer without pauses, must not keep them waiting.
inline constexpr int kWritesInARow = 16;
// And so many bytes.
inline constexpr std::size_t kBytesInARow = 64 * 1024;

// What both ends have: a stream, its unparsed bytes, and the whole-buffer write.
struct Transport {
  Transport(Runtime& world, std::unique_ptr<Stream> connected, const HttpLimits& limits)
      : runtime(world),
        stream(std::move(connected)),
        unparsed(kReadBytesInitial, read_bytes_max(limits)) {}

  Runtime& runtime;
  std::unique_ptr<Stream> stream;
  ReadBuffer unparsed;
  std::string out;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool reads_ahead = false;  // A read that nobody waits for is under way; see ReadAhead.
  TimePoint ahead_deadline = kNoDeadline;  // Of such a read.
  int writes_in_a_row = 0;
  std::size_t bytes_in_a_row = 0;

  // Around a read that is awaited: the others get their turn. Two calls, so that whoever awaits it
  // needs no coroutine in between.
  [[nodiscard]] asio::mutable_buffer begin_read() {
    writes_in_a_row = 0;
    bytes_in_a_row = 0;
    return unparsed.prepare();
  }
  void end_read(std::size_t n) {
    unparsed.commit(n);
    received += n;
  }

  asio::awaitable<ErrorCode> read_more() {
    const auto [ec, n] = co_await stream->async_read_some(begin_read(), kAwait);
    end_read(n);
    co_return ec;
  }

  // Writes what there is room for at once: nearly always all of `bytes`, which becomes the rest.
  ErrorCode write_now(std::string_view& bytes) {
    if (bytes.empty() || writes_in_a_row == kWritesInARow || bytes_in_a_row >= kBytesInARow) {
      return {};
    }
    ++writes_in_a_row;
    const IoResult<std::size_t> written = stream->write_now({bytes.data(), bytes.size()});
    if (!written) return written.error();
    sent += *written;
    bytes_in_a_row += *written;
    bytes.remove_prefix(*written);
    return {};
  }

  // Writes `bytes`, which must stay valid; each partial write must make progress within `patience`
  // if one is given.
  asio::awaitable<ErrorCode> write_all(std::string_view bytes, Duration patience) {
    const ErrorCode ec = write_now(bytes);
    if (ec || bytes.empty()) co_return ec;
    co_return co_await write_rest(bytes, patience);
  }

  asio::awaitable<ErrorCode> write_rest(std::string_view bytes, Duration patience) {
    writes_in_a_row = 0;
    bytes_in_a_row = 0;
    while (!bytes.empty()) {
      if (patience > Duration::zero()) stream->expires_at(runtime.now() + patience);
      const auto [ec, n] =
          co_await stream->async_write_some(asio::const_buffer(bytes.data(), bytes.size()), kAwait);
      sent += n;
      if (ec) co_return ec;
      bytes.remove_prefix(n);
    }
    // A stream has one deadline: the write's must not end the read.
    if (reads_ahead) stream->expires_at(ahead_deadline);
    co_return ErrorCode{};
  }

  void release_memory() {
    if (out.capacity() > kWriteBytesKept) std::string().swap(out);
    unparsed.shrink();
  }
};

// Feeds unparsed bytes to a parser. Returns need_more as a clear code with `parser` not done.
template <class Parser>
ErrorCode parse_some(ReadBuffer& unparsed, Parser& parser) {
  while (!unparsed.empty() && !parser.is_done()) {
    if (parser.must_wait_for_more(unparsed.unread())) return {};
    ErrorCode ec;
    unparsed.consume(parser.put(unparsed.unread(), ec));
    if (ec == boost::beast::http::error::need_more) {
      return unparsed.full() ? ErrorCode(Errc::header_too_large) : ErrorCode{};
    }
    if (ec) return translate_parser_error(ec);
  }
  return {};
}

}  // namespace lab
