// What the two kinds of load models share while a scenario runs: its surroundings, and one
// iteration's life.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "loader/scenarios/scenario.h"
#include "loader/scenarios/scenario_share.h"
#include "loader/scenarios/vu_pool.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/runtime/runtime.h"
#include "shared/runtime/wakeup.h"

namespace loader {

enum class IterationEnd {
  completed,    ///< Failed requests and checks included.
  interrupted,  ///< Cut by cancellation.
  failed,       ///< The flow could not be carried out.
};

/// Which iteration is to be run.
struct IterationInfo {
  std::size_t vu = 0;  ///< Index in the VuPool.
  std::uint64_t iteration_in_vu = 0;
  std::uint64_t iteration_in_scenario = 0;  ///< Unique over all threads and instances.
  /// Of a closed model: which of the scenario's VUs it is, from 0 over all threads and instances,
  /// and its how many-th iteration in the scenario, from 0. The VUs of several scenarios come from
  /// one pool, whose numbers depend on who else has taken one; these don't.
  std::uint64_t place = 0;
  std::uint64_t iteration_in_place = 0;
  lab::TimePoint started{};
  /// Open models: when the pacer wanted it to start.
  std::optional<lab::TimePoint> intended_start;
  /// The stretch of the load that it starts in, as the tag `phase` has it; empty: none.
  std::string phase{};
};

struct ScenarioCounts {
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t interrupted = 0;
  std::uint64_t failed = 0;
  std::uint64_t dropped = 0;
};

/// A level of a search, after the last of its iterations.
struct LevelEnd {
  std::uint64_t rate = 0;    ///< Iterations per timeUnit.
  ScenarioCounts counts{};   ///< Of this level alone.
  lab::Duration duration{};  ///< From its start to the end of its last iteration.
};

/// What a scenario needs of the run.
struct ScenarioHooks {
  /// Carries out one iteration. A cancellation of type terminal cuts it: it then returns
  /// `interrupted`, or throws operation_aborted. Must not be empty.
  std::function<boost::asio::awaitable<IterationEnd>(IterationInfo)> run_iteration;
  /// True once the run is to end: nothing more is started. May be empty.
  std::function<bool()> is_over;
  /// Iterations that should have been started but were not: dropped_iterations.
  std::function<void(std::uint64_t count)> dropped;
  /// Something that the user should know, said once.
  std::function<void(std::string message)> warn;
  /// Searches only, and then neither may be empty: from here on samples are of the level `phase`.
  std::function<void(const std::string& phase)> level_begins;
  /// Whether the level that has just ended was good.
  std::function<bool(const LevelEnd& level)> judge_level;
};

struct ScenarioRunSettings {
  ScenarioShare share;   ///< This thread's.
  bool has_work = true;  ///< False if the thread has no share: then it is over before it begins.
  lab::Duration min_iteration_duration{};
  lab::Rng rng{0};  ///< For arrivals at random; the same in all threads and instances.
};

enum class ScenarioState { waiting, running, stopping, interrupted, done };

/// Once everything is cut there is nothing left to wait for but the coroutines' ends, which come at
/// once.
inline constexpr lab::Duration kUnwindCheck = std::chrono::minutes(1);

/// Of a closed model's VU.
struct VuPlace {
  std::uint64_t number = 0;     ///< As IterationInfo::place.
  std::uint64_t iteration = 0;  ///< As IterationInfo::iteration_in_place.
};

/// Everything happens on the runtime's thread.
struct ScenarioCore {
  lab::Runtime& runtime;
  VuPool& pool;
  const Scenario& scenario;
  ScenarioRunSettings settings;
  ScenarioHooks hooks;
  lab::Wakeup wakeup{runtime};
  ScenarioCounts counts{};
  std::uint64_t vus_most = 0;     ///< That it has had at one time.
  std::uint64_t active_most = 0;  ///< That were active at one time.
  ScenarioState state = ScenarioState::waiting;
  lab::TimePoint start{};      ///< Of the scenario, startTime included.
  std::string level{};         ///< Of a search: the phase that it is in.
  bool is_cut = false;         ///< Nothing goes on.
  std::exception_ptr error{};  ///< The first that came out of an iteration; for run() to rethrow.

  /// Runs and counts one iteration of a VU, and pads it to minIterationDuration.
  boost::asio::awaitable<IterationEnd> run_iteration(std::size_t vu,
                                                     std::optional<lab::TimePoint> intended_start,
                                                     VuPlace place = {});
  void drop(std::uint64_t count);
  /// Keeps what came out of a VU's coroutine, unless it is only the cut. True if it was an error.
  bool keep_error(std::exception_ptr thrown);
};

}  // namespace loader
