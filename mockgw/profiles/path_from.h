// Paths that a file names are meant from where that file is.
#pragma once

#include <string>
#include <string_view>

namespace mockgw {

/// `path` as seen from the folder of `file`: absolute, so that it still holds when what was read is
/// printed and stored elsewhere. A `file` without a folder is in the working directory.
[[nodiscard]] std::string path_from(std::string_view file, std::string_view path);

}  // namespace mockgw
