// What runs are compared by: each measure with its name and unit, and how it follows from what was
// counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "loader/compare/distribution_sums.h"

namespace loader {

/// In the order in which they are shown; the place of each in kMeasures.
enum class Measure : std::uint8_t {
  failed,
  duration_per_token,
  duration_avg,
  duration_p50,
  duration_p95,
  duration_p99,
  ttft_p50,
  ttft_p95,
  ttft_p99,
  itl_p50,
  itl_p95,
  itl_p99,
  tokens_per_second,
  successes_per_second,
  iterations_per_second,
  dropped,
  checks_failed,
};
inline constexpr std::size_t kMeasureCount = 17;

enum class MeasureUnit : std::uint8_t {
  share,         ///< 0..1; changes are differences, in points of percent.
  milliseconds,  ///< Changes are ratios.
  per_second,    ///< The same; the only unit of which more is better.
};

struct MeasureInfo {
  std::string_view name;  ///< As --margin has it.
  MeasureUnit unit;
  std::string_view says;  ///< Goes on in a sentence: "the median duration of good answers".
};
inline constexpr std::array<MeasureInfo, kMeasureCount> kMeasures{{
    {"failed", MeasureUnit::share, "the share of requests whose answer is not what was asked for"},
    {"duration_per_token", MeasureUnit::milliseconds,
     "the time of all good answers by all their tokens"},
    {"duration_avg", MeasureUnit::milliseconds, "the mean duration of good answers"},
    {"duration_p50", MeasureUnit::milliseconds, "the median duration of good answers"},
    {"duration_p95", MeasureUnit::milliseconds,
     "the 95th percentile of the duration of good answers"},
    {"duration_p99", MeasureUnit::milliseconds,
     "the 99th percentile of the duration of good answers"},
    {"ttft_p50", MeasureUnit::milliseconds, "the median time to the first token of streams"},
    {"ttft_p95", MeasureUnit::milliseconds, "the 95th percentile of the time to the first token"},
    {"ttft_p99", MeasureUnit::milliseconds, "the 99th percentile of the time to the first token"},
    {"itl_p50", MeasureUnit::milliseconds, "the median inter-token latency of streams"},
    {"itl_p95", MeasureUnit::milliseconds, "the 95th percentile of the inter-token latency"},
    {"itl_p99", MeasureUnit::milliseconds, "the 99th percentile of the inter-token latency"},
    {"tokens_per_second", MeasureUnit::per_second,
     "the rate of tokens of good answers, all users together"},
    {"successes_per_second", MeasureUnit::per_second, "the rate of good answers"},
    {"iterations_per_second", MeasureUnit::per_second,
     "the rate of iterations that came to their end"},
    {"dropped", MeasureUnit::share, "the share of iterations that were due and not started"},
    {"checks_failed", MeasureUnit::share, "the share of checks that did not hold"},
}};
[[nodiscard]] constexpr std::size_t place_of(Measure measure) {
  return static_cast<std::size_t>(measure);
}
[[nodiscard]] constexpr const MeasureInfo& info_of(Measure measure) {
  return kMeasures[place_of(measure)];
}

/// What some requests came to. Numbers are whole, but for those of a resample.
struct RequestSums {
  double requests = 0;
  double failed = 0;
  double tokens_out = 0;
  double timed_successes = 0;  ///< Those of the time that rates are of; and so
  double timed_tokens = 0;
  DistributionSums succeeded{};
  DistributionSums time_to_first_token{};
  DistributionSums inter_token{};

  void clear();
  void add(const RequestSums& other);
};
/// The same of iterations.
struct IterationSums {
  double iterations = 0;
  double dropped = 0;
  double timed_iterations = 0;
};

/// The value of each measure; NaN: there is none.
using Figures = std::array<double, kMeasureCount>;
[[nodiscard]] Figures no_figures();
/// Those of requests by themselves: none per second.
[[nodiscard]] Figures request_figures(const RequestSums& sums);
/// Adds those of a whole run, whose timed part is `seconds` long.
void add_run_figures(Figures& figures, const RequestSums& sums, const IterationSums& iterations,
                     double seconds);

/// Whether there are values enough for a measure to be judged: ten, and of a percentile five beyond
/// it. Of fewer, resampling says nothing.
[[nodiscard]] bool is_enough(Measure measure, const RequestSums& sums);

}  // namespace loader
