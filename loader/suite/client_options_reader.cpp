#include "loader/suite/client_options_reader.h"

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "loader/scenarios/k6_values.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr std::int64_t kRequestsPerSecondMax = 1'000'000'000;
constexpr std::int64_t kBytesMax = std::int64_t{1} << 40;

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

constexpr std::array<Choice<DnsSelect>, 3> kDnsSelects{{{"first", DnsSelect::first},
                                                        {"random", DnsSelect::random},
                                                        {"roundRobin", DnsSelect::round_robin}}};
constexpr std::array<Choice<DnsPolicy>, 5> kDnsPolicies{{{"any", DnsPolicy::any},
                                                         {"preferIPv4", DnsPolicy::prefer_ipv4},
                                                         {"preferIPv6", DnsPolicy::prefer_ipv6},
                                                         {"onlyIPv4", DnsPolicy::only_ipv4},
                                                         {"onlyIPv6", DnsPolicy::only_ipv6}}};

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

std::string cipher_suite_problem(const std::string& name) {
  if (lab::has_cipher_suite(name)) return {};
  return "\"" + name +
         "\" is no cipher suite here; write standard names, such as "
         "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
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

// As in k6, 0 is no bound.
void read_rate(const lab::JsonValue& value, std::optional<std::uint64_t>& rate) {
  const auto read = static_cast<std::uint64_t>(value.as_integer(0, kRequestsPerSecondMax, 0));
  if (read > 0) rate = read;
}

void read_certificates(const lab::JsonValue& value, std::vector<ClientCertificate>& certificates) {
  for (const lab::JsonValue& element : value.as_array()) {
    certificates.push_back(read_certificate(element));
  }
}

lab::Json list_of_texts(lab::SchemaPrinter& printer) {
  return lab::type_of<std::vector<std::string>>().schema(printer, nullptr);
}

lab::Json versions_schema(lab::SchemaPrinter& printer) {
  const lab::Json version = printer.named("tlsVersion", [&] {
    return lab::type_of<lab::TlsVersion>(kVersions).schema(printer, nullptr);
  });
  const auto bound = [&](const char* says) {
    lab::Json described{{"description", says}};
    described.update(version);
    return described;
  };
  return lab::Json{
      {"anyOf",
       {version,
        {{"type", "object"},
         {"additionalProperties", false},
         {"properties", {{"min", bound("The lowest.")}, {"max", bound("The highest.")}}}}}}};
}

// "inf" is for the whole run; a number without a unit is milliseconds.
void read_ttl(const lab::JsonValue& value, std::optional<lab::Duration>& ttl) {
  ttl.reset();
  if (value.json() == "inf") return;
  const lab::Json read = as_k6_reads("duration", value.json());
  ttl = lab::JsonValue(read, value.path(), value.problems()).as_duration();
}
lab::Json ttl_schema(lab::SchemaPrinter& printer) {
  return lab::Json{{"anyOf", {{{"const", "inf"}}, lab::DurationType().schema(printer, nullptr)}}};
}

// Null is as left out.
void read_dns(const lab::JsonValue& value, DnsSettings& dns) {
  const lab::Json set = object_as_k6_reads(value.json());
  lab::read_fields(lab::JsonValue(set, value.path(), value.problems()), dns);
}
lab::Json dns_schema(lab::SchemaPrinter& printer) {
  const DnsSettings dns;
  return lab::StructType::of<DnsSettings>().schema(printer, &dns);
}

}  // namespace

void fields(lab::Fields& f, DnsSettings& c) {
  f("ttl", c.ttl, lab::ReadType<std::optional<lab::Duration>>(read_ttl, ttl_schema),
    lab::Says("How long a look-up is good for.").by_default("the whole run (inf)"));
  f("select", c.select, kDnsSelects, "The one to connect to.");
  f("policy", c.policy, kDnsPolicies, "The family.");
}

void fields(lab::Fields& f, ClientOptions& c) {
  f("insecureSkipTLSVerify", c.insecure_skip_tls_verify, "Accept any certificate.");
  f("noConnectionReuse", c.no_connection_reuse, "A connection for each request.");
  f("noVUConnectionReuse", c.no_vu_connection_reuse, "Connections for each iteration.");
  f("userAgent", c.user_agent, lab::Says("The header.").by_default("the loader's own"));
  f("maxRedirects", c.redirects_max, lab::between(0, 100), "Followed; 0 for none.");
  f(kBytesMaxOption, c.response_bytes_max, lab::between(1, kBytesMax),
    "Of a body; a stream that no check looks into may be longer.");
  f("dns", c.dns, lab::ReadType<DnsSettings>(read_dns, dns_schema), "Addresses of the gateway.");
  using Rate = std::optional<std::uint64_t>;
  f("rps", c.requests_per_second,
    lab::ReadType<Rate>(read_rate,
                        [](lab::SchemaPrinter& printer) {
                          return lab::IntegerType::of<std::uint64_t>(
                                     lab::between(0, kRequestsPerSecondMax))
                              .schema(printer, nullptr);
                        }),
    "Requests per second of all users; 0 is no bound.");
  f("throw", c.throws, "A request without a response ends the iteration.");
  f("discardResponseBodies", c.discards_bodies, "Of http steps.");
  f("noCookiesReset", c.no_cookies_reset, "Cookies outlive the iteration.");
  f("httpDebug", c.debug, kDebugs, lab::Says("Shows messages.").by_default("off"));
  f("hosts", c.hosts,
    lab::ReadType<HostRules>(read_overrides,
                             [](lab::SchemaPrinter& printer) {
                               return lab::TextMapType::of<lab::TextPairs>().schema(printer,
                                                                                    nullptr);
                             }),
    lab::Says("Names, with a port or a wildcard, and their addresses.")
        .such_as(R"({"gateway.test:80":"10.0.0.1"})"));
  f("blockHostnames", c.hosts, lab::ReadType<HostRules>(read_blocked, list_of_texts),
    lab::Says("Not to be connected to.").such_as(R"(["*.example.com"])"));
  f("blacklistIPs", c.hosts,
    lab::ReadType<HostRules>(read_blacklist,
                             [](lab::SchemaPrinter& printer) {
                               lab::Json list = list_of_texts(printer);
                               list["items"]["pattern"] = "/";
                               return list;
                             }),
    lab::Says("Not to be connected to.").such_as(R"(["10.0.0.0/8"])"));
  f("tlsVersion", c.tls, lab::ReadType<lab::TlsChoices>(read_versions, versions_schema),
    "The only one, or the lowest and the highest.");
  f("tlsCipherSuites", c.tls.cipher_suites, lab::TextRules{.problem = cipher_suite_problem},
    lab::Says("Of TLS 1.2 and before, by their standard names.")
        .such_as(R"(["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"])"));
  f("tlsAuth", c.certificates,
    lab::ReadType<std::vector<ClientCertificate>>(
        read_certificates,
        [](lab::SchemaPrinter& /*printer*/) {
          const lab::Json one{{"type", "object"}, {"required", {"cert", "key"}}};
          return lab::Json{{"type", "array"}, {"items", one}};
        }),
    lab::Says("Certificates to show, as PEM texts.")
        .such_as(R"([{"domains":["example.com"],"cert":"-----BEGIN …","key":"-----BEGIN …"}])"));
}

SystemTags read_system_tags(const lab::JsonValue& value) {
  SystemTags tags = SystemTags::none();
  // One that k6 has not leaves nothing out and puts nothing in, as there.
  for (const std::string& name : value.as_string_array()) (void)tags.add(name);
  return tags;
}

}  // namespace loader
