// A proof as a JSON document, with all that is known.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// Indented; numbers are those of the proof, sizes in the families' units.
[[nodiscard]] std::string proof_json(const Proof& proof);

}  // namespace loader
