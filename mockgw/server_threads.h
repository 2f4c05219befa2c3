// A gateway over real sockets: one thread a runtime and a server, all on one port, until a signal
// ends them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "mockgw/gateway/gateway.h"
#include "mockgw/server/server.h"
#include "shared/base/error.h"
#include "shared/base/time.h"
#include "shared/runtime/endpoint.h"

namespace mockgw {

class ServerThreads {
 public:
  ServerThreads(unsigned threads, ServerOptions options);
  ~ServerThreads();
  ServerThreads(const ServerThreads&) = delete;
  ServerThreads& operator=(const ServerThreads&) = delete;

  /// The clock that the gateway's start is read from.
  [[nodiscard]] lab::TimePoint now() const;
  [[nodiscard]] lab::WallTime wall_now() const;
  /// Listens on `endpoint` with every thread; nothing is served before run().
  [[nodiscard]] lab::Result<lab::Endpoint> listen(const std::shared_ptr<Gateway>& gateway,
                                                  const lab::Endpoint& endpoint);
  /// Serves until SIGTERM or SIGINT, then lets what is in flight finish for `drain_limit` at most.
  /// A second such signal ends the process at once. SIGHUP calls `reload`, on this thread.
  void run(lab::Duration drain_limit, std::function<void()> reload);

 private:
  struct Worker;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mockgw
