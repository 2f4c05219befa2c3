#include "loader/http/cookie_jar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "loader/http/header_rules.h"
#include "loader/http/host_rules.h"
#include "shared/runtime/http_message.h"

namespace loader {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != ';' && c != '\\';
  });
}

bool ends_with_label(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

// As Go keys its jar: cookies are shared within a site, whatever their domain says.
std::string site_of(const std::string& host) {
  if (is_numeric_address(host)) return host;
  const std::size_t last = host.rfind('.');
  if (last == std::string::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string::npos ? host : host.substr(before + 1);
}

std::string path_of(const Url& url) { return std::string(lab::target_path(url.target)); }

// RFC 6265, 5.1.4.
std::string default_path(std::string_view request_path) {
  const std::size_t last = request_path.rfind('/');
  if (!request_path.starts_with('/') || last == 0) return "/";
  return std::string(request_path.substr(0, last));
}

struct CookieDomain {
  std::string name;
  bool is_of_host_only = true;
};

// None: the cookie is to be refused.
std::optional<CookieDomain> domain_of(const std::string& host, std::string_view said) {
  if (said.empty()) return CookieDomain{host, true};
  if (is_numeric_address(host)) {
    return host == said ? std::optional(CookieDomain{host, true}) : std::nullopt;
  }
  if (said.starts_with('.')) said.remove_prefix(1);
  if (said.empty() || said.front() == '.' || said.back() == '.') return std::nullopt;
  std::string domain(said);
  for (char& c : domain) {
    if (static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  if (host != domain && !ends_with_label(host, domain)) return std::nullopt;
  return CookieDomain{std::move(domain), false};
}

std::string cookie_host(const Url& url) {
  std::string host = url.host;
  if (host.ends_with('.')) host.pop_back();
  return host;
}

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end || number < 0) return std::nullopt;
  return number;
}

void read_max_age(SetCookie& cookie, std::string_view value) {
  std::int64_t seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, seconds);
  if (error != std::errc{} || rest != end) return;
  if (seconds != 0 && value.front() == '0') return;
  cookie.max_age = seconds;
}

void read_attribute(SetCookie& cookie, std::string_view attribute) {
  const std::size_t equals = attribute.find('=');
  const std::string_view name = attribute.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : attribute.substr(equals + 1);
  if (!is_value(value)) return;
  if (lab::equals_ignore_case(name, "secure")) cookie.is_secure = true;
  if (lab::equals_ignore_case(name, "domain")) cookie.domain = value;
  if (lab::equals_ignore_case(name, "path")) cookie.path = value;
  if (lab::equals_ignore_case(name, "max-age") && !value.empty()) read_max_age(cookie, value);
  if (lab::equals_ignore_case(name, "expires")) {
    if (const auto at = parse_cookie_date(value)) cookie.expires = at;
  }
}

}  // namespace

std::optional<lab::WallTime> parse_cookie_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // "Sun, 06 Nov 1994 08:49:37 GMT": each part has its place.
  constexpr std::size_t kSize = 29;
  if (text.size() != kSize || text.substr(3, 2) != ", ") return std::nullopt;
  if ((text[7] != ' ' && text[7] != '-') || text[11] != text[7] || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text[25] != ' ') {
    return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = number_in(text.substr(5, 2));
  const auto year = number_in(text.substr(12, 4));
  const auto hour = number_in(text.substr(17, 2));
  const auto minute = number_in(text.substr(20, 2));
  const auto second = number_in(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  // Within what nanoseconds hold; later ones are as good as never.
  constexpr int kYearMax = 2200;
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  if (*year > kYearMax) return lab::WallTime::max();
  if (*year < 1970) return lab::WallTime{};
  return lab::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<SetCookie> parse_set_cookie(std::string_view field) {
  std::size_t end = field.find(';');
  const std::string_view pair = trimmed(field.substr(0, end));
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  SetCookie cookie;
  cookie.name = trimmed(pair.substr(0, equals));
  std::string_view value = pair.substr(equals + 1);
  if (value.size() > 1 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
    cookie.is_quoted = true;
  }
  if (!is_token(cookie.name) || !is_value(value)) return std::nullopt;
  cookie.value = value;
  while (end != std::string_view::npos) {
    field.remove_prefix(end + 1);
    end = field.find(';');
    read_attribute(cookie, trimmed(field.substr(0, end)));
  }
  return cookie;
}

bool CookieJar::Cookie::is_for(const Url& url, std::string_view request_path) const {
  const std::string host = cookie_host(url);
  if (site != site_of(host)) return false;
  if (host != domain && (is_of_host_only || !ends_with_label(host, domain))) return false;
  if (is_secure && !url.is_https) return false;
  if (request_path == path) return true;
  return request_path.starts_with(path) &&
         (path.ends_with('/') || request_path[path.size()] == '/');
}

void CookieJar::store(const Url& url, std::string_view set_cookie, lab::WallTime now) {
  const auto said = parse_set_cookie(set_cookie);
  if (!said) return;
  const std::string host = cookie_host(url);
  const auto domain = domain_of(host, said->domain);
  if (!domain) return;
  Cookie cookie{.name = said->name,
                .value = said->value,
                .is_quoted = said->is_quoted,
                .site = site_of(host),
                .domain = domain->name,
                .path = said->path.starts_with('/') ? said->path : default_path(path_of(url)),
                .is_of_host_only = domain->is_of_host_only,
                .is_secure = said->is_secure,
                .expires = said->expires};
  constexpr std::int64_t kSecondsMax = std::int64_t{60} * 60 * 24 * 365 * 100;
  if (said->max_age) {
    cookie.expires =
        now + std::chrono::seconds(std::clamp<std::int64_t>(*said->max_age, 0, kSecondsMax));
  }
  const auto found = std::find_if(cookies_.begin(), cookies_.end(),
                                  [&](const Cookie& each) { return each.is_same(cookie); });
  if (cookie.expires && *cookie.expires <= now) {
    if (found != cookies_.end()) cookies_.erase(found);
  } else if (found != cookies_.end()) {
    *found = std::move(cookie);
  } else {
    if (cookies_.size() == kCookiesMax) cookies_.erase(cookies_.begin());
    cookies_.push_back(std::move(cookie));
  }
}

std::vector<const CookieJar::Cookie*> CookieJar::chosen_for(const Url& url, lab::WallTime now) {
  std::erase_if(cookies_,
                [now](const Cookie& each) { return each.expires && *each.expires <= now; });
  const std::string path = path_of(url);
  std::vector<const Cookie*> chosen;
  for (const Cookie& cookie : cookies_) {
    if (cookie.is_for(url, path)) chosen.push_back(&cookie);
  }
  // RFC 6265, 5.4: longer paths first; of the same, older cookies.
  std::stable_sort(chosen.begin(), chosen.end(), [](const Cookie* a, const Cookie* b) {
    return a->path.size() > b->path.size();
  });
  return chosen;
}

std::string CookieJar::header_for(const Url& url, lab::WallTime now,
                                  std::span<const std::string> but_for) {
  std::string header;
  for (const Cookie* const cookie : chosen_for(url, now)) {
    if (std::find(but_for.begin(), but_for.end(), cookie->name) != but_for.end()) continue;
    const bool is_quoted =
        !cookie->value.empty() &&
        (cookie->is_quoted || cookie->value.find_first_of(" ,") != std::string::npos);
    const std::string quote = is_quoted ? "\"" : "";
    header += (header.empty() ? "" : "; ") + cookie->name + "=" + quote + cookie->value + quote;
  }
  return header;
}

std::vector<std::pair<std::string, std::string>> CookieJar::list_for(const Url& url,
                                                                     lab::WallTime now) {
  std::vector<std::pair<std::string, std::string>> list;
  for (const Cookie* const cookie : chosen_for(url, now)) {
    list.emplace_back(cookie->name, cookie->value);
  }
  return list;
}

bool CookieJar::Cookie::is_of(const Url& url) const {
  return domain == cookie_host(url) && path == default_path(path_of(url));
}

void CookieJar::clear(const Url& url, lab::WallTime now) {
  const std::vector<const Cookie*> chosen = chosen_for(url, now);
  std::erase_if(cookies_, [&](const Cookie& each) {
    return each.is_of(url) && std::find(chosen.begin(), chosen.end(), &each) != chosen.end();
  });
}

void CookieJar::erase(const Url& url, std::string_view name) {
  std::erase_if(cookies_, [&](const Cookie& each) { return each.name == name && each.is_of(url); });
}

}  // namespace loader
