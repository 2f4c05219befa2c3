#include "loader/summary/html_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "loader/summary/html_text.h"
#include "loader/summary/summary_format.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr double kWidth = 520;
constexpr double kHeight = 190;
constexpr double kTop = 40;  // Room for the names of the percentiles.
constexpr double kBottom = 22;
constexpr std::size_t kBins = 52;
constexpr double kTail = 0.005;

/// Values to places in the picture.
struct Scale {
  double low = 0;
  double high = 1;
  [[nodiscard]] double x(double value) const { return (value - low) / (high - low) * kWidth; }
};

Scale scale_of(const std::vector<double>& quantiles) {
  const auto last = static_cast<double>(quantiles.size() - 1);
  const double low = quantiles.front();
  const double high = quantiles[static_cast<std::size_t>(last * (1 - kTail))];
  // All values alike: something around them, so that there is a picture at all.
  if (high <= low)
    return {low - std::max(std::abs(low) * 0.1, 1e-6), low + std::max(std::abs(low) * 0.1, 1e-6)};
  return {low, high};
}

// Shares of the values, by bin. Between two quantiles lies the same share of them everywhere.
std::vector<double> bins_of(const std::vector<double>& quantiles, const Scale& scale) {
  std::vector<double> bins(kBins, 0);
  const double share = 1 / static_cast<double>(quantiles.size() - 1);
  for (std::size_t i = 0; i + 1 < quantiles.size(); ++i) {
    const double place = scale.x((quantiles[i] + quantiles[i + 1]) / 2) / kWidth;
    if (place > 1) continue;
    const auto bin = static_cast<std::size_t>(place * static_cast<double>(kBins));
    bins[std::min(bin, kBins - 1)] += share;
  }
  return bins;
}

std::string bars(const std::vector<double>& bins) {
  const double highest = *std::max_element(bins.begin(), bins.end());
  constexpr double kRoom = kHeight - kTop - kBottom;
  constexpr double kStep = kWidth / static_cast<double>(kBins);
  std::string svg;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] <= 0) continue;
    // What is there is seen, however little it is.
    const double height = std::max(1.0, bins[i] / highest * kRoom);
    svg += "<rect class=\"bar\"" + svg_attribute("x", static_cast<double>(i) * kStep + 0.5) +
           svg_attribute("y", kHeight - kBottom - height) + svg_attribute("width", kStep - 1) +
           svg_attribute("height", height) + "><title>" + format_share(bins[i]) +
           "</title></rect>\n";
  }
  return svg;
}

std::string axis(const Scale& scale, ValueKind kind, std::string_view unit) {
  constexpr double kY = kHeight - kBottom;
  std::string svg = svg_line({0, kY}, {kWidth, kY}, "axis");
  const double step = axis_step(scale.high - scale.low);
  for (double at = std::ceil(scale.low / step) * step; at <= scale.high; at += step) {
    const double x = scale.x(at);
    svg += svg_line({x, kY}, {x, kY + 4}, "axis");
    // A name at the very end would be cut off.
    if (x < 14 || x > kWidth - 14) continue;
    svg += svg_text({x, kHeight - 5}, "middle", "tick", format_value(at, kind, unit));
  }
  return svg;
}

std::string marks(const SummaryDistribution& distribution, const Scale& scale,
                  std::string_view unit) {
  struct Mark {
    std::string_view css;
    double value;
  };
  const std::array kMarks{Mark{"p50", distribution.p50}, Mark{"p95", distribution.p95},
                          Mark{"p99", distribution.p99}};
  std::string lines;
  std::string names;
  // Names one below the other: percentiles may be close to each other.
  double y = 10;
  for (const Mark& mark : kMarks) {
    const double x = std::clamp(scale.x(mark.value), 0.0, kWidth);
    lines += svg_line({x, y - 8}, {x, kHeight - kBottom}, std::string(mark.css) + " mark");
    const bool is_right = x > kWidth / 2;
    names +=
        svg_text({is_right ? x - 5 : x + 5, y}, is_right ? "end" : "start", mark.css,
                 std::string(mark.css) + " " + format_value(mark.value, distribution.kind, unit));
    y += 12;
  }
  return lines + names;
}

}  // namespace

double axis_step(double span) {
  const double power = std::pow(10, std::floor(std::log10(span)));
  for (const double factor : {0.2, 0.5, 1.0}) {
    if (span / (power * factor) <= 8) return power * factor;
  }
  return power * 2;
}

std::string distribution_chart(const SummaryDistribution& distribution,
                               std::string_view time_unit) {
  const auto value = [&](double each) { return format_value(each, distribution.kind, time_unit); };
  const Scale scale = scale_of(distribution.quantiles);
  const std::string facts = std::to_string(distribution.samples) + " samples, " +
                            value(distribution.quantiles.front()) + " to " +
                            value(distribution.quantiles.back());
  return "<figure>\n<figcaption><b>" + html_escaped(distribution.metric) + "</b> <span>" +
         html_escaped(facts) + "</span></figcaption>\n" +
         svg_picture({kWidth, kHeight},
                     distribution.metric + ": " + facts + ", p50 " + value(distribution.p50) +
                         ", p95 " + value(distribution.p95) + ", p99 " + value(distribution.p99),
                     bars(bins_of(distribution.quantiles, scale)) +
                         axis(scale, distribution.kind, time_unit) +
                         marks(distribution, scale, time_unit)) +
         "</figure>\n";
}

}  // namespace loader
