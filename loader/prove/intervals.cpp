#include "loader/prove/intervals.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace loader {
namespace {

constexpr double kNormal975 = 1.959963984540054;

}  // namespace

Interval wilson_interval(std::uint64_t hits, std::uint64_t trials) {
  if (trials == 0) return {0, 1};
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n;
  const double z2 = kNormal975 * kNormal975;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal975 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // At the ends the formula gives 0 and 1 but for rounding.
  return {hits == 0 ? 0 : std::max(0.0, middle - half),
          hits == trials ? 1 : std::min(1.0, middle + half)};
}

double binomial_tail(std::uint64_t hits, std::uint64_t trials, double p) {
  if (hits == 0) return 1;
  if (hits > trials) return 0;
  const boost::math::binomial_distribution<double> distribution(static_cast<double>(trials), p);
  return boost::math::cdf(boost::math::complement(distribution, static_cast<double>(hits - 1)));
}

// The k-th smallest (from 1) is at most the quantile if at least k values are, whose number is
// binomial.
QuantileInterval quantile_interval(std::span<const double> sorted, double quantile,
                                   double confidence_wanted) {
  const std::uint64_t n = sorted.size();
  const double one_side = (1 - confidence_wanted) / 2;
  std::uint64_t low = 0;
  while (low < n && 1 - binomial_tail(low + 1, n, quantile) <= one_side) ++low;
  std::uint64_t high = n + 1;
  while (high > 1 && binomial_tail(high - 1, n, quantile) <= one_side) --high;
  // So few that neither extreme is far enough out: they are what there is.
  if (low == 0 && high == n + 1 && n > 0) {
    low = 1;
    high = n;
  }
  QuantileInterval result;
  double missed = 0;
  if (low > 0) {
    result.low = sorted[low - 1];
    missed += 1 - binomial_tail(low, n, quantile);
  }
  if (high <= n) {
    result.high = sorted[high - 1];
    missed += binomial_tail(high, n, quantile);
  }
  result.confidence = 1 - missed;
  return result;
}

double sample_quantile(std::span<const double> sorted, double quantile) {
  const double n = static_cast<double>(sorted.size());
  const double rank = std::max(1.0, std::ceil(quantile * n - 1e-9));
  return sorted[static_cast<std::size_t>(rank) - 1];
}

}  // namespace loader
