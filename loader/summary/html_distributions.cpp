#include "loader/summary/html_distributions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr std::size_t kBins = 60;
// A tail that reaches so many times as far as half of the values would squeeze them.
constexpr double kLongTail = 8;
constexpr double kMarkedPercents[] = {50, 95, 99};

// Zero has no logarithm.
bool has_long_tail(const Sketch& values) {
  return values.min() > 0 && values.max() > kLongTail * values.percentile(50);
}

ValueScale scale_of(const Sketch& values) {
  return has_long_tail(values) ? ValueScale::logarithmic(values.min(), values.max())
                               : ValueScale::between(values.min(), values.max());
}

// Shares of the values. Within a bucket they are taken as evenly spread, so that a bin which is
// narrower than a bucket is no hole.
std::vector<double> bins_of(const Sketch& values, const ValueScale& scale) {
  std::vector<double> bins(kBins, 0);
  const auto last = static_cast<double>(kBins);
  for (const Sketch::Bucket& bucket : values.buckets()) {
    const double low = std::max(Sketch::lower_end(bucket.index), values.min());
    const double high = std::min(Sketch::lower_end(bucket.index + 1U), values.max());
    const double from = scale.place(low) * last;
    const double to = std::max(scale.place(high) * last, from);
    const double share = static_cast<double>(bucket.count) / static_cast<double>(values.count());
    const auto first_bin = std::min(static_cast<std::size_t>(from), kBins - 1);
    const auto last_bin = std::min(static_cast<std::size_t>(to), kBins - 1);
    for (std::size_t i = first_bin; i <= last_bin; ++i) {
      if (to <= from || first_bin == last_bin) {
        bins[i] += share / static_cast<double>(last_bin - first_bin + 1);
        continue;
      }
      const double begin = std::max(from, static_cast<double>(i));
      const double end = std::min(to, static_cast<double>(i + 1));
      bins[i] += share * (end - begin) / (to - from);
    }
  }
  return bins;
}

std::string bin_shapes(const std::vector<double>& bins) {
  const double highest = *std::ranges::max_element(bins);
  std::string path;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] <= 0) continue;
    // What is there is seen, however little it is.
    const double up = std::max(bins[i] / highest, 0.012);
    const double left = (static_cast<double>(i) + 0.06) / static_cast<double>(kBins);
    const double right = (static_cast<double>(i) + 0.94) / static_cast<double>(kBins);
    path += "M" + plot_point(left, 0) + "V" + svg_coordinate((1 - up) * kPlotHeight) + "H" +
            svg_coordinate(right * kPlotWidth) + "V" + svg_coordinate(kPlotHeight) + "z";
  }
  return "<path class=\"area s0\" d=\"" + path + "\"/>\n";
}

// Tokens are whole, and a sketch has them within buckets.
double percentile_of(const Distribution& distribution, double percent) {
  const double value = distribution.values.percentile(percent);
  return distribution.is_whole ? std::round(value) : value;
}

// Names one below the other: percentiles may be close to each other.
void mark_percentiles(const Distribution& distribution, const ValueScale& scale, Plot& plot) {
  constexpr double kNameHeight = 13;
  double y = 10;
  for (const double percent : kMarkedPercents) {
    const std::string name = "p" + format_plain(percent);
    const double value = percentile_of(distribution, percent);
    const double place = scale.place(value);
    plot.lanes +=
        plot_text(place, y, place > 0.5 ? "end" : "start", "mark-name " + name,
                  name + " " + plot_value(value, distribution.unit), place > 0.5 ? -4 : 4);
    plot.shapes += "<path class=\"mark " + name + "\" d=\"M" + plot_point(place, 1) + "V" +
                   svg_coordinate(kPlotHeight) + "\"/>\n";
    y += kNameHeight;
  }
  plot.lanes_height = 3 * kNameHeight;
}

FiguresTable percentiles_of(const Distribution& distribution) {
  FiguresTable table{.headings = {"Share of values", "at most"}};
  const auto add = [&](std::string name, const std::string& value) {
    table.rows.push_back({std::move(name), value});
  };
  const Sketch& values = distribution.values;
  const auto text = [&](double value) { return plot_value(value, distribution.unit); };
  add("values", std::to_string(values.count()));
  add("mean", text(values.mean()));
  add("min", text(values.min()));
  for (const double percent : {1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9}) {
    add("p" + format_plain(percent), text(percentile_of(distribution, percent)));
  }
  add("max", text(values.max()));
  return table;
}

}  // namespace

std::string distribution_html(const Distribution& distribution) {
  const Sketch& values = distribution.values;
  if (values.empty()) return {};
  const ValueScale scale = scale_of(values);
  const std::string range = plot_value(values.min(), distribution.unit) + " to " +
                            plot_value(values.max(), distribution.unit);
  Figure figure{.title = distribution.title,
                .says = std::to_string(values.count()) +
                        (values.count() == 1 ? " value, " : " values, all of them: ") + range,
                .figures = percentiles_of(distribution)};
  if (scale.is_logarithmic()) figure.says += "; logarithmic axis";
  figure.plot.description =
      distribution.title + ": " + figure.says + "; the figures are in the table below";
  figure.plot.across = value_marks(scale, distribution.unit);
  figure.plot.shapes = bin_shapes(bins_of(values, scale));
  mark_percentiles(distribution, scale, figure.plot);
  return figure_html(figure);
}

std::string distributions_html(const RunColumns& columns) {
  const RequestWindow total = columns.all.total();
  const std::array all{
      Distribution{.title = "Latency of successes", .values = total.succeeded},
      Distribution{.title = "Latency of failures", .values = total.failed_after},
      Distribution{.title = "Time to first token", .values = total.time_to_first_token},
      Distribution{.title = "Inter-token latency", .values = total.inter_token},
      Distribution{.title = "Tokens of a prompt",
                   .unit = PlotUnit::number,
                   .is_whole = true,
                   .values = columns.all.tokens_in},
      Distribution{.title = "Tokens of an answer",
                   .unit = PlotUnit::number,
                   .is_whole = true,
                   .values = columns.all.tokens_out}};
  std::string html;
  for (const Distribution& each : all) html += distribution_html(each);
  return html.empty() ? html : "<div class=\"times\">\n" + html + "</div>\n";
}

}  // namespace loader
