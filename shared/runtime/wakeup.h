// A sleep that can be cut short: what a coroutine that waits for "this instant, or news" needs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace lab {

/// For one waiting coroutine; everything on the runtime's thread. News that come while nobody waits
/// are kept.
class Wakeup {
 public:
  explicit Wakeup(Runtime& runtime) : runtime_(&runtime) {}
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// Returns at `deadline`, or as soon as notify() was called since the last return; may return
  /// early for other reasons, so callers look at the clock and at what they wait for. One such
  /// reason is that the coroutine is cancelled: awaiting anything further throws then, by default.
  boost::asio::awaitable<void> wait_until(TimePoint deadline);
  void notify();

 private:
  Runtime* runtime_;
  boost::asio::cancellation_signal signal_;
  bool is_notified_ = false;
};

}  // namespace lab
