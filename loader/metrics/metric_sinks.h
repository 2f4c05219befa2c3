// What is kept of the samples of a counter, a gauge and a rate; a trend has its own file.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "shared/base/time.h"

namespace loader {

/// A sum that has left the numbers, as the nearest one: JSON has no infinity.
[[nodiscard]] inline double storable_sum(double sum) {
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::isnan(sum) ? 0 : std::clamp(sum, -kMost, kMost);
}

struct CounterSink {
  std::uint64_t samples = 0;
  double sum = 0;

  void add(double value) {
    ++samples;
    sum += value;
  }
  void merge(const CounterSink& other) {
    samples += other.samples;
    sum += other.sum;
  }
};

struct GaugeSink {
  std::uint64_t samples = 0;
  double value = 0;
  double min = 0;
  double max = 0;
  lab::TimePoint at = lab::TimePoint::min();

  void add(double sample, lab::TimePoint when) {
    min = samples == 0 ? sample : std::min(min, sample);
    max = samples == 0 ? sample : std::max(max, sample);
    ++samples;
    if (when >= at) {
      value = sample;
      at = when;
    }
  }
  /// The later of the two last samples stays the last one.
  void merge(const GaugeSink& other) {
    if (other.samples == 0) return;
    min = samples == 0 ? other.min : std::min(min, other.min);
    max = samples == 0 ? other.max : std::max(max, other.max);
    samples += other.samples;
    if (other.at >= at) {
      value = other.value;
      at = other.at;
    }
  }
};

struct RateSink {
  std::uint64_t samples = 0;
  std::uint64_t nonzero = 0;

  void add(double value) {
    ++samples;
    nonzero += value != 0 ? 1 : 0;
  }
  void merge(const RateSink& other) {
    samples += other.samples;
    nonzero += other.nonzero;
  }
  /// 0 without samples.
  [[nodiscard]] double rate() const {
    return samples == 0 ? 0 : static_cast<double>(nonzero) / static_cast<double>(samples);
  }
};

}  // namespace loader
