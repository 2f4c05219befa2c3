#include "shared/runtime/web_page_rules.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace lab {
namespace {

bool is_ip_address(std::string_view text) {
  boost::system::error_code ec;
  (void)boost::asio::ip::make_address(text, ec);
  return !ec;
}

// Of a Host header's value: without the port, and an IPv6 address without its brackets.
std::string_view host_name(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    return end == authority.npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

// The server's own origin is the one whose authority the request went to.
bool is_own_origin(std::string_view origin, std::optional<std::string_view> host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      return host && equals_ignore_case(origin.substr(scheme.size()), *host);
    }
  }
  return false;
}

}  // namespace

bool is_own_host(std::string_view authority, std::span<const std::string> names) {
  const std::string_view name = host_name(authority);
  const bool is_address = is_ip_address(name);
  // "::1" in brackets only: without them its end could be a port.
  if (authority.starts_with('[')) return is_address && name.find(':') != name.npos;
  return is_address || equals_ignore_case(name, "localhost") ||
         std::ranges::any_of(names,
                             [&](const std::string& own) { return equals_ignore_case(name, own); });
}

std::optional<std::string> foreign_page(const HttpHeaders& headers) {
  const auto origin = headers.find("origin");
  if (origin && !is_own_origin(*origin, headers.find("host"))) {
    return "a web page of " + quoted_start(*origin);
  }
  const auto site = headers.find("sec-fetch-site");
  if (!site || *site == "same-origin" || *site == "none") return std::nullopt;
  return "a web page of another site";
}

std::string quoted_start(std::string_view text) {
  constexpr std::size_t kShownMax = 100;
  return "\"" + std::string(text.substr(0, kShownMax)) + "\"";
}

}  // namespace lab
