// The command that runs the same again, as a shell takes it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/flags.h"

namespace loader {

/// The variables that decide what a suite of that text does: those it names, and those that win
/// over what it says; but API_KEY.
[[nodiscard]] std::set<std::string> variables_of(std::string_view suite_text);

/// A word as a POSIX shell takes it back.
[[nodiscard]] std::string shell_quoted(std::string_view text);
/// The same of a command's argument; of NAME=VALUE that gives the API key or, by its name, another
/// secret, its variable; of an address, without user and password.
[[nodiscard]] std::string shown_argument(std::string_view argument);

/// A command as it was given.
struct GivenCommand {
  std::vector<std::string> arguments;                ///< After "loader run".
  std::vector<std::string> assignments;              ///< Those of -e among them.
  std::vector<lab::Setting> taken_from_environment;  ///< Flags that variables have set.
  std::string suite_text;                            ///< Names variables: ${NAME}.
};

/// The command with the variables that it took from the environment in front: those of flags, those
/// that win over the suite, and those that the suite names. The API key and the secrets of outputs
/// are not shown: their variables are.
[[nodiscard]] std::string replay_command(const GivenCommand& given,
                                         const lab::EnvironmentLookup& environment);

}  // namespace loader
