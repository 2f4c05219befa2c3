#include "loader/http/client_options.h"

#include <algorithm>

namespace loader {

bool ClientCertificate::is_for(std::string_view host) const {
  if (domains.empty()) return true;
  return std::any_of(domains.begin(), domains.end(), [host](std::string_view domain) {
    if (!domain.starts_with("*.")) return lab::equals_ignore_case(host, domain);
    // A wildcard stands for one label, as in certificates (RFC 9525, 6.3).
    const std::size_t dot = host.find('.');
    return dot != std::string_view::npos &&
           lab::equals_ignore_case(host.substr(dot), domain.substr(1));
  });
}

std::size_t ClientOptions::certificate_for(std::string_view host) const {
  const auto found =
      std::find_if(certificates.begin(), certificates.end(),
                   [host](const ClientCertificate& each) { return each.is_for(host); });
  return static_cast<std::size_t>(found - certificates.begin());
}

lab::TlsSettings ClientOptions::tls_settings(std::size_t certificate) const {
  lab::TlsSettings settings{
      .verify = !insecure_skip_tls_verify, .authority_file = authority_file, .choices = tls};
  if (certificate < certificates.size()) settings.identity = certificates[certificate].identity;
  return settings;
}

}  // namespace loader
