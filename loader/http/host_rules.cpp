#include "loader/http/host_rules.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <utility>

namespace loader {
namespace {

constexpr unsigned kMappedBits = 96;  // Of an IPv4 address within IPv6's.

std::optional<std::array<std::uint8_t, 16>> bytes_of(std::string_view text) {
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(text, ec);
  if (ec) return std::nullopt;
  if (address.is_v6()) return address.to_v6().to_bytes();
  return boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, address.to_v4()).to_bytes();
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0) return std::nullopt;
  return port;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// Labels with dots between them.
bool is_host_name(std::string_view name) {
  while (true) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_numeric_address(std::string_view text) { return bytes_of(text).has_value(); }

bool IpRange::contains(std::string_view address) const {
  const auto other = bytes_of(address);
  if (!other) return false;
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(bytes.begin(), bytes.begin() + whole, other->begin())) return false;
  const unsigned left = bits % 8;
  if (left == 0) return true;
  const auto at = static_cast<std::size_t>(whole);
  return (bytes[at] ^ (*other)[at]) >> (8 - left) == 0;
}

bool HostRules::is_blocked(std::string_view host) const {
  // Names only, as in k6: an address is what blacklistIPs is for.
  return !blocked.empty() && !is_numeric_address(host) && blocked.find(host) != nullptr;
}

bool HostRules::is_blacklisted(std::string_view address) const {
  return std::any_of(blacklist.begin(), blacklist.end(),
                     [address](const IpRange& range) { return range.contains(address); });
}

std::optional<HostTarget> HostRules::find_override(std::string_view host,
                                                   std::uint16_t port) const {
  if (overrides.empty()) return std::nullopt;
  const HostTarget* found = overrides.find(std::string(host) + ":" + std::to_string(port));
  if (found == nullptr) found = overrides.find(host);
  if (found == nullptr) return std::nullopt;
  return HostTarget{found->address, found->port != 0 ? found->port : port};
}

lab::Result<HostTarget> parse_host_target(std::string_view text) {
  if (is_numeric_address(text)) return HostTarget{std::string(text), 0};
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    std::string_view address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) {
      address = address.substr(1, address.size() - 2);
    }
    const auto port = port_of(text.substr(colon + 1));
    if (port && is_numeric_address(address)) return HostTarget{std::string(address), *port};
  }
  return lab::Error{
      {},
      "\"" + std::string(text) + "\" is no address; write 10.0.0.1, 10.0.0.1:8080 or [::1]:8080"};
}

lab::Result<std::string> parse_host_pattern(std::string_view text, bool may_have_port) {
  std::string pattern = in_lower_case(text);
  std::string_view name = pattern;
  const lab::Error wrong{{},
                         "\"" + std::string(text) +
                             "\" is no host name; write a name, with * at most at its start" +
                             (may_have_port ? ", and a port if need be" : "")};
  if (const std::size_t colon = name.rfind(':'); may_have_port && colon != std::string::npos) {
    if (!port_of(name.substr(colon + 1))) return wrong;
    name = name.substr(0, colon);
  }
  const bool is_wild = name.starts_with('*');
  if (is_wild) name.remove_prefix(1);
  if (is_wild && name.starts_with('.')) name.remove_prefix(1);
  if (!is_host_name(name) && !(is_wild && name.empty())) return wrong;
  return lab::Result<std::string>(boost::system::in_place_value, std::move(pattern));
}

lab::Result<IpRange> parse_ip_range(std::string_view text) {
  const lab::Error wrong{
      {}, "\"" + std::string(text) + "\" is no range of addresses; write 10.0.0.0/8 or fd00::/8"};
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return wrong;
  const std::string_view address = text.substr(0, slash);
  const auto bytes = bytes_of(address);
  if (!bytes) return wrong;
  const bool is_ipv6 = address.find(':') != std::string_view::npos;
  unsigned bits = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, bits);
  if (error != std::errc{} || rest != end || bits > (is_ipv6 ? 128U : 32U)) return wrong;
  return IpRange{*bytes, is_ipv6 ? bits : kMappedBits + bits};
}

}  // namespace loader
