// A random suite, gateway file and network from one seed: what the sweep runs.
#pragma once

#include <cstdint>
#include <string>

#include "shared/sim/network_model.h"

namespace lab::test {

struct RandomCase {
  std::string suite;    ///< JSON text.
  std::string gateway;  ///< JSON text.
  NetworkModel network;
  /// No resets and no refusals: every request reaches the gateway, and every answer the loader.
  bool is_network_clean = false;
  /// The loader waits for every answer.
  bool is_patient = false;
};

[[nodiscard]] RandomCase make_random_case(std::uint64_t seed);

}  // namespace lab::test
