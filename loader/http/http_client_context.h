// What the HTTP clients of one thread share: host names resolved once, and one TLS context.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loader/http/client_options.h"
#include "loader/http/dns.h"
#include "shared/base/error.h"
#include "shared/base/rng.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/tls.h"

namespace loader {

/// k6 has no limit; this one keeps a gateway gone mad from taking all of the loader's memory.
inline constexpr std::uint64_t kResponseBytesMax = 64 * 1024 * 1024;

struct HttpClientSettings {
  bool insecure_skip_tls_verify = false;
  bool no_connection_reuse = false;
  /// Of a body that is kept, without its content coding. An event stream that is only measured is
  /// not bounded by it, only each of its events.
  std::uint64_t response_bytes_max = kResponseBytesMax;
  lab::Duration dial_timeout = std::chrono::seconds(30);  ///< Of one address; k6's dialer has this.
  DnsSettings dns{};
  ClientOptions options{};
  lab::Rng rng{0};                          ///< For addresses at random.
  std::function<void(std::string)> show{};  ///< Told of each message, if options.debug says so.
};

class HttpClientContext {
 public:
  /// `runtime` outlives it.
  HttpClientContext(lab::Runtime& runtime, HttpClientSettings settings);

  [[nodiscard]] lab::Runtime& runtime() { return runtime_; }
  [[nodiscard]] const HttpClientSettings& settings() const { return settings_; }

  /// The addresses of a host, in the order to try them for one connection. A look-up serves all
  /// until the settings' ttl is over. A failed one is not remembered.
  boost::asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> resolve(
      std::string host, std::uint16_t port, lab::TimePoint deadline);
  /// Puts an address that answered first, so that the next connection does not try a dead one;
  /// where connections are to be spread, it does nothing.
  void prefer(const std::string& host, const lab::Endpoint& endpoint);

  /// For connections to `host`. Made on first use; an Error if the system's certificates cannot be
  /// read.
  [[nodiscard]] lab::Result<lab::TlsContext*> tls(const std::string& host);

 private:
  struct Host {
    std::vector<lab::Endpoint> endpoints;  ///< Empty while the look-up is under way.
    lab::TimePoint expires = lab::kNoDeadline;
  };
  using Key = std::pair<std::string, std::uint16_t>;

  boost::asio::awaitable<lab::IoResult<std::vector<lab::Endpoint>>> look_up(
      std::string host, std::uint16_t port, lab::TimePoint deadline);
  [[nodiscard]] std::vector<lab::Endpoint> ordered(const std::vector<lab::Endpoint>& endpoints);

  lab::Runtime& runtime_;
  HttpClientSettings settings_;
  std::map<Key, Host> hosts_;
  std::uint64_t uses_ = 0;                      ///< Connections that have asked for an address.
  std::map<std::size_t, lab::TlsContext> tls_;  ///< By the certificate that the client shows.
};

}  // namespace loader
