// The codings of a body that HTTP names in Content-Encoding.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace loader {

enum class ContentCoding { gzip, deflate, brotli, zstd };

/// None: a coding that is not known, or "identity". "deflate" is what zlib makes (RFC 9110, 8.4.1).
[[nodiscard]] std::optional<ContentCoding> content_coding(std::string_view name);

/// The names in a list such as "gzip, br", in their order: the first was applied first.
[[nodiscard]] std::vector<std::string_view> coding_names(std::string_view list);

}  // namespace loader
