// A proof as JUnit's XML, for the reports of CI systems.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// A suite "NAME thresholds" with a case each threshold, which fails unless it is sound; and a
/// suite "NAME mutants" with a case each family: a survivor fails, with the threshold that would
/// have caught it; one that the suite is not asked to notice is skipped; one that was not run is an
/// error. There are no times in it: the same proof gives the same bytes.
[[nodiscard]] std::string proof_junit(const Proof& proof);

}  // namespace loader
