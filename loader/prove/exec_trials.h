// Any load test put to the same proof: a command of the user's, run for real against a gateway of
// each family, whose exit code is the verdict.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "loader/prove/mutant.h"
#include "loader/prove/proof.h"
#include "loader/prove/prover.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct ExecPlan {
  std::string command;  ///< As `sh -c` takes it.
  std::string api_key;
  std::vector<MutantFamily> families;
  bool has_all_families = true;
  std::uint64_t seeds = 1;  ///< Runs of each mutant; of gateways whose seeds differ.
  std::uint64_t seed = 1;
  lab::Duration timeout{};  ///< Of each run; one that takes longer has failed.
  std::string folder;       ///< What the command prints goes here: NAME.log, or NAME.2.log.
  double min_score = 0;
};

/// Each family at its reference size. The proof has one threshold, the command's exit code. A
/// family of the network, of the number of users, or of a time that the command does not last is
/// not asked. The Error is of a command or a gateway that could not be started.
[[nodiscard]] lab::Result<Proof> prove_command_line(const ExecPlan& plan, const SoundWorld& sound,
                                                    const ProofObserver& observer);

}  // namespace loader
