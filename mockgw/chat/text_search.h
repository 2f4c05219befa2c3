// Where a text stands in another, in a time that no choice of the two makes long.
#pragma once

#include <cstddef>
#include <string_view>

namespace mockgw {

/// As text.find(part), which takes the product of both lengths where a client writes "aaa…" into
/// its prompt and "aa…ab" into `stop`; this takes their sum (Knuth, Morris and Pratt).
[[nodiscard]] std::size_t find_text(std::string_view text, std::string_view part);

}  // namespace mockgw
