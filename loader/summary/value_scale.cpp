#include "loader/summary/value_scale.h"

#include <algorithm>
#include <cmath>

namespace loader {
namespace {

// More of them would stand too close in a picture that is as wide as a hand.
constexpr double kMarksMax = 5;
constexpr std::size_t kLogMarksMax = 7;

std::vector<double> linear_marks(double low, double high) {
  const double step = axis_step(high - low, kMarksMax);
  std::vector<double> marks;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) {
    marks.push_back(i * step);
  }
  return marks;
}

std::vector<double> marks_per_decade(double low, double high, const std::vector<double>& factors) {
  std::vector<double> marks;
  for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10) {
    for (const double factor : factors) {
      const double mark = power * factor;
      if (mark >= low && mark <= high) marks.push_back(mark);
    }
  }
  return marks;
}

std::vector<double> logarithmic_marks(double low, double high) {
  std::vector<double> marks = marks_per_decade(low, high, {1, 2, 5});
  return marks.size() > kLogMarksMax ? marks_per_decade(low, high, {1}) : marks;
}

}  // namespace

double axis_step(double span, double marks_max) {
  const double power = std::pow(10, std::floor(std::log10(span)));
  for (const double factor : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0}) {
    if (span / (power * factor) <= marks_max) return power * factor;
  }
  return power * 10;
}

ValueScale ValueScale::from_zero(double most) {
  if (!(most > 0)) most = 1;
  const double step = axis_step(most, kMarksMax);
  ValueScale scale;
  scale.high_ = std::ceil(most / step - 1e-9) * step;
  scale.marks_ = linear_marks(0, scale.high_);
  return scale;
}

ValueScale ValueScale::between(double low, double high) {
  if (high <= low) {
    const double around = std::max(std::abs(low) * 0.1, 1e-6);
    low -= around;
    high += around;
  }
  ValueScale scale;
  scale.low_ = low;
  scale.high_ = high;
  scale.marks_ = linear_marks(low, high);
  return scale;
}

ValueScale ValueScale::logarithmic(double low, double high) {
  ValueScale scale;
  scale.low_ = low;
  scale.high_ = std::max(high, low * 1.1);
  scale.is_logarithmic_ = true;
  scale.marks_ = logarithmic_marks(scale.low_, scale.high_);
  return scale;
}

double ValueScale::place(double value) const {
  const double place = is_logarithmic_
                           ? std::log(std::max(value, low_) / low_) / std::log(high_ / low_)
                           : (value - low_) / (high_ - low_);
  return std::clamp(place, 0.0, 1.0);
}

double ValueScale::value(double place) const {
  return is_logarithmic_ ? low_ * std::pow(high_ / low_, place) : low_ + place * (high_ - low_);
}

}  // namespace loader
