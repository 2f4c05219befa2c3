// A proof as one page to look at. It needs nothing beside itself: no script, no style sheet, no
// font or picture from elsewhere; it follows the reader's light or dark scheme.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// The verdict, the survivors, what was found about the thresholds, families against thresholds,
/// and from which size on each family is noticed. The same proof gives the same bytes.
[[nodiscard]] std::string proof_html(const Proof& proof);

}  // namespace loader
