#include "loader/prove/size_axis.h"

#include <algorithm>
#include <cmath>

#include "loader/summary/summary_format.h"
#include "loader/summary/value_scale.h"

namespace loader {
namespace {

std::vector<double> logarithmic_sizes(double low, double high) {
  std::vector<double> sizes;
  // Less than two decades leave room for what is in between.
  const bool is_short = high / low < 100;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double size = power * factor;
      if (factor > 1 && !is_short) continue;
      if (size >= low * 0.999 && size <= high * 1.001) sizes.push_back(size);
    }
  }
  return sizes;
}

std::vector<double> linear_sizes(double low, double high) {
  std::vector<double> sizes;
  const double step = axis_step(high - low);
  const double first = std::ceil(low / step);
  for (double i = first; i * step <= high; ++i) sizes.push_back(i * step);
  return sizes;
}

}  // namespace

std::vector<AxisMark> axis_marks(const MutantFamily& family) {
  const auto [low, high] = std::minmax(family.range.front(), family.range.back());
  std::vector<AxisMark> marks;
  constexpr std::size_t kUnitMax = 2;
  const std::string unit = family.unit.size() <= kUnitMax ? family.unit : "";
  for (const double size :
       family.scale == SizeScale::linear ? linear_sizes(low, high) : logarithmic_sizes(low, high)) {
    marks.push_back({axis_position(family, size), format_plain(size) + unit});
  }
  std::sort(marks.begin(), marks.end(),
            [](const AxisMark& a, const AxisMark& b) { return a.position < b.position; });
  return marks;
}

double axis_position(const MutantFamily& family, double size) {
  return std::clamp(family.position_of(size), 0.0, 1.0);
}

}  // namespace loader
