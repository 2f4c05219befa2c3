// How likely a threshold is to go red, by how bad things are and how long the run is: its operating
// characteristic, as acceptance tests have one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/intervals.h"
#include "loader/prove/mutant_family.h"
#include "loader/prove/run_readings.h"
#include "shared/base/error.h"

namespace loader {

/// "status-500=0..20%": a family and the sizes from the first to the last.
struct Variation {
  std::string family;
  double from = 0;
  double to = 0;
};
[[nodiscard]] lab::Result<Variation> parse_variation(const std::string& text);

/// "http_req_failed: rate<0.05" taken apart at its last colon outside of braces.
struct ThresholdText {
  std::string metric;
  std::string expression;
};
[[nodiscard]] lab::Result<ThresholdText> parse_threshold_text(const std::string& text);

/// Some runs of one size and length.
struct CharacteristicCell {
  std::uint64_t runs = 0;
  std::uint64_t red = 0;
  double requests = 0;  ///< The mean of a run.
  Interval interval;    ///< Of the probability of red, 95 %.
};

struct CharacteristicRow {
  double size = 0;
  std::vector<CharacteristicCell> cells;  ///< By length.
  /// The threshold's mean value in the longest runs; none without samples.
  std::optional<double> value;
  /// How long a run must be, and how many requests it must make, to be red in 95 % of runs if the
  /// value is beyond the limit, or green in 95 % if it is not. Of a rate, by the binomial
  /// distribution; of others the shortest length tried. None: longer than was tried, or never.
  std::optional<double> seconds_needed;
  std::optional<std::uint64_t> requests_needed;
};

struct OperatingCharacteristic {
  std::string suite;
  ThresholdText threshold;
  MutantFamily family;
  std::uint64_t seed = 0;
  std::uint64_t seeds = 0;
  std::uint64_t runs = 0;
  std::vector<double> lengths;  ///< Of the runs in seconds, ascending.
  std::vector<CharacteristicRow> rows;
  bool is_interrupted = false;
};

inline constexpr std::size_t kCharacteristicSizes = 11;
/// Of the suite's own length.
inline constexpr double kCharacteristicLengths[] = {0.25, 0.5, 1, 2, 4};

/// One run of a size; `length` is a place in kCharacteristicLengths, `seed` counts from 0.
using RunOfSize =
    std::function<lab::Result<RunReadings>(double size, std::size_t length, std::uint64_t seed)>;

struct CharacteristicPlan {
  Variation variation;
  std::uint64_t seeds = 20;
  unsigned threads = 1;
  std::size_t lengths = 5;  ///< The first so many.
  bool is_rate = false;     ///< The threshold is of a rate,
  ThresholdExpression expression;
  std::size_t threshold = 0;  ///< and its place among those of a run.
};

/// The same plan and runs give the same result whatever the threads. An Error is of a run that
/// could not be started.
[[nodiscard]] lab::Result<OperatingCharacteristic> operating_characteristic(
    const CharacteristicPlan& plan, const MutantFamily& family, const RunOfSize& run,
    const std::function<bool()>& is_cancelled);

/// The fewest trials of which, with probability 0.95, the share of hits is on the wrong side of
/// the limit (`p` beyond it) or on the right side (`p` not); none up to 10,000,000.
[[nodiscard]] std::optional<std::uint64_t> trials_to_tell(const ThresholdExpression& expression,
                                                          double p);

[[nodiscard]] std::string characteristic_text(const OperatingCharacteristic& characteristic);
[[nodiscard]] std::string characteristic_json(const OperatingCharacteristic& characteristic);

}  // namespace loader
