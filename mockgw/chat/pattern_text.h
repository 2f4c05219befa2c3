// Texts that a regular expression finds: what a JSON schema's `pattern` asks for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/rng.h"

namespace mockgw {

struct TextBounds {
  std::size_t min = 0;  ///< Bytes.
  std::size_t max = 0;
};

/// A text that `pattern` finds, within the bounds if a few dozen tries find such a one. Understood
/// are literals, classes ([a-z], [^,], \d \w \s and their opposites, the dot), groups,
/// alternatives, quantifiers, and anchors at the ends. Nothing for a pattern that says more
/// (look-around, references back, word boundaries) or is none.
[[nodiscard]] std::optional<std::string> text_for_pattern(std::string_view pattern,
                                                          TextBounds bounds, lab::Rng& rng);

}  // namespace mockgw
