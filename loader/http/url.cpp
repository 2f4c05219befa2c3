#include "loader/http/url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

namespace loader {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

lab::Error bad_url(std::string_view text, std::string_view why) {
  return {{},
          "invalid URL \"" + std::string(text) + "\": " + std::string(why) +
              "; write http://host[:port][/path] or https://…"};
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::optional<bool> https_scheme(const boost::urls::url_view& view) {
  if (view.scheme_id() == boost::urls::scheme::http) return false;
  if (view.scheme_id() == boost::urls::scheme::https) return true;
  return std::nullopt;
}

std::string request_target(const boost::urls::url_view& view) {
  std::string target(view.encoded_path());
  if (target.empty()) target = "/";
  if (view.has_query()) {
    target += '?';
    target += std::string_view(view.encoded_query());
  }
  return target;
}

// Boost.URL's port_number() does not refuse a number that is too large.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0) return std::nullopt;
  return port;
}

std::string host_of(const boost::urls::url_view& view) {
  std::string host = lower_case(view.host());
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return host;
}

lab::Result<Url> from_view(const boost::urls::url_view& view, std::string_view text) {
  const std::optional<bool> is_https = https_scheme(view);
  if (!is_https) return bad_url(text, "the scheme is not http or https");
  if (view.has_userinfo()) return bad_url(text, "user names and passwords are not sent");
  Url url{.is_https = *is_https, .host = host_of(view)};
  if (url.host.empty()) return bad_url(text, "there is no host");
  url.port = *is_https ? kHttpsPort : kHttpPort;
  if (view.has_port() && !view.port().empty()) {
    const std::optional<std::uint16_t> port = parse_port(view.port());
    if (!port) return bad_url(text, "the port is not between 1 and 65535");
    url.port = *port;
  }
  url.target = request_target(view);
  return url;
}

bool is_absolute(std::string_view path) {
  const std::size_t colon = path.find("://");
  return colon != std::string_view::npos && path.find_first_of("/?#") > colon;
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (is_https ? kHttpsPort : kHttpPort)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::to_string() const {
  return (is_https ? "https://" : "http://") + authority() + target;
}

lab::Result<Url> parse_url(std::string_view text) {
  const auto view = boost::urls::parse_uri(text);
  if (view.has_error()) return bad_url(text, view.error().message());
  return from_view(*view, text);
}

lab::Result<Url> join_url(const Url& base, std::string_view path) {
  if (is_absolute(path)) return parse_url(path);
  const auto relative = boost::urls::parse_uri_reference(path);
  if (relative.has_error()) return bad_url(path, relative.error().message());
  Url joined = base;
  joined.target = base.target.substr(0, base.target.find('?'));
  while (joined.target.ends_with('/')) joined.target.pop_back();
  const std::string below = request_target(*relative);
  if (!below.starts_with('/')) joined.target += '/';
  joined.target += below;
  return joined;
}

lab::Result<Url> resolve_url(const Url& current, std::string_view location) {
  const std::string current_text = current.to_string();
  const auto base = boost::urls::parse_uri(current_text);
  const auto reference = boost::urls::parse_uri_reference(location);
  if (base.has_error()) return bad_url(current_text, base.error().message());
  if (reference.has_error()) return bad_url(location, reference.error().message());
  boost::urls::url resolved;
  const auto done = boost::urls::resolve(*base, *reference, resolved);
  if (done.has_error()) return bad_url(location, done.error().message());
  return from_view(resolved, location);
}

}  // namespace loader
