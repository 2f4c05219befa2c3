// What the report's pictures have alike: a frame with axes, as wide as there is room for, whose
// text keeps its size; and a table of the same figures below.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/summary/value_scale.h"

namespace loader {

/// What a plot's values are.
enum class PlotUnit { milliseconds, number, per_second, share };
/// "1.23s", "12.3", "12.3/s", "12.3%"; a dash for none.
[[nodiscard]] std::string plot_value(std::optional<double> value, PlotUnit unit);

/// A round number on an axis: 0 is at its beginning, 1 at its end.
struct PlotMark {
  double place = 0;
  std::string text{};
};
[[nodiscard]] std::vector<PlotMark> value_marks(const ValueScale& scale, PlotUnit unit);

/// Shapes are drawn in a space of this size, which is stretched to the width that there is.
inline constexpr double kPlotWidth = 1000;
inline constexpr double kPlotHeight = 150;
/// A place in it, of shares of its width and its height (0 is below), for a path: "512.3 20".
[[nodiscard]] std::string plot_point(double across, double up);

struct Plot {
  std::string description{};  ///< Is read to those who do not see it.
  std::vector<PlotMark> across{};
  std::vector<PlotMark> up{};
  std::string corner{};     ///< What the marks across are: "m:ss".
  std::string shapes{};     ///< Markup, in the stretched space.
  std::string lanes{};      ///< Markup above it, from 0 to
  double lanes_height = 0;  ///< here.
  std::string labels{};     ///< Markup over the shapes, not stretched; y counts from its top.
  std::size_t columns = 0;  ///< That a pointer tells apart, as rows of the table; 0: it does not.
};
[[nodiscard]] std::string plot_html(const Plot& plot);

/// "<text>" at a share of the width.
[[nodiscard]] std::string plot_text(double across, double y, std::string_view anchor,
                                    std::string_view css, std::string_view text, double dx = 0);
/// " x=\"12.5%\"".
[[nodiscard]] std::string percent_attribute(std::string_view name, double share);

/// What stands in the caption's line below: a colour and what it is.
struct PlotKey {
  std::string css{};
  std::string name{};
};
[[nodiscard]] std::string plot_keys(const std::vector<PlotKey>& keys);

/// The figures of a picture, folded. The first heading and cell of a row are what it is of; `css`
/// has a class for each further column, or is empty.
struct FiguresTable {
  std::vector<std::string> headings{};
  std::vector<std::string> css{};
  std::vector<std::vector<std::string>> rows{};
};
[[nodiscard]] std::string figures_html(const FiguresTable& table);

/// The whole of it.
struct Figure {
  std::string title{};
  std::string says{};
  std::vector<PlotKey> keys{};
  Plot plot{};
  FiguresTable figures{};
};
[[nodiscard]] std::string figure_html(const Figure& figure);

}  // namespace loader
