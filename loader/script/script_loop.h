// The event loop of one script instance: its timers, and the operations that it has begun and not
// waited for.
#pragma once

#include <v8.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>

#include "shared/base/time.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/wakeup.h"

namespace loader {

class ScriptInstance;

class ScriptLoop {
 public:
  explicit ScriptLoop(ScriptInstance& instance);
  ~ScriptLoop();
  ScriptLoop(const ScriptLoop&) = delete;
  ScriptLoop& operator=(const ScriptLoop&) = delete;

  /// `callback` is called once, so much later; numbers of timers are never used twice.
  std::uint64_t add_timer(lab::Duration delay, v8::Local<v8::Function> callback);
  void clear_timer(std::uint64_t timer);

  /// Begins `operation`, and calls `done` on the fiber once it has ended. An operation that is cut
  /// off by cancel_all() calls nothing.
  void begin(boost::asio::awaitable<void> operation, std::function<void()> done);

  /// On the fiber: takes what is due, one callback after another, until nothing is left to happen,
  /// or something has ended the call.
  void run_until_idle();
  /// On the fiber: drops all timers, cancels all operations, and waits for these to end.
  void cancel_all();
  /// The same where there is no fiber any more.
  boost::asio::awaitable<void> abandon();
  [[nodiscard]] bool is_idle() const { return timers_.empty() && operations_.empty(); }

 private:
  struct Operation {
    boost::asio::cancellation_signal signal;
    std::function<void()> done;
    bool has_ended = false;
  };
  using TimerKey = std::pair<lab::TimePoint, std::uint64_t>;  // Due, then first come.

  void cancel_operations();
  [[nodiscard]] bool has_running() const;
  bool run_one();
  void call(v8::Local<v8::Function> callback);
  boost::asio::awaitable<void> wait_for_news();
  [[nodiscard]] lab::TimePoint now() const;

  ScriptInstance& instance_;
  std::map<TimerKey, v8::Global<v8::Function>> timers_;
  std::map<std::uint64_t, lab::TimePoint> due_;
  std::uint64_t timers_made_ = 0;
  std::list<std::shared_ptr<Operation>> operations_;
  std::deque<std::shared_ptr<Operation>> ended_;
  std::unique_ptr<lab::Wakeup> wakeup_;
  lab::TimePoint discovery_now_{};  ///< Time in discovery, where there is no runtime.
};

}  // namespace loader
