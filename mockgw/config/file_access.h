// Whether a document may name local files.
#pragma once

#include <string_view>

namespace mockgw {

/// One that comes over the network may not: who sends it could have any file opened, and the errors
/// would tell which there are.
enum class FileAccess { allowed, refused };

inline constexpr std::string_view kFileRefused =
    "names a local file, and none is opened for a configuration that comes over the network";

}  // namespace mockgw
