// The flags of `loader merge`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/command/command_line.h"
#include "loader/merge/merge.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"
#include "shared/base/time.h"

namespace loader {

struct MergeCommand {
  /// Run files, and folders of them.
  std::vector<std::string> files;
  MergeSettings settings{};
  /// How long it waits for what is missing; none: not at all.
  std::optional<lab::Duration> wait{};
  /// How the result is shown and which files it leaves, as a run has it.
  RunCommand reports{};
};

/// `arguments` are those after the command's name. Flags win over K6_… variables. The Error says
/// which flag is wrong and what it takes.
[[nodiscard]] lab::Result<MergeCommand> parse_merge_command(
    const std::vector<std::string>& arguments, const lab::EnvironmentLookup& environment);

[[nodiscard]] std::vector<lab::Flag> merge_flags();

/// The text of `loader merge --help`.
[[nodiscard]] std::string merge_usage();

}  // namespace loader
