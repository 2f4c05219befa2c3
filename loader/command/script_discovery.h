// From the text of a k6 script to a script that can be run.
#pragma once

#include <functional>
#include <memory>

#include "loader/command/command_line.h"
#include "loader/command/run_preparation.h"
#include "loader/script/script.h"
#include "loader/suite/environment.h"
#include "loader/suite/suite.h"

namespace loader {

/// Runs the script's init code. What is refused has k6's exit code.
[[nodiscard]] boost::system::result<std::shared_ptr<const Script>, RefusedRun> discover_script(
    const SuiteText& text, const RunCommand& command, const RunEnvironment& environment,
    const std::function<void(const ScriptLogLine&)>& log);

}  // namespace loader
