// What the virtual users of one thread have in common while a script is run.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "loader/flow/run_context.h"
#include "loader/script/script.h"
#include "loader/script/script_exchange.h"
#include "loader/script/script_program.h"
#include "loader/script/script_steps.h"

namespace loader {

struct ScriptRun {
  ScriptProgram& program;
  RunContext& context;
  ScriptRunSettings settings;
  /// What setup() returned, as JSON; none: undefined, or there is no setup.
  std::optional<std::string> setup_data{};
  ScriptSteps steps{};
  ScriptExchanges exchanges{};
  std::set<std::string> requests_seen{};  ///< Those that settings.request_seen has been shown.
};

}  // namespace loader
