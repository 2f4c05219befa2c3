// The saturation search: one level of arrivals after the other, as RateSearch decides.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "loader/scenarios/open_vus.h"
#include "loader/scenarios/saturation_search.h"
#include "loader/scenarios/scenario_core.h"

namespace loader {

/// A level begins when nothing of the one before is under way any more: what the last level piled
/// up must not count against this one.
class SearchScenario {
 public:
  /// `core` outlives it; its model is a SaturationSearch, its hooks judge levels.
  explicit SearchScenario(ScenarioCore& core);

  boost::asio::awaitable<void> run();
  void cut();
  [[nodiscard]] std::uint64_t vus() const { return vus_ ? vus_->size() : 0; }
  [[nodiscard]] std::uint64_t active_vus() const { return vus_ ? vus_->busy() : 0; }

 private:
  boost::asio::awaitable<void> run_level(std::uint64_t rate);

  ScenarioCore& core_;
  const SaturationSearch& model_;
  RateSearch search_;
  std::optional<OpenVus> vus_;  ///< While it runs.
};

}  // namespace loader
