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
#include "shared/base/error.h"
#include "shared/base/rng.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/tls.h"

namespace loader {

class HttpClientContext {
 public:
  /// Told of each message, if the option httpDebug says so; empty: nobody looks.
  using Show = std::function<void(std::string)>;

  /// `runtime` and `options` outlive it. `rng` is for addresses at random.
  HttpClientContext(lab::Runtime& runtime, const ClientOptions& options, lab::Rng rng = lab::Rng(0),
                    Show show = {});

  [[nodiscard]] lab::Runtime& runtime() { return runtime_; }
  [[nodiscard]] const ClientOptions& options() const { return options_; }
  [[nodiscard]] const Show& show() const { return show_; }

  /// The addresses of a host, in the order to try them for one connection. A look-up serves all
  /// until the option's ttl is over. A failed one is not remembered.
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
  const ClientOptions& options_;
  lab::Rng rng_;
  Show show_;
  std::map<Key, Host> hosts_;
  std::uint64_t uses_ = 0;                      ///< Connections that have asked for an address.
  std::map<std::size_t, lab::TlsContext> tls_;  ///< By the certificate that the client shows.
};

}  // namespace loader
