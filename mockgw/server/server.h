// One thread's share of a gateway: accepts connections and serves each with a coroutine of its own.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <limits>
#include <memory>

#include "mockgw/gateway/gateway.h"
#include "shared/base/error.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/tls.h"

namespace mockgw {

struct ServerState;

struct ServerOptions {
  /// What the process can have open; the gateway file's limits.max_connections may be less.
  std::size_t connections_max = std::numeric_limits<std::size_t>::max();
  /// Set: every connection begins with a TLS handshake. Outlives the runtime's coroutines.
  lab::TlsContext* tls = nullptr;
};

/// Everything happens on the runtime's thread. What runs after this object is destroyed (coroutines
/// that the runtime has not finished) stays valid as long as the runtime is.
class Server {
 public:
  /// The gateway is shared with the servers of the other threads, and with the coroutines of all of
  /// them.
  Server(lab::Runtime& runtime, std::shared_ptr<Gateway> gateway, ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and begins to accept. `share` as in Runtime::listen. Returns the endpoint in use.
  [[nodiscard]] lab::IoResult<lab::Endpoint> start(const lab::Endpoint& endpoint, bool share);
  /// Stops accepting, ends idle connections, lets the answers under way finish with `Connection:
  /// close`. Can be called again without effect.
  void stop();
  /// Completes once no connection is left, or at `deadline` if that is earlier: true if none is
  /// left.
  lab::asio::awaitable<bool> drained(lab::TimePoint deadline);

  [[nodiscard]] std::size_t open_connections() const;

 private:
  std::shared_ptr<ServerState> state_;  // Shared with the coroutines of its connections.
};

}  // namespace mockgw
