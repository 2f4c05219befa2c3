#include "loader/run_real.h"

#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <exception>
#include <utility>

#include "loader/interrupt_flag.h"
#include "shared/base/rng.h"

namespace loader {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> watch_signals(lab::AsioRuntime::Signals* signals, Run* run) {
  const auto number = co_await signals->next();
  if (number) run->interrupt();
}

}  // namespace

RunResult RealWorld::run(const PreparedRun& prepared, RunObserver observer) {
  RunConfig config = prepared.config;
  // Two runs against one gateway must not use the same ids, unless the user wants the same run.
  if (!config.is_seeded) {
    const auto since_epoch = runtime_.wall_now().time_since_epoch();
    config.request_id_salt = lab::Rng(static_cast<std::uint64_t>(since_epoch.count()))();
  }
  config.post = [this](std::function<void()> task) { runtime_.post(std::move(task)); };
  Run run(runtime_, prepared.suite, std::move(config), std::move(observer));
  lab::AsioRuntime::Signals signals(runtime_, {SIGINT, SIGTERM});
  // The loop may be too busy to hear a second one.
  const InterruptFlag second;
  std::exception_ptr error;
  const auto keep = [&error](std::exception_ptr thrown) {
    if (thrown && !error) error = std::move(thrown);
  };
  asio::co_spawn(runtime_.executor(), watch_signals(&signals, &run), keep);
  asio::co_spawn(runtime_.executor(), run.execute(), [&](std::exception_ptr thrown) {
    keep(std::move(thrown));
    runtime_.stop();
  });
  runtime_.run();
  if (error) std::rethrow_exception(error);
  return std::move(run.result());
}

}  // namespace loader
