// The seam between our code and the world: the only way to time and network. Two worlds implement
// it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/endpoint.h"
#include "shared/runtime/stream.h"

namespace lab {

/// Accepts connections for one endpoint. Destroying it closes it.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The next connection. Fails with operation_aborted once closed; other errors are of one
  /// connection only.
  virtual asio::awaitable<IoResult<std::unique_ptr<Stream>>> accept() = 0;
  /// Stops listening; connections not yet accepted are refused or reset. A pending accept() fails.
  virtual void close() = 0;
  /// The endpoint in use; with port 0 asked for, the port that was given.
  [[nodiscard]] virtual Endpoint local_endpoint() const = 0;
};

/// A clock, timers and a network, all on one executor that runs on one thread. Nothing else in the
/// project reads a clock or opens a socket. Not thread-safe: each thread has its own Runtime.
class Runtime {
 public:
  virtual ~Runtime() = default;

  [[nodiscard]] virtual asio::any_io_executor executor() = 0;

  /// The steady clock, or virtual time.
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// UTC for what is written into files: the system clock, or a fixed epoch plus virtual time.
  [[nodiscard]] virtual WallTime wall_now() const = 0;

  /// Completes at `deadline`, or soon after if it is past; operation_aborted if cancelled. Never
  /// completes inline.
  virtual asio::awaitable<ErrorCode> sleep_until(TimePoint deadline) = 0;
  asio::awaitable<ErrorCode> sleep_for(Duration d) { return sleep_until(later(now(), d)); }

  /// Listens. `share` lets several Runtimes of one process listen on one port (SO_REUSEPORT).
  virtual IoResult<std::unique_ptr<Listener>> listen(const Endpoint& endpoint,
                                                     bool share = false) = 0;
  /// Connects. Fails with connection_refused and the like, or Errc::timeout at the deadline.
  virtual asio::awaitable<IoResult<std::unique_ptr<Stream>>> connect(Endpoint endpoint,
                                                                     TimePoint deadline) = 0;
  /// Numeric addresses of a host name, at least one, in the resolver's order; a numeric host is
  /// returned as it is.
  virtual asio::awaitable<IoResult<std::vector<Endpoint>>> resolve(std::string host,
                                                                   std::uint16_t port,
                                                                   TimePoint deadline) = 0;
};

}  // namespace lab
