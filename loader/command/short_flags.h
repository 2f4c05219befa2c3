// Short flags as k6's parser (pflag) takes them, put as ours does.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "shared/base/flags.h"

namespace loader {

/// `arguments` with a value of a short flag apart from it and switches under their long names:
/// `-e=A=1` and `-eA=1` are `-e A=1`, `-q=false` is `--quiet=false`, `-wi1` is `--throw -i 1`.
/// What is no flag of the table stays as it is, for the parser to refuse.
[[nodiscard]] std::vector<std::string> with_short_flags_apart(
    std::span<const lab::Flag> table, const std::vector<std::string>& arguments);

}  // namespace loader
