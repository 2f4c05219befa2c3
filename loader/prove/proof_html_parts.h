// The parts of a proof's page, each in a file of its own. All give markup, or nothing where there
// is nothing to show.
#pragma once

#include <string>

#include "loader/prove/proof.h"

namespace loader {

/// The thresholds that would have caught the survivors, then each of these, the worst first.
[[nodiscard]] std::string survivors_html(const Proof& proof);
/// A row each threshold: what was found about it, its values, what it notices from which size on.
[[nodiscard]] std::string thresholds_html(const Proof& proof);
/// Families against thresholds: the share of runs at the reference size in which each is red.
[[nodiscard]] std::string matrix_html(const Proof& proof);
/// A row each family: the size from which on it is noticed, on its own scale.
[[nodiscard]] std::string boundaries_html(const Proof& proof);
/// A picture each family: the share of seeds that notice it against its size.
[[nodiscard]] std::string curves_html(const Proof& proof);

/// The short name of a threshold where there is no room: "#1".
[[nodiscard]] std::string threshold_mark(std::size_t place);
/// What a picture of a family's boundary shows, for those who do not see it; plain text.
[[nodiscard]] std::string boundary_text(const FamilyProof& family);
[[nodiscard]] std::string html_code(std::string_view text);

}  // namespace loader
