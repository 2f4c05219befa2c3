#include "loader/suite/client_options_reader.h"

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/json.h"

namespace loader {
namespace {

constexpr std::int64_t kRequestsPerSecondMax = 1'000'000'000;

template <class Enum>
using Choice = std::pair<std::string_view, Enum>;

constexpr std::array<Choice<HttpDebug>, 4> kDebugs{{{"headers", HttpDebug::headers},
                                                    {"full", HttpDebug::full},
                                                    {"true", HttpDebug::headers},
                                                    {"", HttpDebug::off}}};
constexpr std::array<Choice<lab::TlsVersion>, 5> kVersions{{{"tls1.0", lab::TlsVersion::tls1_0},
                                                            {"tls1.1", lab::TlsVersion::tls1_1},
                                                            {"tls1.2", lab::TlsVersion::tls1_2},
                                                            {"tls1.3", lab::TlsVersion::tls1_3},
                                                            {"", lab::TlsVersion::any}}};

lab::TlsVersion read_version(const lab::JsonValue& value) {
  return value.as_enum(std::span<const Choice<lab::TlsVersion>>(kVersions), lab::TlsVersion::any);
}

// One version, or the lowest and the highest.
void read_versions(const lab::JsonValue& value, lab::TlsChoices& tls) {
  if (value.json().is_string()) {
    tls.version_min = tls.version_max = read_version(value);
    return;
  }
  lab::JsonObject object = value.as_object();
  if (const auto min = object.find("min")) tls.version_min = read_version(*min);
  if (const auto max = object.find("max")) tls.version_max = read_version(*max);
  object.finish();
  if (tls.version_max != lab::TlsVersion::any && tls.version_min > tls.version_max) {
    value.problem("min must not be above max");
  }
}

std::vector<std::string> read_cipher_suites(const lab::JsonValue& value) {
  std::vector<std::string> suites;
  for (const lab::JsonValue& element : value.as_array()) {
    suites.push_back(element.as_string());
    if (element.json().is_string() && !lab::has_cipher_suite(suites.back())) {
      element.problem("\"" + suites.back() +
                      "\" is no cipher suite here; write standard names, such as "
                      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }
  }
  return suites;
}

ClientCertificate read_certificate(const lab::JsonValue& value) {
  ClientCertificate read;
  lab::JsonObject object = value.as_object();
  if (const auto domains = object.find("domains")) read.domains = domains->as_string_array();
  read.identity.certificate = object.require("cert").as_string();
  read.identity.key = object.require("key").as_string();
  if (const auto password = object.find("password"); password && !password->is_null()) {
    read.identity.password = password->as_string();
  }
  object.finish();
  if (read.identity.certificate.empty() || read.identity.key.empty()) {
    value.problem("cert and key are PEM texts");
    return read;
  }
  const auto context = lab::TlsContext::create({.verify = false, .identity = read.identity});
  if (!context) value.problem(context.error().to_string());
  return read;
}

void read_overrides(const lab::JsonValue& value, HostRules& rules) {
  lab::JsonObject object = value.as_object();
  for (const auto& [name, member] : object.members()) {
    const auto pattern = parse_host_pattern(name, true);
    if (!pattern) {
      value.problem(pattern.error().what);
      continue;
    }
    const std::string text = member.as_string();
    if (!member.json().is_string()) continue;
    const auto target = parse_host_target(text);
    if (target) {
      rules.overrides.add(*pattern, *target);
    } else {
      member.problem(target.error().what);
    }
  }
}

void read_blocked(const lab::JsonValue& value, HostRules& rules) {
  for (const lab::JsonValue& element : value.as_array()) {
    const std::string text = element.as_string();
    if (!element.json().is_string()) continue;
    const auto pattern = parse_host_pattern(text, false);
    if (pattern) {
      rules.blocked.add(*pattern, true);
    } else {
      element.problem(pattern.error().what);
    }
  }
}

void read_blacklist(const lab::JsonValue& value, HostRules& rules) {
  for (const lab::JsonValue& element : value.as_array()) {
    const std::string text = element.as_string();
    if (!element.json().is_string()) continue;
    const auto range = parse_ip_range(text);
    if (range) {
      rules.blacklist.push_back(*range);
    } else {
      element.problem(range.error().what);
    }
  }
}

}  // namespace

ClientOptions read_client_options(const FindOption& find) {
  ClientOptions options;
  if (const auto found = find("throw")) options.throws = found->as_bool();
  if (const auto found = find("noCookiesReset")) options.no_cookies_reset = found->as_bool();
  if (const auto found = find("discardResponseBodies")) options.discards_bodies = found->as_bool();
  if (const auto found = find("rps")) {
    const auto rate = static_cast<std::uint64_t>(found->as_integer(0, kRequestsPerSecondMax, 0));
    // As in k6, 0 is no bound.
    if (rate > 0) options.requests_per_second = rate;
  }
  if (const auto found = find("httpDebug")) {
    options.debug = found->as_enum(std::span<const Choice<HttpDebug>>(kDebugs), HttpDebug::off);
  }
  if (const auto found = find("hosts")) read_overrides(*found, options.hosts);
  if (const auto found = find("blockHostnames")) read_blocked(*found, options.hosts);
  if (const auto found = find("blacklistIPs")) read_blacklist(*found, options.hosts);
  if (const auto found = find("tlsVersion")) read_versions(*found, options.tls);
  if (const auto found = find("tlsCipherSuites")) {
    options.tls.cipher_suites = read_cipher_suites(*found);
  }
  if (const auto found = find("tlsAuth")) {
    for (const lab::JsonValue& element : found->as_array()) {
      options.certificates.push_back(read_certificate(element));
    }
  }
  return options;
}

SystemTags read_system_tags(const lab::JsonValue& value) {
  SystemTags tags = SystemTags::none();
  std::vector<Choice<std::string_view>> choices;
  for (const std::string_view name : SystemTags::kNames) choices.emplace_back(name, name);
  for (const lab::JsonValue& element : value.as_array()) {
    (void)tags.add(element.as_enum(std::span<const Choice<std::string_view>>(choices),
                                   std::string_view("check")));
  }
  return tags;
}

}  // namespace loader
