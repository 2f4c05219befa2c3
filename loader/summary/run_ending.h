// How a run has ended, in words.
#pragma once

#include <string>
#include <vector>

#include "loader/summary/summary_data.h"

namespace loader {

/// "passed", "failed", "ended with an error": an error is no verdict, since what was measured is
/// not all, or says nothing. "no threshold failed" where no more is known.
[[nodiscard]] std::string outcome_text(const RunFacts& run);
/// "took 2m0s, exit code 0"; without what is not known.
[[nodiscard]] std::string took_text(const SummaryData& data);

/// What was cut off at the end: no sample tells of it, and without them a gateway that hangs would
/// look as if nothing had failed. None if no iteration was interrupted.
[[nodiscard]] std::vector<std::string> ending_sentences(const SummaryData& data);

}  // namespace loader
