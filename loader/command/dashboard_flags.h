// Where the dashboard listens: --dashboard, and what k6 calls its web dashboard.
#pragma once

#include "loader/command/command_line.h"
#include "loader/command/report_flags.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

/// --dashboard, K6_WEB_DASHBOARD with K6_WEB_DASHBOARD_HOST, …_PORT and …_EXPORT, and k6's
/// --out web-dashboard[=host=H&port=P&export=FILE], which is then none of the outputs. An export is
/// what --html writes, unless that is given.
[[nodiscard]] lab::Result<void> read_dashboard(const FlagSource& flags,
                                               const lab::EnvironmentLookup& environment,
                                               RunCommand& command);

}  // namespace loader
