#include "mockgw/admin/operator_access.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace mockgw {
namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> address_of(std::string_view text) {
  boost::system::error_code ec;
  const ip::address address = ip::make_address(text, ec);
  return ec ? std::nullopt : std::optional(address);
}

// Of a Host header's value: without the port, and an IPv6 address without its brackets.
std::string_view host_name(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    return end == authority.npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_own_host(std::string_view authority, const AdminConfig& config) {
  const std::string_view name = host_name(authority);
  const bool is_address = address_of(name).has_value();
  // "::1" in brackets only: without them its end could be a port.
  if (authority.starts_with('[')) return is_address && name.find(':') != name.npos;
  return is_address || lab::equals_ignore_case(name, "localhost") ||
         std::ranges::any_of(config.hosts, [&](const std::string& host) {
           return lab::equals_ignore_case(name, host);
         });
}

// The gateway's own origin is the one whose authority the request went to.
bool is_own_origin(std::string_view origin, std::optional<std::string_view> host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) {
      return host && lab::equals_ignore_case(origin.substr(scheme.size()), *host);
    }
  }
  return false;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShownMax = 100;
  return "\"" + std::string(text.substr(0, kShownMax)) + "\"";
}

std::optional<OperatorRefusal> refuse_page(const lab::HttpHeaders& headers) {
  const auto host = headers.find("host");
  const auto origin = headers.find("origin");
  if (origin && !is_own_origin(*origin, host)) {
    return OperatorRefusal{
        403, "a web page of " + quoted(*origin) + " may not use the operator's routes"};
  }
  const auto site = headers.find("sec-fetch-site");
  const bool is_own = !site || *site == "same-origin" || *site == "none";
  if (is_own) return std::nullopt;
  return OperatorRefusal{403, "a web page of another site may not use the operator's routes"};
}

// Takes as long whatever the token's bytes are, so that the time does not tell how many are right.
bool is_token(std::string_view given, std::string_view expected) {
  return given.size() == expected.size() &&
         CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

// RFC 6750, 2.1; the scheme's name is without case (RFC 9110, 11.1).
std::string_view bearer_token(const lab::HttpHeaders& headers) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view value = headers.find("authorization").value_or("");
  const bool is_bearer = value.size() > kScheme.size() &&
                         lab::equals_ignore_case(value.substr(0, kScheme.size()), kScheme);
  const std::size_t begin = std::min(value.find_first_not_of(' ', kScheme.size()), value.size());
  return is_bearer ? value.substr(begin) : "";
}

std::optional<OperatorRefusal> refuse_stranger(const lab::HttpHeaders& headers,
                                               const AdminConfig& config, bool is_on_loopback) {
  if (config.token.empty()) {
    if (is_on_loopback) return std::nullopt;
    return OperatorRefusal{
        403,
        "mockgw listens to other machines, so its operator's routes need a token: start it "
        "with MOCKGW_ADMIN_TOKEN, --admin-token or \"admin\": {\"token\": \"…\"} in the "
        "gateway file, and send Authorization: Bearer …"};
  }
  if (is_token(bearer_token(headers), config.token)) return std::nullopt;
  return OperatorRefusal{401, "the operator's routes need Authorization: Bearer and the token"};
}

}  // namespace

std::optional<OperatorRefusal> refuse_metrics(const lab::HttpHeaders& headers) {
  return refuse_page(headers);
}

std::optional<OperatorRefusal> refuse_admin(const lab::HttpHeaders& headers,
                                            const AdminConfig& config, bool is_on_loopback) {
  // HTTP/1.0 may come without; no browser speaks it.
  const auto host = headers.find("host");
  if (host && !is_own_host(*host, config)) {
    return OperatorRefusal{403, "the host " + quoted(*host) +
                                    " is none of this gateway's names; list it in the gateway "
                                    "file, as in \"admin\": {\"hosts\": [\"mockgw\"]}"};
  }
  if (auto refusal = refuse_page(headers)) return refusal;
  return refuse_stranger(headers, config, is_on_loopback);
}

}  // namespace mockgw
