#include "mockgw/wakeup.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mockgw {

namespace asio = lab::asio;

asio::awaitable<bool> Wakeup::wait_until(lab::Runtime& runtime, lab::TimePoint deadline) {
  // The sleep is a coroutine of its own so that the signal ends it alone, not the one that waits.
  const lab::ErrorCode ec =
      co_await asio::co_spawn(runtime.executor(), runtime.sleep_until(deadline),
                              asio::bind_cancellation_slot(signal_.slot(), asio::use_awaitable));
  co_return ec.failed();
}

void Wakeup::notify() { signal_.emit(asio::cancellation_type::terminal); }

}  // namespace mockgw
