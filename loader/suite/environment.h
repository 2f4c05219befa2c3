// The variables that suites and flows see: the contract's defaults, then the process's environment,
// then -e.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/text_template.h"
#include "shared/base/error.h"

namespace loader {

/// The variables of one run. What the user set is kept apart, because it wins over the suite file's
/// own values (MODEL, MAX_TOKENS, TEMPERATURE), which a default must not. "0" is a value.
struct RunEnvironment {
  Environment variables;    ///< What ${NAME} may name: defaults included.
  Environment set_by_user;  ///< The process's environment and -e only.

  [[nodiscard]] const std::string& gateway_url() const;
  [[nodiscard]] const std::string& api_key() const;
};

/// `process_environment` holds "KEY=VALUE" entries as environ does; `assignments` are those of -e,
/// later ones winning. A variable of the process that has a default counts as not set where it is
/// empty; with -e an empty value is a value (API_KEY: no key is sent). An assignment without "="
/// takes the process's value (as k6 does), and is an error if there is none.
[[nodiscard]] lab::Result<RunEnvironment> make_environment(
    const std::vector<std::string>& process_environment,
    const std::vector<std::string>& assignments);

}  // namespace loader
