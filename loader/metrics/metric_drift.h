// Whether latency grows while a soak test runs: window means over all virtual users, and their
// slope.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "shared/base/time.h"

namespace loader {

/// Of a straight line through the window means, as a share of its value at the start of the run.
struct DriftEstimate {
  double percent_per_hour = 0;
  /// The 95 % confidence interval: drift is certain if it does not contain 0.
  double low = 0;
  double high = 0;
  std::size_t windows = 0;  ///< That had samples.
};

/// Not synchronised: one a thread, merged when read. Flat memory: after kWindowsMax windows their
/// length doubles.
class LatencyDrift {
 public:
  struct Window {
    std::uint64_t count = 0;
    double sum = 0;
  };

  static constexpr lab::Duration kWindow = std::chrono::minutes(5);
  static constexpr std::size_t kWindowsMax = 1024;
  /// A line through two points has no confidence.
  static constexpr std::size_t kWindowsMin = 3;

  explicit LatencyDrift(lab::Duration window = kWindow, std::vector<Window> windows = {})
      : window_(window), windows_(std::move(windows)) {}

  /// A latency that ended `since_start` (>= 0) after the run's start.
  void add(double milliseconds, lab::Duration since_start);
  /// Both must have begun with the same window.
  void merge(const LatencyDrift& other);

  /// Over the windows that are over after `elapsed`; none while there are fewer than kWindowsMin.
  [[nodiscard]] std::optional<DriftEstimate> estimate(lab::Duration elapsed) const;

  /// The mean of window `index`; none without samples. Windows are window() long.
  [[nodiscard]] std::optional<double> window_mean(std::size_t index) const;
  [[nodiscard]] lab::Duration window() const { return window_; }
  [[nodiscard]] const std::vector<Window>& windows() const { return windows_; }

 private:
  void double_windows();
  Window& window_at(std::size_t index);

  lab::Duration window_;
  std::vector<Window> windows_;
};

}  // namespace loader
