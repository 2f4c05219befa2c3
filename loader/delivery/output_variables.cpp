#include "loader/delivery/output_variables.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "loader/http/header_rules.h"
#include "shared/base/flags.h"
#include "shared/base/text_file.h"

namespace loader {
namespace {

// Boost.URL 1.81 takes "http://host:x" for a host with an empty port, and what follows for a path.
bool has_numeric_port(const std::string& address) {
  const std::string shown = without_users(address);
  const std::size_t host = shown.find("://") + 3;
  const std::string_view authority =
      std::string_view(shown).substr(host, shown.find_first_of("/?#", host) - host);
  // An IPv6 address has its colons in brackets.
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':', bracket);
  if (colon == std::string_view::npos) return true;
  const std::string_view port = authority.substr(colon + 1);
  return !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<std::string> OutputVariables::text(const std::string& name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

OutputVariables::Variables OutputVariables::with_prefix(const std::string& prefix) const {
  Variables found;
  for (const auto& [name, value] : variables_) {
    if (name.starts_with(prefix) && !value.empty()) found[name.substr(prefix.size())] = value;
  }
  return found;
}

void OutputVariables::fail(const std::string& where, std::string what) {
  if (!error_) error_ = lab::Error{where, std::move(what)};
}

bool OutputVariables::is_on(const std::string& name, bool otherwise) {
  const auto value = text(name);
  if (!value) return otherwise;
  const auto on = lab::parse_switch(*value);
  if (!on) fail(name, "expected true or false");
  return on.value_or(otherwise);
}

std::uint64_t OutputVariables::number(const std::string& name, std::uint64_t otherwise,
                                      std::uint64_t min, std::uint64_t max) {
  const auto value = text(name);
  if (!value) return otherwise;
  const auto number = lab::Setting{name, *value}.as_number(min, max);
  if (!number) fail(name, number.error().what);
  return number ? *number : otherwise;
}

lab::Duration OutputVariables::interval(const std::string& name, lab::Duration otherwise) {
  const auto value = text(name);
  if (!value) return otherwise;
  const auto duration = parse_interval(*value);
  if (!duration) fail(name, duration.error().what);
  return duration ? *duration : otherwise;
}

void OutputVariables::read_certificate(ClientOptions& client, const std::string& certificate,
                                       const std::string& key) {
  const auto certificate_file = text(certificate);
  const auto key_file = text(key);
  if (!certificate_file && !key_file) return;
  if (!certificate_file || !key_file) {
    return fail(certificate + " and " + key, "both are files, or neither is set");
  }
  auto certificate_text = lab::read_text_argument(*certificate_file);
  if (!certificate_text) return fail(certificate, certificate_text.error().to_string());
  auto key_text = lab::read_text_argument(*key_file);
  if (!key_text) return fail(key, key_text.error().to_string());
  client.certificates.push_back(
      {.domains = {},
       .identity = {.certificate = *std::move(certificate_text), .key = *std::move(key_text)}});
}

lab::Result<lab::Duration> parse_interval(std::string_view text) {
  std::int64_t milliseconds = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  const bool is_number = error == std::errc{} && rest == text.data() + text.size();
  // So that no number of milliseconds overflows.
  constexpr std::int64_t kMillisecondsMax = 1'000'000'000'000;
  const auto duration = is_number ? lab::Result<lab::Duration>(std::chrono::milliseconds(std::clamp(
                                        milliseconds, -kMillisecondsMax, kMillisecondsMax)))
                                  : lab::parse_duration(text);
  if (!duration) return lab::Error{{}, duration.error().what};
  if (*duration < std::chrono::milliseconds(1)) return lab::Error{{}, "expected at least 1ms"};
  return duration;
}

lab::Result<OutputAddress> parse_output_address(const std::string& text, const std::string& where) {
  const lab::Error wrong{
      where,
      "not an address; write http:// or https://, a host, and if need be a port: "
      "http://localhost:8086 (what is special in a user or password is "
      "percent-encoded)"};
  const auto view = boost::urls::parse_uri(text);
  if (view.has_error() || view->host().empty() || !has_numeric_port(text)) return wrong;
  OutputAddress address;
  auto url = parse_url(without_users(text.substr(0, text.find_first_of("?#"))));
  if (!url) return wrong;
  address.url = *std::move(url);
  address.path = view->path().empty() ? "/" : view->path();
  if (view->has_userinfo()) {
    address.user = view->user();
    address.password = view->has_password() ? view->password() : std::string();
  }
  for (const auto& parameter : view->params()) {
    address.query.emplace_back(parameter.key, parameter.value);
  }
  return address;
}

std::string without_users(std::string_view text) {
  constexpr std::string_view kScheme = "://";
  std::string shown(text);
  for (std::size_t at = shown.find(kScheme); at != std::string::npos;
       at = shown.find(kScheme, at)) {
    at += kScheme.size();
    const std::size_t end = std::min(shown.find_first_of("/?#", at), shown.size());
    const std::size_t user_end = std::string_view(shown).substr(0, end).rfind('@');
    if (user_end != std::string::npos && user_end >= at) shown.erase(at, user_end + 1 - at);
  }
  return shown;
}

lab::Result<void> add_user_header(lab::HttpHeaders& headers, const std::string& name,
                                  const std::string& value, const std::string& where) {
  if (auto problem = header_name_problem(name)) return lab::Error{where, *std::move(problem)};
  if (auto problem = header_value_problem(value)) return lab::Error{where, *std::move(problem)};
  headers.set(name, value);
  return {};
}

std::string origin_of(const Url& url) {
  return (url.is_https ? "https://" : "http://") + url.authority();
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [rest, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (error != std::errc{} || digits.size() < 2 || rest != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> listed(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace loader
