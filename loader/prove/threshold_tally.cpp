#include "loader/prove/threshold_tally.h"

#include <algorithm>

namespace loader {
namespace {

void extend(std::optional<double>& low, std::optional<double>& high, double value) {
  low = std::min(low.value_or(value), value);
  high = std::max(high.value_or(value), value);
}

void take_worst(ThresholdTally& tally, const ThresholdTally& other) {
  if (!other.worst || (tally.worst && other.worst_margin <= tally.worst_margin)) return;
  tally.worst_margin = other.worst_margin;
  tally.worst = other.worst;
  tally.worst_run = other.worst_run;
}

}  // namespace

ThresholdTallies::ThresholdTallies(std::size_t thresholds) : tallies_(thresholds) {
  for (ThresholdTally& tally : tallies_) tally.red_without.resize(thresholds);
}

void ThresholdTallies::add(const RunReadings& readings, const std::string& run) {
  for (std::size_t t = 0; t < tallies_.size(); ++t) {
    const ThresholdReading& reading = readings.thresholds[t];
    ThresholdTally& tally = tallies_[t];
    ++tally.runs;
    if (!reading.observed) ++tally.no_data;
    if (reading.observed) {
      extend(tally.low, tally.high, *reading.observed);
      ThresholdTally one;
      one.worst_margin = reading.margin;
      one.worst = reading.observed;
      one.worst_run = run;
      take_worst(tally, one);
    }
    if (!reading.is_red) continue;
    ++tally.red;
    for (std::size_t other = 0; other < tallies_.size(); ++other) {
      if (!readings.thresholds[other].is_red) ++tally.red_without[other];
    }
  }
}

void ThresholdTallies::merge(const ThresholdTallies& later) {
  for (std::size_t t = 0; t < tallies_.size(); ++t) {
    ThresholdTally& tally = tallies_[t];
    const ThresholdTally& other = later.tallies_[t];
    tally.runs += other.runs;
    tally.red += other.red;
    tally.no_data += other.no_data;
    take_worst(tally, other);
    if (other.low) extend(tally.low, tally.high, *other.low);
    if (other.high) extend(tally.low, tally.high, *other.high);
    for (std::size_t o = 0; o < tallies_.size(); ++o) {
      tally.red_without[o] += other.red_without[o];
    }
  }
}

void ValueRanges::add(const MetricValues& values) {
  ++runs_;
  for (const auto& [name, value] : values) {
    const auto [place, is_new] = ranges_.try_emplace(name, Range{value, value, 1});
    if (is_new) continue;
    Range& range = place->second;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
    ++range.runs;
  }
}

void ValueRanges::merge(const ValueRanges& other) {
  runs_ += other.runs_;
  for (const auto& [name, theirs] : other.ranges_) {
    const auto [place, is_new] = ranges_.try_emplace(name, theirs);
    if (is_new) continue;
    Range& range = place->second;
    range.low = std::min(range.low, theirs.low);
    range.high = std::max(range.high, theirs.high);
    range.runs += theirs.runs;
  }
}

std::optional<ValueRanges::Range> ValueRanges::find(std::string_view value) const {
  // A counter that nothing was added to has no samples, and is zero.
  const bool is_counter = value.ends_with(": count");
  const auto found = ranges_.find(value);
  if (found == ranges_.end()) {
    return is_counter ? std::optional<Range>(Range{0, 0, runs_}) : std::nullopt;
  }
  Range range = found->second;
  if (range.runs == runs_) return range;
  if (!is_counter) return std::nullopt;
  range.low = std::min(range.low, 0.0);
  return range;
}

}  // namespace loader
