// What the HTTP clients of one thread share: host names resolved once, and one TLS context.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/error.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/tls.h"

namespace loader {

struct HttpClientSettings {
  bool insecure_skip_tls_verify = false;
  bool no_connection_reuse = false;
  std::uint64_t response_bytes_max = 10 * 1024 * 1024;
  lab::Duration dial_timeout = std::chrono::seconds(30);  ///< Of one address; k6's dialer has this.
};

class HttpClientContext {
 public:
  /// `runtime` outlives it.
  HttpClientContext(lab::Runtime& runtime, HttpClientSettings settings);

  [[nodiscard]] lab::Runtime& runtime() { return runtime_; }
  [[nodiscard]] const HttpClientSettings& settings() const { return settings_; }

  /// The addresses of a host, in the order to try them. One look-up serves the whole run: a load
  /// test measures the gateway, not the resolver. A failed look-up is not remembered.
  boost::asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> resolve(
      std::string host, std::uint16_t port, lab::TimePoint deadline);
  /// Puts an address that answered first, so that the next connection does not try a dead one.
  void prefer(const std::string& host, const lab::Endpoint& endpoint);

  /// Made on first use; an Error if the system's certificates cannot be read.
  [[nodiscard]] lab::Result<lab::TlsContext*> tls();

 private:
  struct Host {
    std::vector<lab::Endpoint> endpoints;  ///< Empty while the look-up is under way.
  };
  using Key = std::pair<std::string, std::uint16_t>;

  lab::Runtime& runtime_;
  HttpClientSettings settings_;
  std::map<Key, Host> hosts_;
  std::optional<lab::TlsContext> tls_;
};

}  // namespace loader
