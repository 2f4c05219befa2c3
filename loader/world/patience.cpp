#include "loader/world/patience.h"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "shared/runtime/asio_runtime.h"

namespace loader {
namespace {

boost::asio::awaitable<void> keep_looking(lab::AsioRuntime* runtime,
                                          const std::function<bool()>* look, Patience patience) {
  const lab::TimePoint deadline = runtime->now() + patience.most;
  while (!(*look)() && runtime->now() < deadline) {
    co_await runtime->sleep_for(std::min(patience.interval, deadline - runtime->now()));
  }
}

}  // namespace

void look_until(const std::function<bool()>& look, const Patience& patience) {
  lab::AsioRuntime runtime;
  std::exception_ptr error;
  boost::asio::co_spawn(runtime.executor(), keep_looking(&runtime, &look, patience),
                        [&](std::exception_ptr thrown) {
                          error = std::move(thrown);
                          runtime.stop();
                        });
  runtime.run();
  if (error) std::rethrow_exception(error);
}

}  // namespace loader
