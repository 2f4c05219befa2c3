#include "shared/runtime/wakeup.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace lab {

namespace asio = boost::asio;

asio::awaitable<void> Wakeup::wait_until(TimePoint deadline) {
  if (!is_notified_ && runtime_->now() < deadline) {
    // A coroutine of its own, because only that can be given a cancellation slot of its own. So
    // what cancels the one that waits has to be passed on.
    asio::cancellation_slot waiting = (co_await asio::this_coro::cancellation_state).slot();
    if (waiting.is_connected()) {
      waiting.assign([this](asio::cancellation_type type) { signal_.emit(type); });
    }
    auto sleep = runtime_->sleep_until(deadline);
    co_await asio::co_spawn(
        runtime_->executor(), std::move(sleep),
        asio::bind_cancellation_slot(signal_.slot(), asio::as_tuple(asio::use_awaitable)));
    if (waiting.is_connected()) waiting.clear();
  }
  is_notified_ = false;
}

void Wakeup::notify() {
  is_notified_ = true;
  signal_.emit(asio::cancellation_type::terminal);
}

}  // namespace lab
