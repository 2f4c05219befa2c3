#include "loader/summary/html_plot.h"

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr double kPlotGap = 6;  // Between lanes and frame.
constexpr double kPlotFoot = 20;

std::string fluid_line(double y, std::string_view css) {
  return "<line x1=\"0\" x2=\"100%\"" + svg_attribute("y1", y) + svg_attribute("y2", y) +
         " class=\"" + std::string(css) + "\"/>\n";
}

std::string axis_up(const Plot& plot, double top) {
  std::string svg;
  for (const PlotMark& mark : plot.up) {
    const double y = top + (1 - mark.place) * kPlotHeight;
    svg += fluid_line(y, "axis") + plot_text(0, y + 4, "end", "tick", mark.text, -6);
  }
  return svg;
}

std::string axis_across(const Plot& plot, double bottom) {
  std::string svg = fluid_line(bottom, "axis");
  for (const PlotMark& mark : plot.across) {
    svg += "<line" + percent_attribute("x1", mark.place) + percent_attribute("x2", mark.place) +
           svg_attribute("y1", bottom) + svg_attribute("y2", bottom + 4) + " class=\"axis\"/>\n";
    // One at the very end would stick out.
    const std::string_view anchor = mark.place > 0.97 ? "end" : "middle";
    svg += plot_text(mark.place, bottom + 16, anchor, "tick", mark.text);
  }
  return plot.corner.empty() ? svg
                             : svg + plot_text(0, bottom + 16, "end", "unit", plot.corner, -24);
}

}  // namespace

std::string plot_value(std::optional<double> value, PlotUnit unit) {
  if (!value) return "–";
  switch (unit) {
    case PlotUnit::milliseconds:
      return format_milliseconds(*value, "");
    case PlotUnit::number:
      return format_short(*value);
    case PlotUnit::per_second:
      return format_short(*value) + "/s";
    case PlotUnit::share:
      break;
  }
  return format_short(*value * 100) + "%";
}

std::vector<PlotMark> value_marks(const ValueScale& scale, PlotUnit unit) {
  std::vector<PlotMark> marks;
  for (const double mark : scale.marks()) {
    marks.push_back({.place = scale.place(mark), .text = plot_value(mark, unit)});
  }
  return marks;
}

std::string plot_point(double across, double up) {
  return svg_coordinate(across * kPlotWidth) + " " + svg_coordinate((1 - up) * kPlotHeight);
}

std::string percent_attribute(std::string_view name, double share) {
  return " " + std::string(name) + "=\"" + format_fixed(share * 100, 2) + "%\"";
}

std::string plot_text(double across, double y, std::string_view anchor, std::string_view css,
                      std::string_view text, double dx) {
  return "<text" + percent_attribute("x", across) + svg_attribute("y", y) +
         (dx == 0 ? "" : svg_attribute("dx", dx)) + " text-anchor=\"" + std::string(anchor) +
         "\" class=\"" + std::string(css) + "\">" + html_escaped(text) + "</text>\n";
}

std::string plot_html(const Plot& plot) {
  const double top = plot.lanes_height + kPlotGap;
  const double bottom = top + kPlotHeight;
  std::string svg =
      "<svg class=\"plot\" role=\"img\"" + svg_attribute("height", bottom + kPlotFoot);
  if (plot.columns > 0) {
    svg += " tabindex=\"0\" data-columns=\"" + std::to_string(plot.columns) + "\"";
  }
  svg += " aria-label=\"" + html_escaped(plot.description) + "\">\n" + axis_up(plot, top);
  svg += "<svg class=\"shapes\" x=\"0\"" + svg_attribute("y", top) + " width=\"100%\"" +
         svg_attribute("height", kPlotHeight) + " viewBox=\"0 0 " + svg_coordinate(kPlotWidth) +
         " " + svg_coordinate(kPlotHeight) + "\" preserveAspectRatio=\"none\">\n" + plot.shapes +
         "</svg>\n";
  svg += plot.lanes + axis_across(plot, bottom);
  if (!plot.labels.empty()) {
    svg += "<g transform=\"translate(0 " + svg_coordinate(top) + ")\">\n" + plot.labels + "</g>\n";
  }
  if (plot.columns > 0) {
    svg +=
        "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"0\"" + svg_attribute("y2", bottom) + "/>\n";
  }
  return svg + "</svg>\n";
}

std::string plot_keys(const std::vector<PlotKey>& keys) {
  if (keys.empty()) return {};
  std::string html = "<div class=\"plot-keys\">";
  for (const PlotKey& key : keys) {
    html += "<span><i class=\"k " + key.css + "\"></i>" + html_escaped(key.name) + "</span>";
  }
  return html + "</div>\n";
}

std::string figures_html(const FiguresTable& table) {
  std::string html =
      "<details class=\"figures\"><summary>Figures</summary>\n<div class=\"wide tall\"><table>\n"
      "<thead><tr>";
  for (std::size_t i = 0; i < table.headings.size(); ++i) {
    const bool has_key = i > 0 && i - 1 < table.css.size() && !table.css[i - 1].empty();
    html += "<th scope=\"col\"" +
            (has_key ? " data-key=\"" + html_escaped(table.css[i - 1]) + "\"" : std::string()) +
            ">" + html_escaped(table.headings[i]) + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = html_escaped(row[i]);
      html += i == 0 ? "<th scope=\"row\">" + cell + "</th>" : "<td>" + cell + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n</details>\n";
}

std::string figure_html(const Figure& figure) {
  std::string html = "<figure class=\"chart\">\n<figcaption><b>" + html_escaped(figure.title) +
                     "</b> <span>" + html_escaped(figure.says) + "</span></figcaption>\n";
  return html + plot_keys(figure.keys) + plot_html(figure.plot) + figures_html(figure.figures) +
         "</figure>\n";
}

}  // namespace loader
