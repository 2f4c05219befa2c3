// The report's pictures over time.
#pragma once

#include <string>

#include "loader/summary/run_columns.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// Load, failures, latency, streams, tokens, and models beside each other; what no request has is
/// left out. Percentiles are of all requests of a column, not averages of percentiles.
[[nodiscard]] std::string over_time_html(const SummaryData& data, const RunColumns& columns);

}  // namespace loader
