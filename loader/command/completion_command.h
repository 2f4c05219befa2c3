// The command completion: what a shell reads to complete loader's arguments.
#pragma once

#include <string>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// The script for the one shell that `arguments`, those after the command's name, say. The Error
/// says which there are.
[[nodiscard]] lab::Result<std::string> completion_command(
    const std::vector<std::string>& arguments);

/// The text of `loader completion --help`.
[[nodiscard]] std::string completion_usage();

}  // namespace loader
