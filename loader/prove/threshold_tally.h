// What many runs have said of each threshold, put together as they come; memory does not grow with
// the runs.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/run_readings.h"

namespace loader {

struct ThresholdTally {
  std::uint64_t runs = 0;
  std::uint64_t red = 0;
  std::uint64_t no_data = 0;
  /// The value nearest to red or furthest beyond, and the run that had it.
  double worst_margin = -std::numeric_limits<double>::infinity();
  std::optional<double> worst;
  std::string worst_run;
  std::optional<double> low;  ///< The extremes.
  std::optional<double> high;
  /// By threshold: runs in which this one was red and that one was not.
  std::vector<std::uint64_t> red_without;
};

class ThresholdTallies {
 public:
  explicit ThresholdTallies(std::size_t thresholds);

  /// `run` is what the run is called: "latency 30s".
  void add(const RunReadings& readings, const std::string& run);
  /// Of runs that come after these: of two alike, these are kept.
  void merge(const ThresholdTallies& later);

  [[nodiscard]] const ThresholdTally& of(std::size_t threshold) const {
    return tallies_[threshold];
  }

 private:
  std::vector<ThresholdTally> tallies_;
};

/// The extremes of values in several runs. A value that one of them does not have is left out; a
/// counter's is 0 there.
class ValueRanges {
 public:
  struct Range {
    double low = 0;
    double high = 0;
    std::uint64_t runs = 0;
  };

  void add(const MetricValues& values);
  void merge(const ValueRanges& other);
  /// None if not all of the runs had it.
  [[nodiscard]] std::optional<Range> find(std::string_view value) const;
  [[nodiscard]] const std::map<std::string, Range, std::less<>>& all() const { return ranges_; }
  [[nodiscard]] std::uint64_t runs() const { return runs_; }

 private:
  std::map<std::string, Range, std::less<>> ranges_;
  std::uint64_t runs_ = 0;
};

}  // namespace loader
