// What the command line and the file of --config say of options.
#pragma once

#include <string>

#include "loader/command/command_line.h"
#include "loader/suite/options.h"
#include "shared/base/error.h"

namespace loader {

/// Reads the file, if there is one. The Error says what is wrong with it.
[[nodiscard]] lab::Result<OptionLayers> option_layers(const RunCommand& command);

/// What said an option, for messages: "--user-agent", "K6_USER_AGENT", or "options.userAgent".
[[nodiscard]] std::string source_of_option(const std::string& option, const RunCommand& command);

}  // namespace loader
