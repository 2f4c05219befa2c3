#include "mockgw/wakeup.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace mockgw {

namespace asio = lab::asio;

asio::awaitable<void> Wakeup::wait_until(lab::Runtime& runtime, lab::TimePoint deadline) {
  // The sleep is a coroutine of its own so that the signal ends it alone, not the one that waits.
  // Woken before it has begun to sleep, it ends by an exception instead of an error code
  // (boost/asio/impl/awaitable.hpp, await_transform): both mean that it was woken.
  const auto [exception, ec] = co_await asio::co_spawn(
      runtime.executor(), runtime.sleep_until(deadline),
      asio::bind_cancellation_slot(signal_.slot(), asio::as_tuple(asio::use_awaitable)));
}

void Wakeup::notify() { signal_.emit(asio::cancellation_type::terminal); }

}  // namespace mockgw
