// Files that are read whole: what may be opened, and by whose word. See also json_reader.h.
#pragma once

#include <string>

#include "shared/base/error.h"

namespace lab {

/// No file that is read whole may be larger.
inline constexpr std::size_t kTextFileBytesMax = std::size_t{64} << 20;

/// The bytes of a file that the user named on the command line: a regular file, or what the shell
/// has opened already, by the names /dev/stdin, /dev/fd/N and /proc/self/fd/N (`<(…)` becomes such
/// a name). What stands behind those is waited for; anything else that is no regular file is
/// refused, as read_text_file() does for every file.
[[nodiscard]] Result<std::string> read_text_argument(const std::string& path);

}  // namespace lab
