#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "loader/prove/intervals.h"
#include "loader/prove/proof_html_parts.h"
#include "loader/prove/proof_sentences.h"
#include "loader/prove/proof_words.h"
#include "loader/prove/size_axis.h"
#include "loader/summary/html_text.h"
#include "loader/summary/svg_shapes.h"

namespace loader {
namespace {

constexpr double kWidth = 400;
constexpr double kHeight = 190;
constexpr double kLeft = 36;
constexpr double kRight = 20;
constexpr double kTop = 16;
constexpr double kBottom = 24;
// Besides the curve of all thresholds together: more of them hide each other.
constexpr std::size_t kCurvesMax = 3;
constexpr std::string_view kCurveCss[kCurvesMax] = {"p50", "p95", "p99"};

double x_of(double position) { return kLeft + position * (kWidth - kLeft - kRight); }
double y_of(double share) { return kHeight - kBottom - share * (kHeight - kTop - kBottom); }

double share_of(std::size_t hits, std::uint64_t trials) {
  return static_cast<double>(hits) / static_cast<double>(trials);
}

/// Where the share of seeds that notice is what, from the mildest size to the most severe one.
struct SeedStep {
  double position = 0;
  std::size_t found = 0;  ///< From here on.
};
std::vector<SeedStep> seed_steps(const MutantFamily& family, const Boundary& boundary) {
  std::vector<SeedStep> steps{{0, 0}};
  for (const double size : boundary.sizes) {
    const double position = axis_position(family, size);
    // Seeds at one size are one step.
    if (steps.back().position == position) {
      ++steps.back().found;
    } else {
      steps.push_back({position, steps.back().found + 1});
    }
  }
  steps.push_back({1, steps.back().found});
  return steps;
}

std::string path_point(double x, double y) { return svg_coordinate(x) + " " + svg_coordinate(y); }

// The line that `share_at` gives for the steps, as the points of an SVG path.
template <class ShareAt>
std::string staircase(const std::vector<SeedStep>& steps, const ShareAt& share_at) {
  std::string path;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double x = x_of(steps[i].position);
    if (i > 0) path += " L" + path_point(x, y_of(share_at(steps[i - 1].found)));
    path += (i > 0 ? " L" : "") + path_point(x, y_of(share_at(steps[i].found)));
  }
  return path;
}

std::string seed_curve(const MutantFamily& family, const Boundary& boundary, std::string_view css) {
  const auto share = [&](std::size_t found) { return share_of(found, boundary.seeds); };
  return "<path class=\"curve " + std::string(css) + "\" d=\"M" +
         staircase(seed_steps(family, boundary), share) + "\"/>\n";
}

// Wilson's interval of the share of all seeds there could be.
std::string seed_band(const MutantFamily& family, const Boundary& boundary) {
  const std::vector<SeedStep> steps = seed_steps(family, boundary);
  const auto low = [&](std::size_t found) { return wilson_interval(found, boundary.seeds).low; };
  const auto high = [&](std::size_t found) { return wilson_interval(found, boundary.seeds).high; };
  const std::string upper = staircase(steps, high);
  // Back along the lower end.
  std::string lower;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const double x = x_of(steps[i].position);
    lower += " L" + path_point(x, y_of(low(steps[i].found)));
    if (i > 0) lower += " L" + path_point(x, y_of(low(steps[i - 1].found)));
  }
  return "<path class=\"band\" d=\"M" + upper + lower + " Z\"/>\n";
}

// Where half of the seeds notice, or 95 % of them, with the ends of the interval.
std::string estimate_mark(const MutantFamily& family, const SizeEstimate& estimate, double y) {
  std::string svg;
  if (estimate.low || estimate.high) {
    const double low = estimate.low ? axis_position(family, *estimate.low) : 0;
    const double high = estimate.high ? axis_position(family, *estimate.high) : 1;
    svg += svg_line({x_of(low), y}, {x_of(high), y}, "whisker");
  }
  if (estimate.size) svg += svg_circle({x_of(axis_position(family, *estimate.size)), y}, 4, "dot");
  return svg;
}

std::string curve_axes(const MutantFamily& family) {
  std::string svg;
  for (const double share : {0.0, 0.5, 0.95}) {
    svg += svg_line({kLeft, y_of(share)}, {kWidth - kRight, y_of(share)}, "axis") +
           svg_text({kLeft - 5, y_of(share) + 4}, "end", "tick", plain_number(share * 100) + "%");
  }
  double last = -1;
  for (const AxisMark& mark : axis_marks(family)) {
    const double x = x_of(mark.position);
    svg += svg_line({x, y_of(0)}, {x, y_of(0) + 4}, "axis");
    // What would run into the one before has no text.
    const double half_width = 3.5 * static_cast<double>(mark.text.size());
    if (x - half_width < last) continue;
    svg += svg_text({x, kHeight - 6}, "middle", "tick", mark.text);
    last = x + half_width + 4;
  }
  return svg;
}

std::string reference_mark(const MutantFamily& family) {
  const double x = x_of(axis_position(family, family.reference));
  const bool is_right = x > kWidth / 2;
  return svg_line({x, kTop - 4}, {x, y_of(0)}, "reference") +
         svg_text({is_right ? x + 4 : x - 4, kTop - 6}, is_right ? "end" : "start", "tick",
                  "reference " + family.size_text(family.reference));
}

std::string curve_key(std::string_view css, const std::string& markup) {
  return "<span class=\"line " + std::string(css) + "\"></span> " + markup + "<br>";
}

std::string curve_figure(const Proof& proof, const FamilyProof& family) {
  std::string curves =
      seed_band(family.family, family.boundary) + seed_curve(family.family, family.boundary, "any");
  std::string keys = curve_key("any", "any threshold");
  const std::size_t count = std::min(kCurvesMax, family.notice_order.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t t = family.notice_order[i];
    curves += seed_curve(family.family, family.cells[t].boundary, kCurveCss[i]);
    keys += curve_key(kCurveCss[i],
                      threshold_mark(t) + " " + html_code(threshold_text(proof.thresholds[t])));
  }
  curves += estimate_mark(family.family, family.boundary.half, y_of(0.5)) +
            estimate_mark(family.family, family.boundary.most, y_of(0.95));
  std::string caption = "<b>" + html_escaped(family.name) + "</b> <span>" +
                        html_escaped(family.family.breaks) + "</span>";
  if (!family.is_monotone) {
    caption += " <span class=\"why\">Noticed at one size and not at a larger one.</span>";
  }
  return "<figure>\n<figcaption>" + caption + "</figcaption>\n" +
         svg_picture({kWidth, kHeight}, boundary_text(family),
                     curve_axes(family.family) + reference_mark(family.family) + curves) +
         "<div class=\"keys\">" + keys + "</div>\n</figure>\n";
}

}  // namespace

std::string curves_html(const Proof& proof) {
  std::string figures;
  for (const FamilyProof& family : proof.families) {
    if (family.is_known() && family.family.has_size() && family.boundary.found > 0) {
      figures += curve_figure(proof, family);
    }
  }
  if (figures.empty()) return {};
  return "<p class=\"sub\">The share of seeds that notice a size, with a 95% band; dots are half "
         "and "
         "95% of the seeds, with their intervals. A family that no seed notices has no "
         "picture.</p>\n<div class=\"charts\">\n" +
         figures + "</div>\n";
}

}  // namespace loader
