// How reports put the parts of a proof into words, the same in all of them.
#pragma once

#include <string>
#include <string_view>

#include "loader/prove/proof.h"

namespace loader {

/// "sound", "no data", "cannot go red", "hair-trigger".
[[nodiscard]] std::string_view to_string(ThresholdFinding finding);

/// "34 of 36 families noticed (94.4 %)".
[[nodiscard]] std::string score_text(const Proof& proof);
/// "4.9% (4.6% to 5.3%)": the size with its interval; "never" if no size is noticed.
[[nodiscard]] std::string estimate_text(const MutantFamily& family, const SizeEstimate& estimate);
/// A number as people read it: four digits at most, none after the point from 1,000 on.
[[nodiscard]] std::string plain_number(double value);

}  // namespace loader
