#include "loader/http/proxy_tunnel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

namespace loader {
namespace {

namespace asio = boost::asio;

constexpr auto kAwaitBytes = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kHeadBytesMax = 64 * 1024;

// "HTTP/1.1 200 Connection established": the status, and what is said of it.
TunnelEnd judged_head(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  if (!line.starts_with("HTTP/1.") || line.size() < 12) return {lab::Errc::bad_message, {}};
  if (line.substr(9, 3) == "200") return {};
  const std::string_view reason = line.size() > 13 ? line.substr(13) : line.substr(9);
  return {{}, std::string(reason)};
}

}  // namespace

asio::awaitable<TunnelEnd> open_tunnel(lab::Stream* stream, std::string authority,
                                       std::string authorization) {
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!authorization.empty()) request += "Proxy-Authorization: " + authorization + "\r\n";
  request += "\r\n";
  for (std::size_t sent = 0; sent < request.size();) {
    const auto [ec, n] = co_await stream->async_write_some(
        asio::const_buffer(request.data() + sent, request.size() - sent), kAwaitBytes);
    if (ec) co_return TunnelEnd{ec, {}};
    sent += n;
  }
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    // Byte by byte: what follows the head is the tunnel's.
    char byte = 0;
    const auto [ec, n] =
        co_await stream->async_read_some(asio::mutable_buffer(&byte, 1), kAwaitBytes);
    if (ec) co_return TunnelEnd{ec, {}};
    head.append(&byte, n);
    if (head.size() > kHeadBytesMax) co_return TunnelEnd{lab::Errc::header_too_large, {}};
  }
  co_return judged_head(head);
}

}  // namespace loader
