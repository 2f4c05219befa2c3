// Judges a run's own lateness: what it makes of the figures, and of which thresholds the verdict
// could be another one. Pure.
#pragma once

#include <string>

#include "loader/metrics/metrics.h"
#include "loader/run/strain.h"
#include "loader/summary/summary_doubt.h"
#include "loader/thresholds/thresholds.h"
#include "shared/base/time.h"

namespace loader {

/// From here on lateness is one that is spoken of, in milliseconds: what a loader at ease does not
/// come near, and what is a part of a gateway's times that matters.
inline constexpr double kLateP99 = 10;
/// At least so many times: of a run of a second, the 99th percentile is that of one moment, which
/// any machine has.
inline constexpr double kLateTimes = 10;
inline constexpr double kLateMax = 100;
/// A thread that computes more of its time than this has no more load to give.
inline constexpr double kBusyShare = 0.9;
/// A machine that idles less than this has none to spare for the gateway.
inline constexpr double kIdleShareMin = 0.03;

/// A run: what it measured, and what it judges it by.
struct JudgedRun {
  const Metrics& metrics;
  const ThresholdSet& thresholds;
  const ThresholdReport& report;  ///< The verdicts on them, in their order; empty: there are none.
  lab::Duration duration{};
  std::string time_unit{};  ///< Of the texts' times.
};

[[nodiscard]] SelfDoubt judge_itself(const Strain& strain, const JudgedRun& run);

/// Whether a threshold that was crossed would have been without the loader's lateness as well.
[[nodiscard]] bool is_crossed_for_certain(const ThresholdReport& report, const SelfDoubt& doubt);
/// Why the run is invalid, in a sentence; of at least one doubtful verdict.
[[nodiscard]] std::string doubt_message(const SelfDoubt& doubt);

}  // namespace loader
