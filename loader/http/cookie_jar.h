// The cookies of one virtual user, by the rules of RFC 6265 as Go's cookiejar has them, whose jar
// is k6's: without a list of public suffixes. No I/O, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/http/url.h"
#include "shared/base/time.h"

namespace loader {

/// A Set-Cookie field taken apart (RFC 6265, 5.2).
struct SetCookie {
  std::string name;
  std::string value;
  bool is_quoted = false;
  std::string domain;  ///< Empty: the host's alone.
  std::string path;    ///< Empty, or anything that is no path: that of the request.
  bool is_secure = false;
  /// In seconds; zero and below: it is to go. It wins over `expires`.
  std::optional<std::int64_t> max_age;
  std::optional<lab::WallTime> expires;
};

/// None if the field holds no cookie. An attribute that is malformed counts as not there.
[[nodiscard]] std::optional<SetCookie> parse_set_cookie(std::string_view field);
/// "Sun, 06 Nov 1994 08:49:37 GMT", also with hyphens.
[[nodiscard]] std::optional<lab::WallTime> parse_cookie_date(std::string_view text);

class CookieJar {
 public:
  /// A server can make no jar grow without bound: the oldest cookie goes.
  static constexpr std::size_t kCookiesMax = 1000;

  /// Takes what a response of `url` sets, or drops what it wants gone. A cookie for a foreign
  /// domain is refused.
  void store(const Url& url, std::string_view set_cookie, lab::WallTime now);
  /// The value of the header Cookie for a request, without the cookies of some names; empty if
  /// there is none to send.
  [[nodiscard]] std::string header_for(const Url& url, lab::WallTime now,
                                       std::span<const std::string> but_for = {});

  /// The same as names and values, in that order.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> list_for(const Url& url,
                                                                          lab::WallTime now);
  /// As in k6 those that an answer of `url` sets which says neither domain nor path: all that would
  /// be sent there, or the one of a name.
  void clear(const Url& url, lab::WallTime now);
  void erase(const Url& url, std::string_view name);

  void clear() { cookies_.clear(); }
  [[nodiscard]] bool empty() const { return cookies_.empty(); }

 private:
  struct Cookie {
    std::string name;
    std::string value;
    bool is_quoted = false;
    std::string site;  ///< The last two labels of the host that set it: others never get it.
    std::string domain;
    std::string path;
    bool is_of_host_only = true;
    bool is_secure = false;
    std::optional<lab::WallTime> expires;

    [[nodiscard]] bool is_same(const Cookie& other) const {
      return name == other.name && domain == other.domain && path == other.path;
    }
    [[nodiscard]] bool is_for(const Url& url, std::string_view request_path) const;
    /// What it has is what an answer of `url` gives by default.
    [[nodiscard]] bool is_of(const Url& url) const;
  };
  /// Those to be sent to `url`, in their order; what has expired is gone.
  [[nodiscard]] std::vector<const Cookie*> chosen_for(const Url& url, lab::WallTime now);

  std::vector<Cookie> cookies_;  ///< In the order of their creation.
};

}  // namespace loader
