// A picture of something over the time of a run: lines, or bars on top of each other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/summary/html_plot.h"
#include "loader/summary/time_axis.h"
#include "loader/summary/time_lanes.h"

namespace loader {

/// A value for each column of the axis; none where there is nothing to tell.
struct ChartSeries {
  std::string name{};
  std::string css{};  ///< Its colour; empty: it stands in the table only.
  PlotUnit unit = PlotUnit::number;
  std::vector<std::optional<double>> values{};
};

/// A limit that a threshold sets.
struct ChartLimit {
  std::string threshold{};
  double value = 0;
};

struct TimeChart {
  enum class Form { lines, stacked };
  std::string title{};
  std::string says{};
  Form form = Form::lines;
  PlotUnit unit = PlotUnit::number;  ///< Of all series that are drawn.
  std::vector<ChartSeries> series{};
  std::vector<ChartLimit> limits{};
  std::vector<ThresholdBreach> breaches{};
};

/// The axis by its logarithm where one value is far above most, which the caption says; limits
/// that are far above all values are told there, and not drawn.
[[nodiscard]] std::string time_chart_html(const TimeChart& chart, const TimeAxis& axis,
                                          const std::vector<TimeLane>& phases);

}  // namespace loader
