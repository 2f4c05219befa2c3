// The open load models: iterations start when the pacer says, whether or not the last ones are
// over.
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

class OpenScenario {
 public:
  /// `core` outlives it. For the arrival-rate models.
  explicit OpenScenario(ScenarioCore& core);

  boost::asio::awaitable<void> run();
  void cut();
  [[nodiscard]] std::uint64_t vus() const { return vus_.size(); }

 private:
  struct Vu {
    boost::asio::cancellation_signal signal;
    std::size_t vu = 0;  ///< In the pool.
    bool is_busy = false;
  };

  boost::asio::awaitable<void> release_iterations();
  boost::asio::awaitable<void> wait_for_the_last();
  boost::asio::awaitable<void> run_one(std::size_t index, lab::TimePoint intended_start);
  void start_iteration(lab::TimePoint intended_start);
  void add_vu();
  void finished(std::size_t index, std::exception_ptr thrown);

  ScenarioCore& core_;
  ArrivalPacer pacer_;
  VuPoolSize size_;
  lab::TimePoint cut_at_ = lab::kNoDeadline;
  std::deque<Vu> vus_;            ///< A deque, because signals can't move.
  std::deque<std::size_t> idle_;  ///< First come, first served, as k6's channel of VUs.
  std::size_t busy_ = 0;
  bool has_warned_ = false;
};

}  // namespace loader
