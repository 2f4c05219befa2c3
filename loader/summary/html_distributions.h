// Whole distributions as pictures: from the smallest value to the largest, with percentiles marked.
#pragma once

#include <string>

#include "loader/summary/html_plot.h"
#include "loader/summary/run_columns.h"

namespace loader {

struct Distribution {
  std::string title{};
  PlotUnit unit = PlotUnit::milliseconds;
  bool is_whole = false;  ///< Its values have no fractions.
  Sketch values{};
};
/// A histogram with a table of percentiles; empty of nothing. Nothing is cut: where the tail is
/// long the axis is logarithmic, and the caption says so.
[[nodiscard]] std::string distribution_html(const Distribution& distribution);

/// Of all requests: successes and failures apart, streams, lengths in tokens.
[[nodiscard]] std::string distributions_html(const RunColumns& columns);

}  // namespace loader
