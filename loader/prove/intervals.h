// How sure a few runs make one: intervals of shares and of quantiles.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace loader {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Wilson's interval of a probability of which `hits` of `trials` are seen (Wilson 1927), for 95 %
/// confidence. The whole of 0..1 without trials.
[[nodiscard]] Interval wilson_interval(std::uint64_t hits, std::uint64_t trials);

/// Of the values of a sample, sorted, that enclose a quantile of what they are drawn from, whatever
/// its distribution: the narrowest pair of order statistics with `confidence_wanted`, or the widest
/// one there is, with what it has. An end that no value of so few can be is none.
struct QuantileInterval {
  std::optional<double> low;
  std::optional<double> high;
  double confidence = 0;  ///< 0..1.
};
[[nodiscard]] QuantileInterval quantile_interval(std::span<const double> sorted, double quantile,
                                                 double confidence_wanted = 0.9);

/// The smallest of them that at least `quantile` of the sample does not exceed. Not empty; sorted.
[[nodiscard]] double sample_quantile(std::span<const double> sorted, double quantile);

/// The probability that of `trials` independent ones, each with probability `p`, at least `hits`
/// succeed.
[[nodiscard]] double binomial_tail(std::uint64_t hits, std::uint64_t trials, double p);

}  // namespace loader
