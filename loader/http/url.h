// http and https URLs: what a client needs of them, and joining a path to a gateway's base URL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

/// An absolute http or https URL, taken apart.
struct Url {
  bool is_https = false;
  std::string host;  ///< Lower case; an IPv6 address is without brackets.
  std::uint16_t port = 80;
  std::string target = "/";  ///< Path and query, as on the wire; never empty.

  /// "host", "host:8080", "[::1]:8080": for the Host header; the scheme's own port is left out.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// Parses an absolute URL. User info, other schemes and a missing host are errors; a fragment is
/// dropped.
[[nodiscard]] lab::Result<Url> parse_url(std::string_view text);

/// The same for a URL as scripts have them: of its path and query nothing is refused but control
/// characters, and both go out as they are.
[[nodiscard]] lab::Result<Url> parse_sent_url(std::string_view text);

/// `path` below `base`: "http://h/llm/" and "/v1/models" give "http://h/llm/v1/models". An absolute
/// URL stands for itself. What no URL has as it is, a space or an "ü", is percent-encoded.
[[nodiscard]] lab::Result<Url> join_url(const Url& base, std::string_view path);

/// A redirect's Location against the URL that answered (RFC 3986, 5.2).
[[nodiscard]] lab::Result<Url> resolve_url(const Url& current, std::string_view location);

}  // namespace loader
