// The flags of `loader prove`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "loader/suite/options.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"
#include "shared/base/time.h"

namespace loader {

struct ProveCommand {
  std::string suite;
  std::string flow;  ///< A built-in suite whose flows a file of options alone is run with.
  ExecutionShortcuts shortcuts;
  std::vector<std::string> assignments;  ///< -e NAME=VALUE, in order.
  std::string gateway;                   ///< A file's or a built-in one; empty: the healthy one.
  std::string network;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> seeds;
  std::optional<lab::Duration> budget;
  std::vector<std::string> only;  ///< Families; empty: all,
  std::vector<std::string> skip;  ///< but these.
  std::string mutants;            ///< A file of families of one's own; empty: none.
  std::optional<unsigned> threads;
  double min_score = 0;
  std::string oc;    ///< A threshold whose operating characteristic is wanted; or empty,
  std::string vary;  ///< and what is varied.
  std::string exec;  ///< A command instead of a suite; or empty.
  lab::Duration exec_timeout = std::chrono::minutes(10);
  std::string exec_output = "prove-output";  ///< The folder of what commands print.
  std::string write_mutants;                 ///< A folder; empty: none.
  std::string json;  ///< Files of reports; empty: none, "-": standard output.
  std::string junit;
  std::string markdown;
  std::string html;
  bool quiet = false;
  bool no_color = false;
};

/// `arguments` are those after the command's name. The Error says which flag is wrong and what it
/// takes.
[[nodiscard]] lab::Result<ProveCommand> parse_prove_command(
    const std::vector<std::string>& arguments);

/// The table that they are read by.
[[nodiscard]] std::span<const lab::Flag> prove_flags();

/// The text of `loader prove --help`.
[[nodiscard]] std::string prove_usage();

}  // namespace loader
