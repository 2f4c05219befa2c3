#include "mockgw/server/work_turns.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "shared/runtime/yield.h"

namespace mockgw {

namespace asio = boost::asio;

namespace {

// Runs once after everything that is ready when it is posted.
struct Turn {
  asio::any_io_executor executor;
  std::shared_ptr<std::size_t> units;
  int left;

  void operator()() const {
    if (left > 0) return asio::post(executor, Turn{executor, units, left - 1});
    *units = 0;
  }
};

}  // namespace

WorkTurns::WorkTurns(asio::any_io_executor executor)
    : executor_(std::move(executor)), units_(std::make_shared<std::size_t>(0)) {}

asio::awaitable<void> WorkTurns::wait() {
  while (!is_free()) co_await lab::async_yield(executor_, asio::use_awaitable);
}

void WorkTurns::add(std::size_t units) {
  if (units == 0) return;
  if (*units_ == 0) asio::post(executor_, Turn{executor_, units_, kTurnsBetween - 1});
  *units_ += units;
}

}  // namespace mockgw
