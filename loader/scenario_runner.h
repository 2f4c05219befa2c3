// Runs one scenario: starts iterations when its load model says so, and ends them when their time
// is up.
#pragma once

#include <memory>

#include "loader/scenario_core.h"

namespace loader {

class ClosedScenario;
class OpenScenario;

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

  /// No new iterations; those under way get their gracefulStop. May be called at any time,
  /// repeatedly.
  void stop();
  /// Cuts what is under way; run() returns soon.
  void cut();

  [[nodiscard]] const ScenarioCounts& counts() const { return core_.counts; }
  [[nodiscard]] ScenarioState state() const { return core_.state; }
  [[nodiscard]] const Scenario& scenario() const { return core_.scenario; }
  /// When the scenario started, or will.
  [[nodiscard]] lab::TimePoint start() const { return core_.start; }
  /// VUs of this scenario that now stand by or run.
  [[nodiscard]] std::uint64_t vus() const;

 private:
  ScenarioCore core_;
  // One of the two, by the load model.
  std::unique_ptr<ClosedScenario> closed_;
  std::unique_ptr<OpenScenario> open_;
};

}  // namespace loader
