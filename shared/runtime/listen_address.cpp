#include "shared/runtime/listen_address.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <string>

#include "shared/runtime/http_message.h"

namespace lab {
namespace {

Error refusal(std::string_view text) {
  return {"",
          "\"" + std::string(text) +
              "\" is not an address to listen on; it takes ADDRESS:PORT, such as 127.0.0.1:8080, "
              "[::1]:8080 or :8080"};
}

}  // namespace

Result<Endpoint> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refusal(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  Endpoint endpoint;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return refusal(text);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  ErrorCode ec;
  const auto address = boost::asio::ip::make_address(std::string(host), ec);
  if (ec) return refusal(text);
  endpoint.address = address.to_string();
  return endpoint;
}

bool is_loopback_address(std::string_view text) {
  namespace ip = boost::asio::ip;
  ErrorCode ec;
  const ip::address address = ip::make_address(std::string(text), ec);
  if (ec) return equals_ignore_case(text, "localhost");
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback();
  }
  return address.is_loopback();
}

}  // namespace lab
