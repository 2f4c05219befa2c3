// The real world: TCP sockets, the steady clock, signals. One thread runs one AsioRuntime.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "shared/runtime/runtime.h"

namespace lab {

class AsioRuntime final : public Runtime {
 public:
  AsioRuntime();
  ~AsioRuntime() override;
  AsioRuntime(const AsioRuntime&) = delete;
  AsioRuntime& operator=(const AsioRuntime&) = delete;

  /// Runs until nothing is left to wait for, or stop(). Exceptions of handlers come out of here.
  /// May be called again.
  void run();
  /// Makes the run() under way return soon; callable from any thread. Without one it has no effect.
  void stop();
  /// Runs `task` on this runtime's thread; callable from any thread.
  void post(asio::any_completion_handler<void()> task);
  /// Calls `note` on this runtime's thread whenever a sleep_until() has come to its end: when it
  /// was due (at the earliest when it began), and how late it is by then. Cut sleeps are not told.
  /// Empty: nobody is.
  using NoteLateness = std::function<void(TimePoint due, Duration late)>;
  void tell_lateness(NoteLateness note);

  [[nodiscard]] asio::any_io_executor executor() override;
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] WallTime wall_now() const override;
  asio::awaitable<ErrorCode> sleep_until(TimePoint deadline) override;
  IoResult<std::unique_ptr<Listener>> listen(const Endpoint& endpoint, bool share) override;
  asio::awaitable<IoResult<std::unique_ptr<Stream>>> connect(Endpoint endpoint,
                                                             TimePoint deadline) override;
  asio::awaitable<IoResult<std::vector<Endpoint>>> resolve(std::string host, std::uint16_t port,
                                                           TimePoint deadline) override;

  /// Signals of the process, caught from construction on. Keep it alive while the signals are to be
  /// caught.
  class Signals {
   public:
    Signals(AsioRuntime& runtime, std::initializer_list<int> numbers);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    /// The next signal's number; an error if cancelled.
    asio::awaitable<IoResult<int>> next();

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lab
