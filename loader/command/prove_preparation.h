// From what the user typed to what will be put to proof.
#pragma once

#include <string>
#include <vector>

#include "loader/command/prove_command_line.h"
#include "loader/command/run_preparation.h"
#include "loader/prove/mutant.h"
#include "loader/prove/mutant_family.h"
#include "loader/suite/environment.h"
#include "shared/base/error.h"

namespace loader {

/// The suite and what it is run with.
struct PreparedSuite {
  PreparedRun run;
  std::string composed;  ///< The suite's file, where --flow has made it; else empty.
};
/// The Error is for the user (exit code 104).
[[nodiscard]] lab::Result<PreparedSuite> prepare_suite(const ProveCommand& command,
                                                       const RunEnvironment& environment);

/// The gateway and the network without any mutant.
[[nodiscard]] lab::Result<SoundWorld> sound_world(const ProveCommand& command);

/// The families that were asked for. The Error names one that there is not, and the nearest.
[[nodiscard]] lab::Result<std::vector<MutantFamily>> chosen_families(const ProveCommand& command);

/// One a core, unless the user says otherwise.
[[nodiscard]] unsigned threads_of(const ProveCommand& command);

}  // namespace loader
