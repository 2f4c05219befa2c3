// The report's tables of models, scenarios and phases.
#pragma once

#include <string>

#include "loader/summary/run_columns.h"

namespace loader {

/// A row for each, successes and failures apart; empty of one alone. Columns that none of them has
/// are left out. Percentiles are of all requests of a row.
[[nodiscard]] std::string models_table(const RunColumns& columns);
[[nodiscard]] std::string scenarios_table(const RunColumns& columns);
/// Per second is within the stretch in which requests of the phase ended.
[[nodiscard]] std::string phases_table(const RunColumns& columns);

}  // namespace loader
