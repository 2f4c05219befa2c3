// The flags and variables of k6's options, as values of these options.
#pragma once

#include <vector>

#include "loader/command/command_flags.h"
#include "loader/suite/options.h"
#include "shared/base/error.h"

namespace loader {

/// Those that are said over the suite's own; what is wrong with a value the options' reader says.
[[nodiscard]] lab::Result<std::vector<OptionSetting>> read_option_settings(
    const CommandFlags& flags);

}  // namespace loader
