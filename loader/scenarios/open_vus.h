// The virtual users of an open load model: whoever is idle takes the next arrival.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>

#include "loader/scenarios/arrival_pacer.h"
#include "loader/scenarios/scenario_core.h"

namespace loader {

class OpenVus {
 public:
  /// What happens to an arrival that finds all of them busy while there may be more. It is dropped
  /// either way once there are `max`.
  enum class Growth {
    after_a_drop,    ///< k6's way: it is dropped, and a further one is there for the next.
    without_a_drop,  ///< A further one takes it.
  };
  struct Settings {
    VuPoolSize size;
    Growth growth = Growth::after_a_drop;
  };

  /// `core` outlives it.
  OpenVus(ScenarioCore& core, Settings settings);
  OpenVus(const OpenVus&) = delete;
  OpenVus& operator=(const OpenVus&) = delete;

  /// Starts an iteration, or drops it, whenever `pacer` says, counted from `start`; until
  /// `duration` after it, also if the last one comes earlier. `pacer` outlives it.
  boost::asio::awaitable<void> start_iterations(ArrivalPacer* pacer, lab::TimePoint start,
                                                lab::Duration duration);
  /// Waits until none is busy, and cuts those that still are at `deadline`.
  boost::asio::awaitable<void> wait_until_idle(lab::TimePoint deadline);
  /// Cuts what is under way.
  void cut();
  /// Gives them back; none may be busy.
  void release();

  [[nodiscard]] std::uint64_t size() const { return vus_.size(); }
  /// That run an iteration.
  [[nodiscard]] std::uint64_t busy() const { return busy_; }

 private:
  struct Vu {
    boost::asio::cancellation_signal signal;
    std::size_t vu = 0;  ///< In the pool.
    bool is_busy = false;
  };

  [[nodiscard]] bool has_nobody() const {
    return idle_.empty() && vus_.size() >= settings_.size.max;
  }
  /// Until `due`, the next start or the end. While all are busy it waits longer, if need be, for
  /// one of them or for what is worth counting.
  boost::asio::awaitable<void> wait_for(lab::TimePoint due, lab::TimePoint end);
  void start_iteration(lab::TimePoint intended_start);
  boost::asio::awaitable<void> run_one(std::size_t index, lab::TimePoint intended_start);
  void add_vu();
  void drop(std::uint64_t count);
  void finished(std::size_t index, std::exception_ptr thrown);

  ScenarioCore& core_;
  Settings settings_;
  std::deque<Vu> vus_;            ///< A deque, because signals can't move.
  std::deque<std::size_t> idle_;  ///< First come, first served, as k6's channel of VUs.
  std::size_t busy_ = 0;
  bool has_warned_ = false;
  bool is_behind_ = false;  ///< Starts that come due go uncounted until one of them is idle.
};

/// The share of an open model's pool that belongs to one thread or instance.
[[nodiscard]] VuPoolSize pool_size(const LoadModel& model, const ExecutionShare& share);

}  // namespace loader
