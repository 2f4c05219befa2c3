// Runs a coroutine test in either world: real sockets on loopback, or simulation.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "shared/runtime/asio_runtime.h"
#include "shared/sim/sim_runtime.h"

namespace lab::test {

enum class WorldKind { real, simulated };

class World {
 public:
  virtual ~World() = default;
  [[nodiscard]] virtual Runtime& runtime() = 0;
  /// Runs `task` to its end; its exception comes out.
  virtual void run(asio::awaitable<void> task) = 0;
};

[[nodiscard]] std::unique_ptr<World> make_world(WorldKind kind);
[[nodiscard]] std::string world_name(WorldKind kind);

/// A listener on a free port of loopback and a connection to it, both ends.
struct ConnectedPair {
  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;
};
asio::awaitable<ConnectedPair> connect_pair(Runtime& runtime);

}  // namespace lab::test
