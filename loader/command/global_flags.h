// k6's global flags, which may stand before the command: `loader -q run suite.json`.
#pragma once

#include <string>
#include <vector>

namespace loader {

/// The same arguments with those flags behind the command, which says itself what it thinks of
/// them. Where no command follows they are left out: that there is none is what is wrong.
[[nodiscard]] std::vector<std::string> with_command_first(std::vector<std::string> arguments);

}  // namespace loader
