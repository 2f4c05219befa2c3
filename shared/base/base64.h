// Base64 as RFC 4648 writes it, with or without padding, in both of its alphabets.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

enum class Base64 { standard, standard_unpadded, url, url_unpadded };

[[nodiscard]] std::string base64_encoded(std::string_view bytes, Base64 variant = Base64::standard);

/// The bytes; nothing if the text is malformed. As in Go, line ends inside the text are skipped,
/// padding has to be there exactly if the variant has it, and left-over bits may be anything.
[[nodiscard]] std::optional<std::string> base64_decoded(std::string_view text, Base64 variant);

}  // namespace lab
