#include "tests/support/world.h"

#include <boost/asio/co_spawn.hpp>
#include <stdexcept>

namespace lab::test {
namespace {

class RealWorld final : public World {
 public:
  Runtime& runtime() override { return runtime_; }
  void run(asio::awaitable<void> task) override {
    std::exception_ptr exception;
    asio::co_spawn(runtime_.executor(), std::move(task), [&](std::exception_ptr e) {
      exception = e;
      runtime_.stop();
    });
    runtime_.run();
    if (exception) std::rethrow_exception(exception);
  }

 private:
  AsioRuntime runtime_;
};

class SimulatedWorld final : public World {
 public:
  Runtime& runtime() override { return runtime_; }
  void run(asio::awaitable<void> task) override {
    const auto done = runtime_.run_until_complete(std::move(task));
    if (!done) throw std::runtime_error(done.error().to_string());
  }

 private:
  SimRuntime runtime_;
};

}  // namespace

std::unique_ptr<World> make_world(WorldKind kind) {
  if (kind == WorldKind::real) return std::make_unique<RealWorld>();
  return std::make_unique<SimulatedWorld>();
}

std::string world_name(WorldKind kind) { return kind == WorldKind::real ? "Real" : "Simulated"; }

asio::awaitable<ConnectedPair> connect_pair(Runtime& runtime) {
  auto listener = runtime.listen({"127.0.0.1", 0}).value();
  auto client = co_await runtime.connect(listener->local_endpoint(), kNoDeadline);
  auto server = co_await listener->accept();
  co_return ConnectedPair{std::move(client).value(), std::move(server).value()};
}

}  // namespace lab::test
