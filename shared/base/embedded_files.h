// The project's own data files (fixtures/), compiled into the binaries so that they run anywhere.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace lab {

/// The text of fixtures/`path` ("suites/smoke.json"), if there is such a file.
[[nodiscard]] std::optional<std::string_view> embedded_file(std::string_view path);

/// The paths below a folder of fixtures/ ("suites"), sorted.
[[nodiscard]] std::vector<std::string_view> embedded_files(std::string_view folder);

}  // namespace lab
