// Cuts text into pieces that stand for tokens. An estimate by design: no provider's vocabulary is
// imitated.
#pragma once

#include <cstddef>
#include <string_view>

namespace mockgw {

/// Bytes of the token at the start of `text`; 0 only for an empty text. A token is a run of letters
/// and digits of up to kTokenBytesMax bytes with the one space before it, or a single other
/// character. Never ends inside a UTF-8 character.
[[nodiscard]] std::size_t token_size(std::string_view text);

/// How many tokens a text is cut into.
[[nodiscard]] std::size_t count_tokens(std::string_view text);

inline constexpr std::size_t kTokenBytesMax = 12;
/// With its space, and the rest of a character that the limit fell into.
inline constexpr std::size_t kWholeTokenBytesMax = kTokenBytesMax + 4;

}  // namespace mockgw
