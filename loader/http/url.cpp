#include "loader/http/url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

namespace loader {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kLocationShownMax = 200;

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

bool is_host_text(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("\"#/<>?@\\^`{|}").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

// The Error says why, and not yet of what.
lab::Result<Url> from_view(const boost::urls::url_view& view) {
  const auto bad = [](std::string why) { return lab::Error{{}, std::move(why)}; };
  const std::optional<bool> is_https = https_scheme(view);
  if (!is_https) return bad("the scheme is not http or https");
  if (view.has_userinfo()) return bad("user names and passwords are not sent");
  Url url{.is_https = *is_https, .host = host_of(view)};
  if (url.host.empty()) return bad("there is no host");
  // Percent-encoded, all of them get past the parser; and the host becomes a header field.
  if (!is_host_text(url.host)) return bad("the host has characters that no host has");
  url.port = *is_https ? kHttpsPort : kHttpPort;
  if (view.has_port() && !view.port().empty()) {
    const std::optional<std::uint16_t> port = parse_port(view.port());
    if (!port) return bad("the port is not between 1 and 65535");
    url.port = *port;
  }
  url.target = request_target(view);
  return url;
}

bool is_control_character(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }

// What RFC 3986 allows in a path or a query as it is, "%" included.
bool is_url_char(char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/?%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

// How much of a reference is not for percent_encoded(): "http://host:80", "//host", "".
std::size_t authority_end(std::string_view reference) {
  const std::size_t slashes = reference.find("//");
  const bool is_first = slashes == 0;
  const bool is_after_scheme = slashes != std::string_view::npos && slashes > 0 &&
                               reference.find_first_of(":/?") == slashes - 1 &&
                               reference[slashes - 1] == ':';
  if (!is_first && !is_after_scheme) return 0;
  return std::min(reference.find_first_of("/?", slashes + 2), reference.size());
}

// Servers write what a person would: spaces, letters that are not ASCII. Every client sends that
// percent-encoded. The fragment is not for the server.
std::string percent_encoded(std::string_view reference, std::size_t start) {
  reference = reference.substr(0, reference.find('#'));
  std::string out(reference.substr(0, start));
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : reference.substr(start)) {
    if (is_url_char(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view reference) {
  return percent_encoded(reference, authority_end(reference));
}

bool has_scheme(std::string_view reference) {
  const std::size_t end = reference.find_first_of(":/?");
  return end != std::string_view::npos && end > 0 && reference[end] == ':';
}

// RFC 3986, 5.2.2, but for the dots. Not Boost.URL's resolve(), which decodes on its way: "%2F"
// would be a border of segments.
std::string absolute(const Url& current, const std::string& reference) {
  if (has_scheme(reference)) return reference;
  const std::string scheme = current.is_https ? "https:" : "http:";
  if (reference.starts_with("//")) return scheme + reference;
  const std::string origin = scheme + "//" + current.authority();
  if (reference.starts_with('/')) return origin + reference;
  if (reference.empty()) return origin + current.target;
  // A script's own URL may have more in its path than the parser takes.
  const std::string path = percent_encoded(current.target.substr(0, current.target.find('?')), 0);
  if (reference.starts_with('?')) return origin + path + reference;
  return origin + path.substr(0, path.rfind('/') + 1) + reference;
}

// RFC 3986, 5.2.4, for a path that begins with "/".
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    const bool is_parent = segment == "/..";
    if (is_parent) out.erase(std::min(out.rfind('/'), out.size()));
    if (!is_parent && segment != "/.") out += segment;
    // A folder stays one.
    if (path.empty() && (is_parent || segment == "/.")) out += '/';
  }
  return out;
}

bool is_absolute(std::string_view path) {
  const std::size_t colon = path.find("://");
  return colon != std::string_view::npos && path.find_first_of("/?#") > colon;
}

lab::Error bad_path(std::string_view path, const std::string& why) {
  return {{}, "invalid path \"" + std::string(path) + "\": " + why};
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
  auto url = from_view(*view);
  if (url.has_error()) return bad_url(text, url.error().what);
  return url;
}

lab::Result<Url> parse_sent_url(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control_character)) {
    return bad_url(text, "a control character is in it");
  }
  const std::string_view sent = text.substr(0, text.find('#'));
  const std::size_t end = authority_end(sent);
  if (end == 0) return parse_url(text);
  auto url = parse_url(sent.substr(0, end));
  if (!url || end == sent.size()) return url;
  url->target = (sent[end] == '/' ? "" : "/") + std::string(sent.substr(end));
  return url;
}

lab::Result<Url> join_url(const Url& base, std::string_view path) {
  if (std::any_of(path.begin(), path.end(), is_control_character)) {
    return bad_path(path, "a control character is in it");
  }
  if (is_absolute(path)) return parse_url(percent_encoded(path));
  // Below an authority of its own, so that "//" begins no other.
  const std::string below = (path.starts_with('/') ? "" : "/") + percent_encoded(path, 0);
  const std::string whole = "http://gateway" + below;
  const auto relative = boost::urls::parse_uri(whole);
  if (relative.has_error()) return bad_path(path, "\"%\" begins two hexadecimal digits");
  Url joined = base;
  joined.target = base.target.substr(0, base.target.find('?'));
  while (joined.target.ends_with('/')) joined.target.pop_back();
  joined.target += request_target(*relative);
  return joined;
}

lab::Result<Url> resolve_url(const Url& current, std::string_view location) {
  const auto bad = [location](const std::string& why) {
    // It becomes a tag, and comes from elsewhere: bounded.
    return lab::Error{{},
                      "failed to parse Location header \"" +
                          std::string(location.substr(0, kLocationShownMax)) + "\": " + why};
  };
  if (std::any_of(location.begin(), location.end(), is_control_character)) {
    return bad("invalid control character in URL");
  }
  const std::string text = absolute(current, percent_encoded(location));
  const auto resolved = boost::urls::parse_uri(text);
  if (resolved.has_error()) return bad("not a URL (" + resolved.error().message() + ")");
  auto url = from_view(*resolved);
  if (url.has_error()) return bad(url.error().what);
  const std::size_t query = std::min(url->target.find('?'), url->target.size());
  url->target = without_dot_segments(std::string_view(url->target).substr(0, query)) +
                url->target.substr(query);
  return url;
}

}  // namespace loader
