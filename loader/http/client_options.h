// What k6's options say of requests and connections.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/http/dns.h"
#include "loader/http/host_rules.h"
#include "loader/http/http_debug.h"
#include "loader/http/proxy_rules.h"
#include "shared/runtime/tls.h"

namespace loader {

/// k6 has no limit; this one keeps a gateway gone mad from taking all of the loader's memory.
inline constexpr std::uint64_t kResponseBytesMax = 64 * 1024 * 1024;
/// Followed unless the option maxRedirects says otherwise; k6's.
inline constexpr std::uint32_t kRedirectsMaxDefault = 10;

/// A certificate that the client shows: an element of k6's tlsAuth.
struct ClientCertificate {
  std::vector<std::string> domains;  ///< "example.com", "*.example.com"; empty: all.
  lab::TlsPem identity;

  [[nodiscard]] bool is_for(std::string_view host) const;
};

struct ClientOptions {
  bool insecure_skip_tls_verify = false;
  bool no_connection_reuse = false;       ///< A new connection for each request.
  bool no_vu_connection_reuse = false;    ///< A new one for each iteration.
  std::optional<std::string> user_agent;  ///< None: the loader's own; empty: no such header.
  std::uint32_t redirects_max = kRedirectsMaxDefault;
  /// Of a body that is kept, without its content coding. An event stream that is only measured is
  /// not bounded by it, only each of its events.
  std::uint64_t response_bytes_max = kResponseBytesMax;
  DnsSettings dns;
  bool throws = false;            ///< A request without a response ends the iteration.
  bool no_cookies_reset = false;  ///< Cookies outlive the iteration.
  bool discards_bodies = false;   ///< Of http steps: read, but not kept.
  std::optional<std::uint64_t> requests_per_second;  ///< Of all virtual users together.
  HttpDebug debug = HttpDebug::off;
  HostRules hosts;
  ProxyRules proxies;  ///< The environment's; no option says them.
  lab::TlsChoices tls;
  std::vector<ClientCertificate> certificates;
  std::string authority_file;  ///< PEM certificates to trust besides the system's; empty: none.

  /// The settings of connections to a host, with the first certificate that is for it; how many
  /// different ones there are is certificates.size() + 1.
  [[nodiscard]] std::size_t certificate_for(std::string_view host) const;
  [[nodiscard]] lab::TlsSettings tls_settings(std::size_t certificate) const;
};

}  // namespace loader
