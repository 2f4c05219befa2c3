// A proof for the terminal, 100 columns wide.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

[[nodiscard]] std::string proof_text(const Proof& proof, bool has_colors);

}  // namespace loader
