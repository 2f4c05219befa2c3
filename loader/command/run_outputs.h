// Opens what a run's samples go to.
#pragma once

#include "loader/command/command_line.h"
#include "loader/delivery/output_context.h"
#include "loader/outputs/sample_output.h"
#include "shared/base/error.h"

namespace loader {

/// Adds those of --out. The Error names what said it, the flag or its variable.
[[nodiscard]] lab::Result<void> add_outputs(const RunCommand& command, const OutputContext& context,
                                            Outputs& outputs);

}  // namespace loader
