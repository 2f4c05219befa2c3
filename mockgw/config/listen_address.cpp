#include "mockgw/config/listen_address.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <string>

namespace mockgw {
namespace {

lab::Error refusal(std::string_view text) {
  return {"",
          "\"" + std::string(text) +
              "\" is not an address to listen on; it takes ADDRESS:PORT, such as 127.0.0.1:8080, "
              "[::1]:8080 or :8080"};
}

}  // namespace

lab::Result<lab::Endpoint> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refusal(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  lab::Endpoint endpoint;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return refusal(text);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  lab::ErrorCode ec;
  const auto address = boost::asio::ip::make_address(std::string(host), ec);
  if (ec) return refusal(text);
  endpoint.address = address.to_string();
  return endpoint;
}

}  // namespace mockgw
