// What a script does can't be read off it: it is seen in a run.
#pragma once

#include "loader/prove/mutant.h"
#include "loader/run/run_spec.h"
#include "loader/suite/suite.h"
#include "shared/base/error.h"

namespace loader {

/// Gives the flows of a script's suite a step for each kind of request that one sound run made, for
/// habits_of() and the like; a suite with flows of its own stays as it is. The Error says why there
/// was no such run.
[[nodiscard]] lab::Result<void> observe_requests(Suite& suite, const RunSpec& spec,
                                                 const SoundWorld& sound);

}  // namespace loader
