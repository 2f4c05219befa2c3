// What a user sees before and during a run, as text: the plan, the running line, one bar a
// scenario.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/time.h"

namespace loader {

struct ScenarioPlan {
  std::string name{};
  std::string description{};  ///< "10 looping VUs for 5m0s (gracefulStop: 30s)"
};

struct RunPlan {
  std::string execution{};  ///< "local", "simulated (seed 1)"
  std::string suite{};
  std::vector<std::string> outputs{};  ///< None is shown as "-".
  double segment_share = 1;            ///< 0..1, of an execution segment.
  std::uint64_t vus_max = 0;
  lab::Duration duration_max{};  ///< Graceful stop included.
  std::vector<ScenarioPlan> scenarios{};
};

/// The block before a run; ends with an empty line.
[[nodiscard]] std::string format_run_plan(const RunPlan& plan, bool colors);

enum class ScenarioStatus { waiting, running, stopping, interrupted, done };

struct ScenarioProgress {
  std::string name{};
  ScenarioStatus status = ScenarioStatus::running;
  double fraction = 0;  ///< 0..1 of the bar.
  std::vector<std::string>
      columns;  ///< Right of the bar: "10 VUs", "1m02.3s/5m0s", "50.00 iters/s".
};

struct RunProgress {
  lab::Duration elapsed{};
  lab::Duration
      duration_max{};  ///< Decides how many digits the time has, so that lines don't jump.
  std::uint64_t vus = 0;
  std::uint64_t vus_max = 0;
  std::uint64_t complete = 0;
  std::uint64_t interrupted = 0;
  std::string note{};  ///< Of the time, if not empty: "virtual, 3600x".
  std::vector<ScenarioProgress> scenarios{};
};

/// "running (1m02.3s), 010/010 VUs, 123 complete and 0 interrupted iterations"; with a note
/// "running (1m02.3s virtual, 3600x), 010/010 VUs, …": in front, since narrow terminals cut lines.
[[nodiscard]] std::string format_running_line(const RunProgress& progress);

struct BarStyle {
  int bar_width = 40;  ///< Characters between the brackets; below 8 the bar is a percentage.
  bool colors = false;
};
/// One line a scenario, without newlines, columns aligned.
[[nodiscard]] std::vector<std::string> format_bars(const std::vector<ScenarioProgress>& scenarios,
                                                   BarStyle style);

/// "1m02.3s": tenths, with as many leading fields and zeros as `max` needs.
[[nodiscard]] std::string fixed_duration(lab::Duration d, lab::Duration max);
/// "1m02.3s/5m0s" while running, "5m0s" once over.
[[nodiscard]] std::string progress_time(lab::Duration elapsed, lab::Duration total);
/// `value` with as many leading zeros as `max` has digits.
[[nodiscard]] std::string zero_padded(std::uint64_t value, std::uint64_t max);

}  // namespace loader
