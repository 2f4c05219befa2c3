#include "shared/runtime/http_request_rules.h"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <optional>

namespace lab {
namespace {

// A coding list in which chunked is not the last leaves the end of the request unknown: read on,
// its body would be taken for requests (RFC 9112, 6.3 and 11.2). A proxy that adds a coding, or
// knows chunked by another spelling, is not guessed at.
ErrorCode coding_refusal(std::string_view codings, bool http_1_0) {
  if (http_1_0) return Errc::bad_message;  // RFC 9112, 6.1: faulty framing.
  if (equals_ignore_case(codings, "chunked")) return {};
  const std::size_t comma = codings.rfind(',');
  if (comma == std::string_view::npos) return Errc::bad_message;
  std::string_view last = codings.substr(comma + 1);
  last.remove_prefix(std::min(last.find_first_not_of(" \t"), last.size()));
  const bool ends_in_chunked = equals_ignore_case(last, "chunked");
  return ends_in_chunked ? make_error_code(boost::system::errc::not_supported)
                         : ErrorCode(Errc::bad_message);
}

// A registered name, an address in brackets, a port: none of them holds these. Not find_first_of(),
// which searches its set with a call for each character, and every request has a Host.
bool is_host(std::string_view value) {
  return std::ranges::none_of(value, [](char c) {
    return c == ' ' || c == '\t' || c == ',' || c == '/' || c == '?' || c == '#' || c == '@' ||
           c == '\\';
  });
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

ErrorCode refusal_of(const HttpRequest& head) {
  int hosts = 0;
  std::optional<std::string_view> codings;
  for (std::size_t i = 0; i < head.headers.size(); ++i) {
    const HttpHeaders::Field field = head.headers[i];
    if (equals_ignore_case(field.name, "Host")) {
      ++hosts;
      if (!is_host(field.value)) return Errc::bad_message;
    } else if (equals_ignore_case(field.name, "Transfer-Encoding")) {
      if (codings) return Errc::bad_message;
      codings = field.value;
    }
  }
  // RFC 9112, 3.2: exactly one; HTTP/1.0 knew none.
  if (hosts > 1 || (hosts == 0 && !head.http_1_0)) return Errc::bad_message;
  return codings ? coding_refusal(*codings, head.http_1_0) : ErrorCode{};
}

std::string origin_form(std::string_view method, std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignore_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
    const std::string_view path = rest.substr(authority_end);
    if (authority_end == 0) break;  // No host: not a URI of this scheme (RFC 9110, 4.2.1).
    if (path.empty()) return method == "OPTIONS" ? "*" : "/";
    return path.front() == '/' ? std::string(path) : "/" + std::string(path);
  }
  return std::string(target);
}

bool names_other_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find_first_of("\r\n"));
  constexpr std::string_view kPrefix = " HTTP/";
  const std::size_t at = line.rfind(kPrefix);
  if (at == std::string_view::npos) return false;
  const std::string_view version = line.substr(at + kPrefix.size());
  return version.size() == 3 && is_digit(version[0]) && version[0] != '1' && version[1] == '.' &&
         is_digit(version[2]);
}

}  // namespace lab
