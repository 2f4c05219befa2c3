// From what the user typed to what will be run: suite, gateway, share of the load.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "loader/command/command_line.h"
#include "loader/merge/run_file.h"
#include "loader/run/exit_code.h"
#include "loader/run/run.h"
#include "loader/suite/environment.h"
#include "loader/suite/suite.h"
#include "loader/summary/progress.h"
#include "shared/base/error.h"

namespace loader {

struct PreparedRun {
  Suite suite;
  RunSpec spec;
  std::vector<std::string> warnings;  ///< Thresholds over what can't occur, scenarios without work.
  std::string replay{};               ///< The command as a shell takes it, to run it again.
  std::optional<RunPartIdentity> part{};  ///< For the run file; none: there will be none.
};

/// Why there is nothing to run: for the user.
struct RefusedRun : lab::Error {
  RefusedRun() = default;
  RefusedRun(
      lab::Error error,  // NOLINT(google-explicit-constructor): most are wrong configuration.
      ExitCode its_code = ExitCode::invalid_configuration)
      : lab::Error(std::move(error)), code(its_code) {}
  ExitCode code = ExitCode::invalid_configuration;
};

/// `log` gets what a script's init code says, once.
[[nodiscard]] boost::system::result<PreparedRun, RefusedRun> prepare_run(
    const RunCommand& command, const RunEnvironment& environment,
    const std::function<void(const ScriptLogLine&)>& log = {});

/// The start block. `execution` says which world: "local", "simulated (seed 1)".
[[nodiscard]] RunPlan make_run_plan(const PreparedRun& prepared, std::string execution,
                                    std::vector<std::string> outputs);

}  // namespace loader
