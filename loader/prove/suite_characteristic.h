// The operating characteristic of a threshold of a suite, in simulation.
#pragma once

#include <cstdint>
#include <optional>

#include "loader/prove/operating_characteristic.h"
#include "loader/prove/prover.h"

namespace loader {

struct CharacteristicQuestion {
  ThresholdText threshold;
  Variation variation;
  MutantFamily family;
  std::optional<std::uint64_t> seeds;   ///< None: as many as the budget allows, 5 to 100.
  std::optional<lab::Duration> budget;  ///< As in ProofPlan.
  unsigned threads = 1;
};

/// The threshold need not be one of the suite's. Runs are shorter and longer than the suite, in
/// proportion; those longer only where the budget allows. The Error is for the user: a metric or
/// an expression that there is not, a suite that has no length.
[[nodiscard]] lab::Result<OperatingCharacteristic> characteristic_of(
    const ProofSubject& subject, const CharacteristicQuestion& question,
    const ProofObserver& observer);

}  // namespace loader
