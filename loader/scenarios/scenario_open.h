// The open load models: iterations start when the pacer says, whether or not the last ones are
// over.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "loader/scenarios/open_vus.h"
#include "loader/scenarios/scenario_core.h"

namespace loader {

class OpenScenario {
 public:
  /// `core` outlives it. For the arrival-rate models.
  explicit OpenScenario(ScenarioCore& core) : core_(core) {}

  boost::asio::awaitable<void> run();
  void cut();
  [[nodiscard]] std::uint64_t vus() const { return vus_ ? vus_->size() : 0; }
  [[nodiscard]] std::uint64_t active_vus() const { return vus_ ? vus_->busy() : 0; }

 private:
  ScenarioCore& core_;
  std::optional<OpenVus> vus_;  ///< While it runs.
};

}  // namespace loader
