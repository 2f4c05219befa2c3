// The closed load models: a number of VUs, each of which starts its next iteration when the last
// one is over.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>

#include "loader/scenarios/iteration_budget.h"
#include "loader/scenarios/ramping_vus.h"
#include "loader/scenarios/scenario_core.h"

namespace loader {

class ClosedScenario {
 public:
  /// `core` outlives it. For shared-iterations, per-vu-iterations, constant-vus and ramping-vus.
  explicit ClosedScenario(ScenarioCore& core);

  boost::asio::awaitable<void> run();
  void cut();
  [[nodiscard]] std::uint64_t vus() const { return running_; }

 private:
  /// A VU of the plan, numbered as the plan does.
  struct Slot {
    boost::asio::cancellation_signal signal;
    bool is_running = false;
    bool is_retired = true;        ///< Finishes its iteration, then ends.
    std::size_t vu = 0;            ///< In the pool, while running.
    std::uint64_t iterations = 0;  ///< That it has begun.
  };

  [[nodiscard]] lab::Duration elapsed() const { return core_.runtime.now() - core_.start; }
  void apply_due_steps();
  void set_active(std::size_t level);
  void set_reserved(std::size_t level);
  void start(std::size_t index);
  void finished(std::size_t index, std::exception_ptr thrown);
  boost::asio::awaitable<void> loop(std::size_t index);
  [[nodiscard]] bool starts_later() const;
  [[nodiscard]] lab::TimePoint next_due() const;

  ScenarioCore& core_;
  VuPlan plan_;
  IterationBudget budget_;
  lab::Duration regular_end_;
  std::size_t active_next_ = 0;  ///< The next step of each list.
  std::size_t reserved_next_ = 0;
  std::size_t last_rise_ = 0;  ///< The last step of plan_.active that starts VUs.
  std::size_t level_ = 0;      ///< VUs that should be active.
  std::deque<Slot> slots_;     ///< A deque, because coroutines keep references.
  std::size_t running_ = 0;
};

}  // namespace loader
