// A proof as GitHub's Markdown, for the summary of a CI job.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// The verdict, the thresholds, the survivors with what would have caught them, ready to paste, and
/// a table of all families; details are folded. The same proof gives the same bytes.
[[nodiscard]] std::string proof_markdown(const Proof& proof);

}  // namespace loader
