// The strips above a picture over time: which phase of the load it was, and when thresholds did
// not hold.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loader/metrics/over_time.h"
#include "loader/summary/time_axis.h"
#include "shared/base/time.h"

namespace loader {

/// A stretch with a name.
struct LaneSpan {
  std::string name{};
  lab::Duration from{};
  lab::Duration to{};
};
using TimeLane = std::vector<LaneSpan>;

inline constexpr std::size_t kPhaseLanesMax = 3;

struct PhaseLanes {
  std::vector<TimeLane> lanes{};
  std::size_t left_out = 0;  ///< Scenarios that there is no room for, or not for all phases of.
};
/// The phases of all scenarios, or where one has none, the scenario; those of one time below each
/// other, as far as kPhaseLanesMax lanes have room. Of a single scenario without phases there are
/// none. A phase lasts as long as most requests of its scenario are of it. `over_time` has the
/// axis's columns as windows.
[[nodiscard]] PhaseLanes phase_lanes(const OverTime& over_time, const TimeAxis& axis);

/// What a stretch that takes `share` of a picture's width can be called within it, however narrow
/// the picture is: its name, a shorter one, or nothing.
[[nodiscard]] std::string label_within(const std::string& name, double share);

/// Strips of markup, and how high they are together.
struct LaneMarkup {
  std::string lanes{};
  double height = 0;
  std::string shapes{};  ///< Borders of the phases, in the stretched space of a plot.
};
/// `breaches` have a lane each.
[[nodiscard]] LaneMarkup lane_markup(const std::vector<TimeLane>& phases,
                                     const std::vector<ThresholdBreach>& breaches,
                                     const TimeAxis& axis);

}  // namespace loader
