#include "loader/metrics/metric_drift.h"

#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>

namespace loader {
namespace {

struct Point {
  double hours;
  double milliseconds;
};

struct Line {
  double at_start;
  double slope;
  double slope_error;  ///< Standard error.
};

// Ordinary least squares; needs three points at different times.
Line fit(const std::vector<Point>& points) {
  const auto n = static_cast<double>(points.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const Point& point : points) {
    mean_x += point.hours / n;
    mean_y += point.milliseconds / n;
  }
  double sum_xx = 0;
  double sum_xy = 0;
  for (const Point& point : points) {
    sum_xx += (point.hours - mean_x) * (point.hours - mean_x);
    sum_xy += (point.hours - mean_x) * (point.milliseconds - mean_y);
  }
  Line line{.at_start = 0, .slope = sum_xy / sum_xx, .slope_error = 0};
  line.at_start = mean_y - line.slope * mean_x;
  double residuals = 0;
  for (const Point& point : points) {
    const double residual = point.milliseconds - line.at_start - line.slope * point.hours;
    residuals += residual * residual;
  }
  line.slope_error = std::sqrt(residuals / (n - 2) / sum_xx);
  return line;
}

}  // namespace

void LatencyDrift::add(double milliseconds, lab::Duration since_start) {
  assert(since_start >= lab::Duration::zero());
  while (since_start / window_ >= static_cast<std::int64_t>(kWindowsMax)) double_windows();
  Window& window = window_at(static_cast<std::size_t>(since_start / window_));
  ++window.count;
  window.sum += milliseconds;
}

void LatencyDrift::merge(const LatencyDrift& other) {
  while (window_ < other.window_) double_windows();
  const auto factor = static_cast<std::size_t>(window_ / other.window_);
  for (std::size_t i = 0; i < other.windows_.size(); ++i) {
    Window& window = window_at(i / factor);
    window.count += other.windows_[i].count;
    window.sum += other.windows_[i].sum;
  }
}

std::optional<DriftEstimate> LatencyDrift::estimate(lab::Duration elapsed) const {
  const double window_hours = lab::to_seconds(window_) / 3600;
  const auto over = static_cast<std::size_t>(elapsed / window_);
  std::vector<Point> points;
  for (std::size_t i = 0; i < windows_.size() && i < over; ++i) {
    if (const auto mean = window_mean(i)) {
      points.push_back({(static_cast<double>(i) + 0.5) * window_hours, *mean});
    }
  }
  if (points.size() < kWindowsMin) return std::nullopt;
  const Line line = fit(points);
  // Without a positive level at the start there is nothing to be a percentage of.
  if (!(line.at_start > 0)) return std::nullopt;
  const double percent = 100 / line.at_start;
  const boost::math::students_t student(static_cast<double>(points.size() - 2));
  const double margin = boost::math::quantile(student, 0.975) * line.slope_error;
  return DriftEstimate{.percent_per_hour = line.slope * percent,
                       .low = (line.slope - margin) * percent,
                       .high = (line.slope + margin) * percent,
                       .windows = points.size()};
}

std::optional<double> LatencyDrift::window_mean(std::size_t index) const {
  if (index >= windows_.size() || windows_[index].count == 0) return std::nullopt;
  return windows_[index].sum / static_cast<double>(windows_[index].count);
}

void LatencyDrift::double_windows() {
  window_ *= 2;
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const Window window = windows_[i];
    windows_[i] = {};
    windows_[i / 2].count += window.count;
    windows_[i / 2].sum += window.sum;
  }
  windows_.resize((windows_.size() + 1) / 2);
}

LatencyDrift::Window& LatencyDrift::window_at(std::size_t index) {
  if (index >= windows_.size()) windows_.resize(index + 1);
  return windows_[index];
}

}  // namespace loader
