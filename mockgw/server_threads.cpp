#include "mockgw/server_threads.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>

#include "shared/runtime/asio_runtime.h"

namespace mockgw {
namespace {

namespace asio = lab::asio;

// What a shell reports for a program ended by SIGINT.
constexpr int kExitAtOnce = 130;

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

struct ServerThreads::Worker {
  // Before the server, whose connections' streams belong to it.
  lab::AsioRuntime runtime;
  std::unique_ptr<Server> server;
  std::thread thread;
};

struct ServerThreads::State {
  ServerOptions options;
  std::vector<std::unique_ptr<Worker>> workers;
  std::optional<lab::AsioRuntime::Signals> signals;  // On the first worker's runtime.
  std::atomic<std::size_t> serving{0};               // Workers that have not drained yet.
  std::atomic<std::size_t> cut{0};                   // Connections that the drain limit cut off.
  bool draining = false;
  lab::Duration drain_limit{};
  std::function<void()> reload;

  asio::awaitable<void> drain(Worker& worker);
  void begin_drain();
  asio::awaitable<void> watch_signals();
};

// The first worker's runtime handles the signals, so it goes on until all have drained.
asio::awaitable<void> ServerThreads::State::drain(Worker& worker) {
  worker.server->stop();
  // Not in the condition itself: g++ 12 makes a trap of `if (!co_await …)` here.
  const bool is_drained = co_await worker.server->drained(worker.runtime.now() + drain_limit);
  if (!is_drained) cut += worker.server->open_connections();
  if (&worker != workers.front().get()) worker.runtime.stop();
  if (--serving == 0) workers.front()->runtime.stop();
}

void ServerThreads::State::begin_drain() {
  draining = true;
  for (const auto& worker : workers) {
    Worker* const target = worker.get();
    target->runtime.post(
        [this, target] { asio::co_spawn(target->runtime.executor(), drain(*target), rethrow); });
  }
}

asio::awaitable<void> ServerThreads::State::watch_signals() {
  for (;;) {
    const auto number = co_await signals->next();
    if (!number) co_return;
    if (*number == SIGHUP) {
      reload();
      continue;
    }
    if (draining) std::_Exit(kExitAtOnce);
    spdlog::info("stopping: finishing what is in flight; a second signal ends at once");
    begin_drain();
  }
}

ServerThreads::ServerThreads(unsigned threads, ServerOptions options)
    : state_(std::make_unique<State>()) {
  state_->options = options;
  for (unsigned i = 0; i < threads; ++i) state_->workers.push_back(std::make_unique<Worker>());
  // From here on, so that a signal right after the ready line finds its handler.
  state_->signals.emplace(state_->workers.front()->runtime,
                          std::initializer_list<int>{SIGTERM, SIGINT, SIGHUP});
}
ServerThreads::~ServerThreads() = default;

lab::WallTime ServerThreads::wall_now() const {
  return state_->workers.front()->runtime.wall_now();
}
lab::TimePoint ServerThreads::now() const { return state_->workers.front()->runtime.now(); }

lab::Result<lab::Endpoint> ServerThreads::listen(const std::shared_ptr<Gateway>& gateway,
                                                 const lab::Endpoint& endpoint) {
  lab::Endpoint bound = endpoint;
  for (const auto& worker : state_->workers) {
    worker->server = std::make_unique<Server>(worker->runtime, gateway, state_->options);
    const auto started = worker->server->start(bound, state_->workers.size() > 1);
    if (!started) {
      return lab::Error{
          "", "cannot listen on " + endpoint.to_string() + ": " + started.error().message()};
    }
    bound = *started;  // With port 0 the first one finds the port for all.
  }
  return bound;
}

void ServerThreads::run(lab::Duration drain_limit, std::function<void()> reload) {
  State& state = *state_;
  state.drain_limit = drain_limit;
  state.reload = std::move(reload);
  state.serving = state.workers.size();
  Worker& first = *state.workers.front();
  asio::co_spawn(first.runtime.executor(), state.watch_signals(), rethrow);
  for (std::size_t i = 1; i < state.workers.size(); ++i) {
    Worker& worker = *state.workers[i];
    worker.thread = std::thread([&worker] { worker.runtime.run(); });
  }
  first.runtime.run();
  for (const auto& worker : state.workers) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  if (state.cut > 0) spdlog::warn("{} connections were cut off", state.cut.load());
}

}  // namespace mockgw
