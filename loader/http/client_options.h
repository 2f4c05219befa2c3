// What k6's options say of requests and connections, beyond what there is a setting for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/http/host_rules.h"
#include "loader/http/http_debug.h"
#include "loader/http/proxy_rules.h"
#include "shared/runtime/tls.h"

namespace loader {

/// A certificate that the client shows: an element of k6's tlsAuth.
struct ClientCertificate {
  std::vector<std::string> domains;  ///< "example.com", "*.example.com"; empty: all.
  lab::TlsPem identity;

  [[nodiscard]] bool is_for(std::string_view host) const;
};

struct ClientOptions {
  bool throws = false;            ///< A request without a response ends the iteration.
  bool no_cookies_reset = false;  ///< Cookies outlive the iteration.
  bool discards_bodies = false;   ///< Of http steps: read, but not kept.
  std::optional<std::uint64_t> requests_per_second;  ///< Of all virtual users together.
  HttpDebug debug = HttpDebug::off;
  HostRules hosts;
  ProxyRules proxies;
  lab::TlsChoices tls;
  std::vector<ClientCertificate> certificates;

  /// The settings of connections to a host, with the first certificate that is for it; how many
  /// different ones there are is certificates.size() + 1.
  [[nodiscard]] std::size_t certificate_for(std::string_view host) const;
  [[nodiscard]] lab::TlsSettings tls_settings(std::size_t certificate, bool verify) const;
};

}  // namespace loader
