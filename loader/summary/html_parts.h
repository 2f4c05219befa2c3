// The report's tables of scenarios, phases and groups.
#pragma once

#include <string>

#include "loader/metrics/breakdown.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// A row for each part of that kind: how much, how well, how fast. Empty if there are none. Columns
/// that none of them has are left out.
[[nodiscard]] std::string parts_table(const SummaryData& data, Breakdown::Kind kind);

}  // namespace loader
