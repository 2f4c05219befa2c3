// Which run a process carries out a part of, so that parts of different runs are never put
// together.
#pragma once

#include <string>

#include "loader/command/command_line.h"
#include "loader/merge/run_file.h"
#include "loader/run/run_spec.h"
#include "loader/suite/environment.h"
#include "loader/suite/suite.h"

namespace loader {

/// `suite` and `spec` are what is run, before anything is left out of it that this part has no
/// share of; `text` is the suite's. Variables that a suite or a script names count as what it says,
/// and all of -e of a script, as do the files that either has read; but not what tells parts apart
/// by its nature (a pod's name). Values of all kinds are kept as digests where they may be secret,
/// and API_KEY not at all.
[[nodiscard]] RunPartIdentity run_identity(const Suite& suite, const RunSpec& spec,
                                           const RunCommand& command,
                                           const RunEnvironment& environment,
                                           const SuiteText& text);

}  // namespace loader
