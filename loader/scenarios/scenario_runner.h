// Runs one scenario: starts iterations when its load model says so, and ends them when their time
// is up.
#pragma once

#include <memory>

#include "loader/scenarios/scenario_core.h"

namespace loader {

class ClosedScenario;
class OpenScenario;
class SearchScenario;

/// Everything happens on the runtime's thread. Must outlive run()'s completion; all references too.
class ScenarioRunner {
 public:
  ScenarioRunner(lab::Runtime& runtime, VuPool& pool, const Scenario& scenario,
                 ScenarioRunSettings settings, ScenarioHooks hooks);
  ~ScenarioRunner();

  ScenarioRunner(const ScenarioRunner&) = delete;
  ScenarioRunner& operator=(const ScenarioRunner&) = delete;

  /// From the scenario's startTime after `run_start` until no iteration is left, at the latest
  /// until the end that the model and the graceful periods set. Rethrows what came out of an
  /// iteration, after all have ended.
  boost::asio::awaitable<void> run(lab::TimePoint run_start);

  /// Ends the scenario: cuts what is under way, and run() returns soon. May be called at any time.
  void cut();

  [[nodiscard]] const ScenarioCounts& counts() const { return core_.counts; }
  [[nodiscard]] ScenarioState state() const { return core_.state; }
  /// VUs of this scenario that now stand by or run.
  [[nodiscard]] std::uint64_t vus() const;
  /// Those of them that count in k6's `vus`: of an open model only while they run an iteration.
  [[nodiscard]] std::uint64_t active_vus() const;
  /// The most that it has had.
  [[nodiscard]] std::uint64_t vus_most() const { return core_.vus_most; }
  [[nodiscard]] std::uint64_t active_most() const { return core_.active_most; }

 private:
  ScenarioCore core_;
  // One of the three, by the load model.
  std::unique_ptr<ClosedScenario> closed_;
  std::unique_ptr<OpenScenario> open_;
  std::unique_ptr<SearchScenario> search_;
};

}  // namespace loader
