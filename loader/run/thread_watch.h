// How late one thread of a run is, and how busy. A probe wakes every now and then at moments that
// have nothing to do with the load: how late it wakes is how long anything else would have waited
// that came at that moment, an answer to be read above all.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "loader/run/strain.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"

namespace loader {

/// The waits of a probe that was `late`: what came at its moment waited so long, what came an
/// `interval` later waited that much less, and so on. Without those that never woke while the
/// thread stood still, a standstill would count as one wait among many short ones.
void add_waits(Trend& reads, lab::Duration late, lab::Duration interval);

/// Everything happens on the runtime's thread.
class ThreadWatch {
 public:
  /// Between two looks, on average. A hundred a second cost less than a thousandth of a CPU.
  static constexpr lab::Duration kInterval = std::chrono::milliseconds(10);

  /// `runtime` outlives it, and is one whose time goes by itself.
  explicit ThreadWatch(lab::Runtime& runtime);
  ~ThreadWatch();
  ThreadWatch(const ThreadWatch&) = delete;
  ThreadWatch& operator=(const ThreadWatch&) = delete;

  void start();
  /// What follows is not counted.
  void stop();
  /// Takes what the runtime tells of each timer.
  void note_timer(lab::TimePoint due, lab::Duration late);

  [[nodiscard]] const ThreadStrain& strain() const;
  /// The longest wait of the last second or two.
  [[nodiscard]] lab::Duration recent_wait() const;

 private:
  struct State;
  static boost::asio::awaitable<void> probe(std::shared_ptr<State> state);
  /// Shared with the probe, which sleeps on for a moment when this is gone.
  std::shared_ptr<State> state_;
};

}  // namespace loader
