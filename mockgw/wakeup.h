// Lets one coroutine wait for another: the waiting one sleeps until it is woken, or until its
// deadline.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace mockgw {

/// One coroutine may wait at a time, on the thread that wakes it. Must outlive the wait.
class Wakeup {
 public:
  /// Completes after notify(), or at `deadline`. A notify() with nobody waiting is lost, so the
  /// waiting one checks what it waits for before and after.
  lab::asio::awaitable<void> wait_until(lab::Runtime& runtime, lab::TimePoint deadline);
  void notify();

 private:
  lab::asio::cancellation_signal signal_;
};

}  // namespace mockgw
