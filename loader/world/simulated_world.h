// --simulate: a run in virtual time as a command has it, with its gateway, its pace on a terminal
// and its signals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "loader/world/simulation.h"
#include "loader/world/world.h"
#include "shared/runtime/asio_runtime.h"

namespace loader {

class SimulatedWorld final : public World {
 public:
  /// `gateway` as find_gateway() takes it; `gateway_seed` stands over its file's.
  SimulatedWorld(std::string gateway, std::optional<std::uint64_t> gateway_seed, std::uint64_t seed,
                 lab::NetworkModel network);

  /// After open().
  [[nodiscard]] std::string describe() const override;
  /// Of virtual time.
  [[nodiscard]] RunClock clock() const override { return simulation_.clock(); }
  [[nodiscard]] bool is_repeatable() const override { return true; }
  /// Starts the gateway.
  [[nodiscard]] lab::Result<void> open(const RunSpec& spec) override;
  /// Progress is shown every `progress_interval` of real time.
  [[nodiscard]] RunResult run(const Suite& suite, const RunSpec& spec,
                              RunObserver observer) override;

 private:
  std::string gateway_;
  std::optional<std::uint64_t> gateway_seed_;
  std::string gateway_file_;
  std::uint64_t seed_;
  Simulation simulation_;
  lab::AsioRuntime real_;  ///< Its clock alone: virtual seconds pass by the thousand.
};

}  // namespace loader
