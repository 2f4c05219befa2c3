#include "loader/compare/comparison_html.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "loader/compare/comparison_words.h"
#include "loader/summary/html_style.h"
#include "loader/summary/html_text.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr std::string_view kComparisonStyle = R"css(
main { max-width: 1280px; }
td.plot { min-width: 220px; width: 30%; }
td.plot svg { max-width: 360px; }
svg .zero { stroke: var(--faint); stroke-dasharray: 2 2; }
svg .margin { fill: var(--bar-soft); }
svg .interval { stroke: var(--bar); stroke-width: 4; stroke-linecap: round; }
svg .worse { stroke: var(--bad); fill: var(--bad); }
svg .better { stroke: var(--good); fill: var(--good); }
svg .beyond { stroke-width: 1; }
svg .dot { fill: var(--text); stroke: none; }
ul.plain { margin: 0; padding-left: 18px; }
@media (max-width: 640px) { td.plot { min-width: 140px; } }
)css";

constexpr SvgPoint kPlotSize{300, 24};
// What lies beyond is cut off, lest one figure that is ten times as large makes all others dots.
constexpr double kRatioMax = 1;

bool is_of_share(const FigureChange& figure) {
  return info_of(figure.measure).unit == MeasureUnit::share;
}

/// From changes to places, zero in the middle.
class PlotScale {
 public:
  PlotScale(const RunComparison& comparison, bool of_shares) {
    for (const FigureChange& figure : comparison.figures) {
      if (is_of_share(figure) != of_shares) continue;
      most_ = std::max(most_, 2 * comparison.settings.margins[place_of(figure.measure)]);
      if (!figure.interval) continue;
      most_ = std::max({most_, std::abs(figure.interval->low), std::abs(figure.interval->high)});
    }
    most_ = std::min(most_, kRatioMax);
  }
  [[nodiscard]] double most() const { return most_; }
  [[nodiscard]] bool is_beyond(double change) const { return std::abs(change) > most_; }
  [[nodiscard]] double place(double change) const {
    constexpr double kEdge = 4;
    const double half = kPlotSize.x / 2 - kEdge;
    return kPlotSize.x / 2 + half * std::clamp(change / most_, -1.0, 1.0);
  }

 private:
  double most_ = 1e-3;
};

// Where a change lies beyond the picture.
std::string arrow(double change, double middle, const std::string& css) {
  const double tip = change > 0 ? kPlotSize.x : 0;
  const double back = change > 0 ? tip - 9 : tip + 9;
  return "<path class=\"" + css + "\" d=\"M" + svg_coordinate(tip) + " " + svg_coordinate(middle) +
         "L" + svg_coordinate(back) + " " + svg_coordinate(middle - 5) + "V" +
         svg_coordinate(middle + 5) + "z\"/>\n";
}

std::string plot(const FigureChange& figure, const PlotScale& scale, double margin) {
  if (!figure.interval) return {};
  const double middle = kPlotSize.y / 2;
  const std::string css = figure.verdict == ChangeVerdict::worse    ? "interval worse"
                          : figure.verdict == ChangeVerdict::better ? "interval better"
                                                                    : "interval";
  const std::string shapes =
      svg_rectangle({scale.place(-margin), 2}, {scale.place(margin), kPlotSize.y - 2}, "margin") +
      svg_line({scale.place(0), 0}, {scale.place(0), kPlotSize.y}, "zero") +
      svg_line({scale.place(figure.interval->low), middle},
               {scale.place(figure.interval->high), middle}, css) +
      (scale.is_beyond(figure.change) ? arrow(figure.change, middle, css + " beyond")
                                      : svg_circle({scale.place(figure.change), middle}, 4, "dot"));
  return svg_picture(kPlotSize,
                     "change " + change_text(info_of(figure.measure).unit, figure.change) +
                         ", interval " + interval_text(figure),
                     shapes);
}

// From where to where the pictures reach.
std::string scales_text(const RunComparison& comparison) {
  const auto range = [&](MeasureUnit unit, bool of_shares) {
    const double most = PlotScale(comparison, of_shares).most();
    return change_text(unit, -most) + " to " + change_text(unit, most);
  };
  return " The pictures reach from " + range(MeasureUnit::milliseconds, false) +
         ", those of shares from " + range(MeasureUnit::share, true) +
         "; their bands are the margins, their lines the intervals; an arrow lies beyond.";
}

std::string figure_table(const RunComparison& comparison, ChangeVerdict verdict) {
  const PlotScale shares(comparison, true);
  const PlotScale others(comparison, false);
  HtmlTable table({"Figure", "Part", "#A", "#B", "#Change", "#Interval", "less ← → more"});
  for (const FigureChange& figure : figures_with(comparison, verdict)) {
    const MeasureUnit unit = info_of(figure.measure).unit;
    const PlotScale& scale = is_of_share(figure) ? shares : others;
    const MeasureInfo& info = info_of(figure.measure);
    table.add(
        {{"<code title=\"" + html_escaped(info.says) + "\">" + html_escaped(info.name) + "</code>"},
         text_cell(figure.part),
         number_cell(figure_value(unit, figure.a)),
         number_cell(figure_value(unit, figure.b)),
         number_cell(change_text(unit, figure.change)),
         number_cell(figure.interval ? interval_text(figure) : figure.reason),
         {plot(figure, scale, comparison.settings.margins[place_of(figure.measure)]), "plot"}});
  }
  return table.html();
}

std::string html_list(const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string list = "<ul class=\"plain\">\n";
  for (const std::string& item : items) list += "<li>" + html_escaped(item) + "</li>\n";
  return list + "</ul>\n";
}

std::string comparison_header(const RunComparison& comparison) {
  const bool is_bare = !comparison.no_verdict.empty();
  const bool is_worse = comparison.has_regression();
  const std::string pill = is_bare    ? html_pill("No verdict", "none")
                           : is_worse ? html_pill("Worse", "bad")
                                      : html_pill("No regression", "good");
  return "<header>\n<h1>Comparison</h1>\n" + pill +
         "\n<div class=\"sub\">A: " + html_escaped(comparison.a) +
         "<br>B: " + html_escaped(comparison.b) + "</div>\n</header>\n" +
         (is_bare ? "<ul class=\"errors\"><li>" +
                        html_escaped("No verdict: " + comparison.no_verdict + ".") + "</li></ul>\n"
                  : std::string());
}

std::string headline(const RunComparison& comparison) {
  const std::string text = headline_text(comparison);
  return text.empty() ? text : "<p>" + html_escaped(text) + "</p>\n";
}

std::string comparison_tiles(const RunComparison& comparison) {
  const auto tile = [&](const char* name, ChangeVerdict verdict) {
    return html_tile(name, std::to_string(comparison.count(verdict)));
  };
  return "<div class=\"tiles\">\n" + tile("worse", ChangeVerdict::worse) +
         tile("better", ChangeVerdict::better) + tile("no difference", ChangeVerdict::alike) +
         tile("not judged", ChangeVerdict::unjudged) + "</div>\n";
}

}  // namespace

std::string comparison_html(const RunComparison& comparison) {
  const std::string style = std::string(kHtmlStyle) + std::string(kComparisonStyle);
  const auto section = [&](const char* title, ChangeVerdict verdict) {
    return html_section(title, figure_table(comparison, verdict));
  };
  const std::string footer =
      comparison.no_verdict.empty()
          ? "<footer>" + html_escaped(method_text(comparison) + scales_text(comparison)) +
                "</footer>\n"
          : std::string();
  return html_page(
      "Comparison of " + comparison.b + " with " + comparison.a, style,
      comparison_header(comparison) + headline(comparison) + comparison_tiles(comparison) +
          html_section("Not alike", html_list(comparison.unlike)) +
          html_section("New errors in B", html_list(comparison.new_errors)) +
          section("Worse", ChangeVerdict::worse) + section("Better", ChangeVerdict::better) +
          section("No difference", ChangeVerdict::alike) +
          section("Not judged", ChangeVerdict::unjudged) + footer);
}

}  // namespace loader
