// The knee: what more load does to latency and to what comes out.
#pragma once

#include <string>

#include "loader/summary/run_columns.h"

namespace loader {

/// Empty of a run whose load was much the same all the time.
[[nodiscard]] std::string knee_html(const RunColumns& columns);

}  // namespace loader
