#include "loader/summary/html_time_chart.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "loader/summary/html_text.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

// Limits further above what was measured would squeeze it.
constexpr double kLimitReach = 2.5;
// From such a ratio between the largest value and the median on, most would lie on the ground.
constexpr double kLogarithmicFrom = 40;

bool is_drawn(const ChartSeries& series) { return !series.css.empty(); }

// All that are drawn, in ascending order. Of a stack, its heights.
std::vector<double> drawn_values(const TimeChart& chart, std::size_t columns) {
  std::vector<double> values;
  const bool is_stacked = chart.form == TimeChart::Form::stacked;
  for (std::size_t i = 0; i < columns; ++i) {
    double height = 0;
    for (const ChartSeries& series : chart.series) {
      if (!is_drawn(series) || !series.values[i]) continue;
      height += *series.values[i];
      if (!is_stacked) values.push_back(*series.values[i]);
    }
    if (is_stacked) values.push_back(height);
  }
  std::ranges::sort(values);
  return values;
}

struct ScaleAndLimits {
  ValueScale scale{};
  std::vector<ChartLimit> within{};
  std::vector<ChartLimit> beyond{};
};

ScaleAndLimits scale_for(const TimeChart& chart, const std::vector<double>& values) {
  ScaleAndLimits made;
  const double measured = values.empty() ? 0 : values.back();
  double most = measured;
  for (const ChartLimit& limit : chart.limits) {
    const bool is_within = limit.value <= measured * kLimitReach && limit.value > 0;
    (is_within ? made.within : made.beyond).push_back(limit);
    if (is_within) most = std::max(most, limit.value);
  }
  const auto positive = std::ranges::upper_bound(values, 0.0);
  const bool is_spread = chart.form == TimeChart::Form::lines && positive != values.end() &&
                         measured > kLogarithmicFrom * values[values.size() / 2] &&
                         chart.unit == PlotUnit::milliseconds;
  made.scale = is_spread ? ValueScale::logarithmic(*positive, most) : ValueScale::from_zero(most);
  return made;
}

double middle_of(std::size_t column, std::size_t columns) {
  return (static_cast<double>(column) + 0.5) / static_cast<double>(columns);
}

std::string line_shape(const ChartSeries& series, const ValueScale& scale) {
  std::string path;
  bool is_down = false;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const std::optional<double>& value = series.values[i];
    if (!value) {
      is_down = false;
      continue;
    }
    path +=
        (is_down ? "L" : "M") + plot_point(middle_of(i, series.values.size()), scale.place(*value));
    const bool is_alone = !is_down && (i + 1 == series.values.size() || !series.values[i + 1]);
    if (is_alone) path += "h0";  // Its round ends make it a dot.
    is_down = true;
  }
  return "<path class=\"line " + series.css + "\" d=\"" + path + "\"/>\n";
}

// Along the tops of the columns, and back along their feet. Both are by column.
std::string stack_shape(std::string_view css, const std::vector<double>& feet,
                        const std::vector<double>& tops) {
  const double columns = static_cast<double>(tops.size());
  std::string path;
  for (std::size_t i = 0; i < tops.size(); ++i) {
    if (tops[i] <= feet[i]) continue;
    const double left = static_cast<double>(i) / columns;
    const double right = static_cast<double>(i + 1) / columns;
    path += "M" + plot_point(left, tops[i]) + "H" + svg_coordinate(right * kPlotWidth) + "V" +
            svg_coordinate((1 - feet[i]) * kPlotHeight) + "H" + svg_coordinate(left * kPlotWidth) +
            "z";
  }
  return "<path class=\"area " + std::string(css) + "\" d=\"" + path + "\"/>\n";
}

std::string stacked_shapes(const TimeChart& chart, const ValueScale& scale, std::size_t columns) {
  std::string shapes;
  std::vector<double> heights(columns, 0);
  std::vector<double> feet(columns, 0);
  for (const ChartSeries& series : chart.series) {
    if (!is_drawn(series)) continue;
    std::vector<double> tops(columns, 0);
    for (std::size_t i = 0; i < columns; ++i) {
      heights[i] += series.values[i].value_or(0);
      tops[i] = scale.place(heights[i]);
    }
    shapes += stack_shape(series.css, feet, tops);
    feet = tops;
  }
  return shapes;
}

std::string series_shapes(const TimeChart& chart, const ValueScale& scale, std::size_t columns) {
  if (chart.form == TimeChart::Form::stacked) return stacked_shapes(chart, scale, columns);
  std::string shapes;
  for (const ChartSeries& series : chart.series) {
    if (is_drawn(series)) shapes += line_shape(series, scale);
  }
  return shapes;
}

void add_limits(const std::vector<ChartLimit>& limits, const ValueScale& scale, Plot& plot) {
  double last = -20;
  for (const ChartLimit& limit : limits) {
    const double up = scale.place(limit.value);
    plot.shapes += "<path class=\"limit\" d=\"M" + plot_point(0, up) + "H" +
                   svg_coordinate(kPlotWidth) + "\"/>\n";
    double y = (1 - up) * kPlotHeight;
    y = y < 16 ? y + 12 : y - 4;
    // Limits close to each other: the names would be on top of each other.
    if (std::abs(y - last) < 12) continue;
    plot.labels += plot_text(1, y, "end", "limit-name", limit.threshold, -3);
    last = y;
  }
}

std::string caption_of(const TimeChart& chart, const ScaleAndLimits& scaling) {
  std::string says = chart.says;
  const auto add = [&says](const std::string& more) { says += (says.empty() ? "" : "; ") + more; };
  if (scaling.scale.is_logarithmic()) add("logarithmic axis");
  std::string beyond;
  for (const ChartLimit& limit : scaling.beyond) {
    beyond += (beyond.empty() ? "" : ", ") + limit.threshold;
  }
  if (!beyond.empty()) add("above the picture: " + beyond);
  return says;
}

FiguresTable figures_of(const TimeChart& chart, const TimeAxis& axis) {
  FiguresTable table{.headings = {"Time"}};
  for (const ChartSeries& series : chart.series) {
    table.headings.push_back(series.name);
    table.css.push_back(series.css);
  }
  for (std::size_t i = 0; i < axis.columns; ++i) {
    std::vector<std::string>& row =
        table.rows.emplace_back(1, clock_text(axis.from(i)) + "–" + clock_text(axis.to(i)));
    for (const ChartSeries& series : chart.series) {
      row.push_back(plot_value(series.values[i], series.unit));
    }
  }
  return table;
}

}  // namespace

std::string time_chart_html(const TimeChart& chart, const TimeAxis& axis,
                            const std::vector<TimeLane>& phases) {
  const std::vector<double> values = drawn_values(chart, axis.columns);
  const ScaleAndLimits scaling = scale_for(chart, values);
  LaneMarkup lanes = lane_markup(phases, chart.breaches, axis);
  Figure figure{
      .title = chart.title, .says = caption_of(chart, scaling), .figures = figures_of(chart, axis)};
  for (const ChartSeries& series : chart.series) {
    if (is_drawn(series)) figure.keys.push_back({series.css, series.name});
  }
  Plot& plot = figure.plot;
  plot.description = chart.title + " over time, up to " +
                     plot_value(values.empty() ? 0 : values.back(), chart.unit) +
                     "; the figures are in the table below";
  plot.across = time_marks(axis);
  plot.up = value_marks(scaling.scale, chart.unit);
  plot.corner = time_marks_unit(axis);
  plot.lanes = std::move(lanes.lanes);
  plot.lanes_height = lanes.height;
  plot.shapes = std::move(lanes.shapes) + series_shapes(chart, scaling.scale, axis.columns);
  plot.columns = axis.columns;
  add_limits(scaling.within, scaling.scale, plot);
  return figure_html(figure);
}

}  // namespace loader
