// Bytes over a stream as they are, for the tests of HTTP connections.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "shared/runtime/await.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/stream.h"

namespace lab::test {

inline constexpr HttpLimits kLimits{
    .header_bytes_max = 4096, .header_fields_max = 20, .body_bytes_max = 1000};

inline asio::awaitable<ErrorCode> write_all(Stream& stream, std::string bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto [ec, n] =
        co_await stream.async_write_some(asio::const_buffer(rest.data(), rest.size()), kAwait);
    if (ec) co_return ec;
    rest.remove_prefix(n);
  }
  co_return ErrorCode{};
}

inline asio::awaitable<std::string> read_to_end(Stream& stream) {
  std::string all;
  std::string room(1000, '\0');
  for (;;) {
    const auto [ec, n] = co_await stream.async_read_some(asio::buffer(room), kAwait);
    all.append(room, 0, n);
    if (ec) co_return all;
  }
}

}  // namespace lab::test
