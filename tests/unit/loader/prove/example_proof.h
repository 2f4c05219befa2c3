// Proofs made up for the tests of their reports.
#pragma once

#include <initializer_list>
#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// A family in percents from 0.1 to 100, by powers of ten, whose reference size is 20.
[[nodiscard]] MutantFamily percent_family(std::string name);

/// What a suite against a family came to in ten seeds. `sizes` are those at which single seeds
/// notice it; `noticed` are runs at the reference size.
[[nodiscard]] FamilyProof tried(MutantFamily family, std::uint64_t noticed,
                                std::initializer_list<double> sizes);

/// A suite of six thresholds, of which three have findings, against thirteen families: noticed
/// ones, survivors, some not asked and one not run; of all scales, and without sizes.
[[nodiscard]] Proof example_proof();

/// One sound threshold that notices the only family.
[[nodiscard]] Proof holding_proof();

}  // namespace loader
