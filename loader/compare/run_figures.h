// The figures of a run of which nothing is known but its summary's metrics, as k6 writes it.
#pragma once

#include "loader/compare/measures.h"
#include "loader/summary/summary_data.h"

namespace loader {

/// Those that the metrics tell; all others are NaN.
[[nodiscard]] Figures metric_figures(const SummaryData& summary);

/// How often checks held, and did not.
struct CheckTotals {
  double passes = 0;
  double fails = 0;
};
[[nodiscard]] CheckTotals check_totals(const SummaryData& summary);

}  // namespace loader
