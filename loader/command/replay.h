// The command that runs the same again, as a shell takes it.
#pragma once

#include <string>
#include <vector>

#include "loader/command/command_flags.h"

namespace loader {

/// A command as it was given.
struct GivenCommand {
  std::vector<std::string> arguments;           ///< After "loader run".
  std::vector<std::string> assignments;         ///< Those of -e among them.
  std::vector<Setting> taken_from_environment;  ///< Flags that variables have set.
  std::string suite_text;                       ///< Names variables: ${NAME}.
};

/// The command with the variables that it took from the environment in front: those of flags, those
/// that win over the suite, and those that the suite names. The API key is not shown: its variable
/// is.
[[nodiscard]] std::string replay_command(const GivenCommand& given,
                                         const EnvironmentLookup& environment);

}  // namespace loader
