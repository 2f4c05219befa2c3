// The texts of the built-in modules (modules/), compiled into the program.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace loader::builtin {

/// The text of modules/NAME.js by "modules/NAME.js", if there is such a file.
[[nodiscard]] std::optional<std::string_view> embedded_file(std::string_view path);

/// The paths below a folder ("modules"), sorted.
[[nodiscard]] std::vector<std::string_view> embedded_files(std::string_view folder);

}  // namespace loader::builtin
