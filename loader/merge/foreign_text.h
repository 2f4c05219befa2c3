// What a text is that is no result, by its first bytes: a run leaves files of many kinds.
#pragma once

#include <string>
#include <string_view>

namespace loader {

/// "a file of samples, as --out json writes them"; empty: nobody knows.
[[nodiscard]] std::string foreign_kind(std::string_view text);

}  // namespace loader
