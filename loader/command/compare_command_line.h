// The flags of `loader compare`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "loader/compare/compare_settings.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

struct CompareCommand {
  std::string a{};  ///< The files of two runs; B is judged.
  std::string b{};
  CompareSettings settings{};
  std::string json{};  ///< Files of reports; empty: none, "-": standard output.
  std::string markdown{};
  std::string html{};
  bool no_color = false;
};

/// `arguments` are those after the command's name. The Error says which flag is wrong and what it
/// takes.
[[nodiscard]] lab::Result<CompareCommand> parse_compare_command(
    const std::vector<std::string>& arguments);

/// The table that they are read by.
[[nodiscard]] std::span<const lab::Flag> compare_flags();

/// The text of `loader compare --help`.
[[nodiscard]] std::string compare_usage();

}  // namespace loader
