// ${NAME} in a suite's texts: replaced once, when the suite is read.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

/// What ${NAME} may name: the defaults of the contract, the process environment's, and -e KEY=VALUE
/// over them.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Replaces each ${NAME}; "$${" stands for a literal "${". An unknown name or a missing brace is an
/// error.
[[nodiscard]] lab::Result<std::string> expand(std::string_view text,
                                              const Environment& environment);

}  // namespace loader
