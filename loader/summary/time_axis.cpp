#include "loader/summary/time_axis.h"

#include <algorithm>
#include <cstdio>

namespace loader {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::size_t kTimeMarksMax = 6;

std::string two_numbers(std::int64_t first, std::int64_t second) {
  char text[48];
  std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(first),
                static_cast<long long>(second));
  return text;
}

std::int64_t whole_seconds(lab::Duration at) { return at / std::chrono::seconds(1); }

lab::Duration axis_length(const TimeAxis& axis) {
  return axis.column * static_cast<std::int64_t>(axis.columns);
}

bool is_in_hours(const TimeAxis& axis) { return axis_length(axis) > std::chrono::hours(1); }

std::int64_t seconds_between_marks(std::int64_t length) {
  for (const std::int64_t step :
       {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10'800, 21'600}) {
    if (length / step < static_cast<std::int64_t>(kTimeMarksMax)) return step;
  }
  constexpr std::int64_t kDay = 24 * kHour;
  return (length / kDay / static_cast<std::int64_t>(kTimeMarksMax) + 1) * kDay;
}

}  // namespace

lab::Duration TimeAxis::from(std::size_t index) const {
  return column * static_cast<std::int64_t>(index);
}

lab::Duration TimeAxis::to(std::size_t index) const {
  return std::max(std::min(from(index + 1), end), from(index));
}

double TimeAxis::place(lab::Duration at) const {
  const double length = lab::to_seconds(axis_length(*this));
  return length > 0 ? std::clamp(lab::to_seconds(at) / length, 0.0, 1.0) : 0;
}

double TimeAxis::seconds(std::size_t index) const {
  return std::max(lab::to_seconds(to(index) - from(index)), lab::to_seconds(column) / 4);
}

std::string clock_text(lab::Duration at) {
  const std::int64_t seconds = whole_seconds(at);
  const std::string tail = two_numbers(seconds / 60 % 60, seconds % 60);
  if (seconds < kHour) return tail;
  return std::to_string(seconds / kHour) + ":" + (tail.size() < 5 ? "0" : "") + tail;
}

std::string clock_span(lab::Duration from, lab::Duration to) {
  return clock_text(from) + " to " + clock_text(to);
}

std::vector<PlotMark> time_marks(const TimeAxis& axis) {
  const std::int64_t length = whole_seconds(axis_length(axis));
  const std::int64_t step = seconds_between_marks(length);
  std::vector<PlotMark> marks;
  for (std::int64_t at = 0; at <= length; at += step) {
    marks.push_back({.place = axis.place(std::chrono::seconds(at)),
                     .text = is_in_hours(axis) ? two_numbers(at / kHour, at / 60 % 60)
                                               : two_numbers(at / 60, at % 60)});
  }
  return marks;
}

std::string time_marks_unit(const TimeAxis& axis) { return is_in_hours(axis) ? "h:mm" : "m:ss"; }

}  // namespace loader
