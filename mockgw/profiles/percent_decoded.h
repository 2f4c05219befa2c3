// A piece of a request's path as its client meant it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mockgw {

/// "gpt%2F4" is "gpt/4" (RFC 3986, 2.1); nothing when a "%" is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace mockgw
