#include "loader/summary/html_knee.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/load_levels.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

/// A value of a level; none where it has none.
using LevelValue = std::optional<double> (*)(const LoadLevel&);
struct LevelLine {
  std::string name{};
  std::string css{};
  LevelValue value = nullptr;
};

FiguresTable level_figures(const std::vector<LoadLevel>& levels) {
  FiguresTable table{.headings = {"Active users", "seconds", "requests/s", "failed share",
                                  "success p50", "success p95", "first token p50",
                                  "first token p95", "tokens out/s"}};
  for (const LoadLevel& level : levels) {
    const RequestWindow& of = level.requests;
    const auto times = [](const Sketch& sketch, double percent) {
      return plot_value(percentile_of(sketch, percent), PlotUnit::milliseconds);
    };
    table.rows.push_back(
        {format_short(level.vus), format_short(level.seconds),
         format_short(level.per_second(of.requests)), plot_value(failed_share(of), PlotUnit::share),
         times(of.succeeded, 50), times(of.succeeded, 95), times(of.time_to_first_token, 50),
         times(of.time_to_first_token, 95), format_short(level.per_second(of.tokens_out))});
  }
  return table;
}

std::string level_line(const std::vector<LoadLevel>& levels, const LevelLine& line,
                       const ValueScale& across, const ValueScale& up) {
  std::string path;
  std::string dots;
  for (const LoadLevel& level : levels) {
    const auto value = line.value(level);
    if (!value) continue;
    const std::string point = plot_point(across.place(level.vus), up.place(*value));
    path += (path.empty() ? "M" : "L") + point;
    dots += "M" + point + "h0";
  }
  return "<path class=\"line " + line.css + "\" d=\"" + path + "\"/>\n<path class=\"dots " +
         line.css + "\" d=\"" + dots + "\"/>\n";
}

Figure level_figure(const std::vector<LoadLevel>& levels, const std::vector<LevelLine>& lines,
                    PlotUnit unit) {
  double most = 0;
  for (const LevelLine& line : lines) {
    for (const LoadLevel& level : levels) most = std::max(most, line.value(level).value_or(0));
  }
  const ValueScale up = ValueScale::from_zero(most);
  const ValueScale across = ValueScale::from_zero(levels.back().vus);
  Figure figure{.says = "against active virtual users"};
  for (const LevelLine& line : lines) {
    figure.keys.push_back({line.css, line.name});
    figure.plot.shapes += level_line(levels, line, across, up);
  }
  figure.plot.across = value_marks(across, PlotUnit::number);
  figure.plot.up = value_marks(up, unit);
  figure.plot.corner = "VUs";
  figure.figures = level_figures(levels);
  return figure;
}

std::optional<double> success_p50(const LoadLevel& level) {
  return percentile_of(level.requests.succeeded, 50);
}
std::optional<double> success_p95(const LoadLevel& level) {
  return percentile_of(level.requests.succeeded, 95);
}
std::optional<double> first_token_p50(const LoadLevel& level) {
  return percentile_of(level.requests.time_to_first_token, 50);
}
std::optional<double> first_token_p95(const LoadLevel& level) {
  return percentile_of(level.requests.time_to_first_token, 95);
}
std::optional<double> tokens_per_second(const LoadLevel& level) {
  return level.per_second(level.requests.tokens_out);
}
std::optional<double> good_per_second(const LoadLevel& level) {
  return level.per_second(level.requests.requests - level.requests.failed);
}
std::optional<double> failed_per_second(const LoadLevel& level) {
  return level.per_second(level.requests.failed);
}

// From where on latency is twice what it is at the least load, and where most comes out.
std::string knee_text(const std::vector<LoadLevel>& levels, LevelValue latency,
                      std::string_view latency_name, LevelValue output,
                      std::string_view output_name) {
  const auto users = [](const LoadLevel& level) {
    return format_short(std::round(level.vus)) + " active users";
  };
  const auto failing = std::ranges::find_if(
      levels, [](const LoadLevel& level) { return failed_share(level.requests) >= kFailingLevel; });
  std::string text;
  if (failing != levels.end()) {
    text = "With " + users(*failing) + ", " +
           plot_value(failed_share(failing->requests), PlotUnit::share) +
           " of the requests fail; with " + users(levels.back()) + ", " +
           plot_value(failed_share(levels.back().requests), PlotUnit::share) + ". ";
  }
  const auto first = latency(levels.front());
  const auto bent = std::ranges::find_if(levels, [&](const LoadLevel& level) {
    return first && latency(level).value_or(0) > 2 * *first;
  });
  if (bent != levels.end()) {
    text += std::string(latency_name) + " is more than twice that of " + users(levels.front()) +
            " from " + users(*bent) + " on (" + plot_value(latency(*bent), PlotUnit::milliseconds) +
            " instead of " + plot_value(first, PlotUnit::milliseconds) + "). ";
  } else if (first && failing == levels.end()) {
    text = std::string(latency_name) + " stays within twice that of " + users(levels.front()) +
           " up to " + users(levels.back()) + ": no knee was reached. ";
  }
  const auto most = std::ranges::max_element(
      levels, {}, [&](const LoadLevel& level) { return output(level).value_or(0); });
  return text + "The most " + std::string(output_name) + ", " +
         plot_value(output(*most), PlotUnit::per_second) + ", came with " + users(*most) + ".";
}

}  // namespace

std::string knee_html(const RunColumns& columns) {
  const std::vector<LoadLevel> levels = load_levels(columns);
  if (levels.empty()) return {};
  const RequestWindow total = columns.all.total();
  const bool has_streams = !total.time_to_first_token.empty();
  const bool has_tokens = total.tokens_out > 0;
  std::vector<Figure> figures;
  if (has_streams) {
    figures.push_back(
        level_figure(levels, {{"p50", "p50", first_token_p50}, {"p95", "p95", first_token_p95}},
                     PlotUnit::milliseconds));
    figures.back().title = "Time to first token";
  }
  figures.push_back(level_figure(levels, {{"p50", "p50", success_p50}, {"p95", "p95", success_p95}},
                                 PlotUnit::milliseconds));
  figures.back().title = "Latency of successes";
  if (has_tokens) {
    figures.push_back(level_figure(levels, {{"out, of successes", "s0", tokens_per_second}},
                                   PlotUnit::per_second));
    figures.back().title = "Tokens per second";
  }
  figures.push_back(level_figure(
      levels, {{"succeeded/s", "s0", good_per_second}, {"failed/s", "s1", failed_per_second}},
      PlotUnit::per_second));
  figures.back().title = "Requests per second";
  std::string html = "<p>" +
                     html_escaped(knee_text(levels, has_streams ? first_token_p95 : success_p95,
                                            has_streams ? "The p95 of the time to first token"
                                                        : "The p95 of successes",
                                            has_tokens ? tokens_per_second : good_per_second,
                                            has_tokens ? "tokens" : "good answers")) +
                     "</p>\n<div class=\"times\">\n";
  for (Figure& figure : figures) {
    figure.plot.description = figure.title +
                              " against active virtual users; the figures are in "
                              "the table below";
    html += figure_html(figure);
  }
  return html + "</div>\n";
}

}  // namespace loader
