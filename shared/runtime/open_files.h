// The process's limit of open files, which is the limit of its connections.
#pragma once

#include <cstddef>

namespace lab {

/// Raises the soft limit to the hard one, since a thousand connections are more than the usual soft
/// limit. Returns the limit then in force; the largest number if there is none or it is unknown.
std::size_t raise_open_files_limit();

}  // namespace lab
