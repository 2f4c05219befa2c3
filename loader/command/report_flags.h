// The flags that say how a result is shown and which files it leaves: alike for a run and for the
// merged parts of one.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/command/command_line.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

inline constexpr std::array<std::string_view, 9> kReportFlags{
    "summary-file", "summary-export", "summary-trend-stats", "summary-mode", "junit",
    "markdown",     "html",           "no-summary",          "no-color"};

/// What was given.
struct FlagSource {
  std::function<std::optional<lab::Setting>(const std::string& flag)> find;
  std::function<lab::Result<bool>(const std::string& flag)> is_on;
};

/// Where a file goes; empty: nowhere. An argument that names no place is an Error.
[[nodiscard]] lab::Result<std::string> place_of(const std::optional<lab::Setting>& setting);
/// The Error names a flag that says two places for one file: the first would stay unwritten. The
/// last of k6's --summary-export counts, as there.
[[nodiscard]] lab::Result<void> check_said_once(const lab::GivenFlags& flags);
/// Sets what these flags decide. The Error names the first that is wrong, and what it takes.
[[nodiscard]] lab::Result<void> read_report_flags(const FlagSource& flags, RunCommand& command);

}  // namespace loader
