// A run's time along a picture: columns of equal length, and times as a clock shows them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loader/summary/html_plot.h"
#include "shared/base/time.h"

namespace loader {

/// Times count from the start of the scenarios.
struct TimeAxis {
  lab::Duration column{};
  std::size_t columns = 0;
  lab::Duration end{};  ///< Of the run; the last column may be of less.

  [[nodiscard]] lab::Duration from(std::size_t index) const;
  [[nodiscard]] lab::Duration to(std::size_t index) const;
  /// 0 at the start, 1 at the end of the last column.
  [[nodiscard]] double place(lab::Duration at) const;
  /// How long a column is, in seconds: at least a quarter of all others, so that what ends with the
  /// run makes no peak of nothing.
  [[nodiscard]] double seconds(std::size_t index) const;
};

/// "3:05"; from an hour on "1:03:05".
[[nodiscard]] std::string clock_text(lab::Duration at);
/// "3:04 to 4:08".
[[nodiscard]] std::string clock_span(lab::Duration from, lab::Duration to);

/// At round times, few enough for a narrow picture. Runs of more than an hour have hours and
/// minutes: "1:30".
[[nodiscard]] std::vector<PlotMark> time_marks(const TimeAxis& axis);
/// What the marks are: "h:mm" or "m:ss".
[[nodiscard]] std::string time_marks_unit(const TimeAxis& axis);

}  // namespace loader
