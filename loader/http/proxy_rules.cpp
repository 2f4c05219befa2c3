#include "loader/http/proxy_rules.h"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <utility>

#include "loader/http/header_rules.h"

namespace loader {
namespace {

lab::Result<Proxy> parse_proxy(const std::string& variable, const std::string& text) {
  // As in Go a scheme may be left out.
  const bool has_scheme = text.find("://") != std::string::npos;
  const std::string whole = has_scheme ? text : "http://" + text;
  const lab::Error wrong{variable, "\"" + text +
                                       "\" is no proxy; write http://host:port or https://…, with "
                                       "user:password@ before the host if need be"};
  const auto view = boost::urls::parse_uri(whole);
  if (view.has_error() || view->host().empty()) return wrong;
  if (view->scheme().starts_with("socks")) {
    return lab::Error{variable, "loader has no SOCKS; use a proxy for http, or unset it"};
  }
  if (view->scheme() != "http" && view->scheme() != "https") return wrong;
  Proxy proxy;
  proxy.is_https = view->scheme() == "https";
  proxy.host = view->host();
  if (proxy.host.starts_with('[')) proxy.host = proxy.host.substr(1, proxy.host.size() - 2);
  proxy.port = proxy.is_https ? 443 : 80;
  if (view->has_port() && !view->port().empty()) {
    const std::string_view port = view->port();
    const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), proxy.port);
    if (error != std::errc{} || rest != port.data() + port.size() || proxy.port == 0) return wrong;
  }
  if (view->has_userinfo()) {
    const std::string password = view->has_password() ? view->password() : "";
    proxy.authorization = basic_authorization(view->user(), password);
  }
  return proxy;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  static constexpr std::array<std::string_view, 2> kRanges{"127.0.0.0/8", "::1/128"};
  return std::any_of(kRanges.begin(), kRanges.end(), [&host](std::string_view range) {
    return parse_ip_range(range)->contains(host);
  });
}

// What is before the last colon, if what follows is a port; an IPv6 address loses its brackets.
std::pair<std::string, std::optional<std::uint16_t>> split_port(std::string_view text) {
  std::optional<std::uint16_t> port;
  const std::size_t colon = text.rfind(':');
  const bool is_address = is_numeric_address(text);
  if (!is_address && colon != std::string_view::npos) {
    std::uint16_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, number);
    if (error == std::errc{} && rest == end) {
      port = number;
      text = text.substr(0, colon);
    }
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return {std::string(text), port};
}

}  // namespace

lab::Result<ProxyRules> ProxyRules::from(
    const std::function<std::optional<std::string>(const std::string&)>& variable) {
  const auto first_of = [&variable](const char* capital, const char* small) {
    for (const char* const name : {capital, small}) {
      const auto value = variable(name);
      if (value && !value->empty()) return std::pair<std::string, std::string>(name, *value);
    }
    return std::pair<std::string, std::string>();
  };
  ProxyRules rules;
  if (const auto [name, text] = first_of("HTTP_PROXY", "http_proxy"); !text.empty()) {
    auto proxy = parse_proxy(name, text);
    if (!proxy) return proxy.error();
    rules.http_ = *std::move(proxy);
  }
  if (const auto [name, text] = first_of("HTTPS_PROXY", "https_proxy"); !text.empty()) {
    auto proxy = parse_proxy(name, text);
    if (!proxy) return proxy.error();
    rules.https_ = *std::move(proxy);
  }
  rules.read_exceptions(first_of("NO_PROXY", "no_proxy").second);
  return rules;
}

lab::Result<ProxyRules> ProxyRules::for_all(const std::string& variable,
                                            const std::string& address) {
  auto proxy = parse_proxy(variable, address);
  if (!proxy) return proxy.error();
  ProxyRules rules;
  rules.http_ = *proxy;
  rules.https_ = *std::move(proxy);
  rules.is_for_all_ = true;
  return rules;
}

void ProxyRules::read_exceptions(std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view entry = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (entry == "*") {
      is_never_ = true;
      return;
    }
    if (const auto range = parse_ip_range(entry)) {
      exceptions_.push_back({.range = *range, .suffix = {}, .port = std::nullopt});
      continue;
    }
    auto [host, port] = split_port(entry);
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (host.empty()) continue;
    if (is_numeric_address(host)) {
      const bool is_ipv6 = host.find(':') != std::string::npos;
      const auto range = parse_ip_range(host + (is_ipv6 ? "/128" : "/32"));
      exceptions_.push_back({.range = *range, .suffix = {}, .port = port});
      continue;
    }
    if (host.starts_with("*.")) host.erase(0, 1);
    const bool is_name_too = !host.starts_with('.');
    exceptions_.push_back({.range = std::nullopt,
                           .suffix = is_name_too ? "." + host : host,
                           .is_name_too = is_name_too,
                           .port = port});
  }
}

bool ProxyRules::Exception::covers(const Url& url) const {
  if (port && *port != url.port) return false;
  if (range) return range->contains(url.host);
  return url.host.ends_with(suffix) || (is_name_too && url.host == suffix.substr(1));
}

const Proxy* ProxyRules::proxy_for(const Url& url) const {
  const std::optional<Proxy>& proxy = url.is_https ? https_ : http_;
  if (proxy && is_for_all_) return &*proxy;
  if (!proxy || is_never_ || is_loopback(url.host)) return nullptr;
  const bool is_excepted =
      std::any_of(exceptions_.begin(), exceptions_.end(),
                  [&url](const Exception& exception) { return exception.covers(url); });
  return is_excepted ? nullptr : &*proxy;
}

}  // namespace loader
