// What is UTF-8, and what stands for bytes that are none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lab {

/// U+FFFD, for each byte that is not UTF-8; Go's encoders, which write k6's files, do the same.
inline constexpr std::string_view kUtf8Replacement = "\xEF\xBF\xBD";

/// The length of the well-formed sequence of several bytes at the front (Unicode 15, table 3-7), or
/// 0.
[[nodiscard]] std::size_t utf8_sequence_size(std::string_view text);

/// The text, if it is well-formed; else with replacements.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace lab
