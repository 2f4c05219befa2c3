// Which flags of `loader run` say something to `loader inspect`, which runs nothing.
#pragma once

#include <vector>

#include "loader/command/command_flags.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

/// The flags of `loader run`: all but inspect's own.
[[nodiscard]] std::vector<lab::Flag> flags_of_run();
/// Those of `loader inspect`.
[[nodiscard]] std::vector<lab::Flag> flags_of_inspect();

/// The Error names a flag that has a meaning for the other command only. A variable is none: it is
/// set for all commands of a job.
[[nodiscard]] lab::Result<void> check_flags_of_run(const CommandFlags& flags);
[[nodiscard]] lab::Result<void> check_flags_of_inspect(const CommandFlags& flags);

}  // namespace loader
