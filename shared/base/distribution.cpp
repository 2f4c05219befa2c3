#include "shared/base/distribution.h"

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "shared/base/overloaded.h"

namespace lab {
namespace {

double sample_quantiles(const Distribution::Quantiles& quantiles, double probability) {
  const auto& points = quantiles.points;
  const auto above = std::upper_bound(points.begin(), points.end(), probability,
                                      [](double p, const auto& point) { return p < point.first; });
  if (above == points.begin()) return points.front().second;
  if (above == points.end()) return points.back().second;
  const auto below = above - 1;
  const double share = (probability - below->first) / (above->first - below->first);
  return below->second + share * (above->second - below->second);
}

const Distribution& pick(const Distribution::Mixture& mixture, double probability) {
  for (const auto& [weight, part] : mixture.parts) {
    if (probability < weight) return part;
    probability -= weight;
  }
  return mixture.parts.back().second;
}

// The mean of max(X, 0) for a normal X.
double mean_of_rectified_normal(const Distribution::Normal& normal) {
  if (normal.stddev == 0) return std::max(normal.mean, 0.0);
  const double z = normal.mean / normal.stddev;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const double below = std::erfc(-z / std::numbers::sqrt2) / 2;
  return normal.mean * below + normal.stddev * density;
}

double mean_of_quantiles(const Distribution::Quantiles& quantiles) {
  double sum = 0;
  for (std::size_t i = 1; i < quantiles.points.size(); ++i) {
    const auto& [p0, v0] = quantiles.points[i - 1];
    const auto& [p1, v1] = quantiles.points[i];
    sum += (p1 - p0) * (v0 + v1) / 2;
  }
  return sum;
}

}  // namespace

double Distribution::sample(Rng& rng) const {
  return std::visit(
      Overloaded{
          [](const Constant& k) { return k.value; },
          [&](const Uniform& k) { return k.low + (k.high - k.low) * rng.uniform01(); },
          [&](const Normal& k) {
            boost::random::normal_distribution<double> normal(k.mean, k.stddev);
            return std::max(normal(rng), 0.0);
          },
          [&](const Lognormal& k) {
            boost::random::normal_distribution<double> normal(k.mu, k.sigma);
            return std::exp(normal(rng));
          },
          [&](const Exponential& k) {
            boost::random::exponential_distribution<double> exponential(1);
            return k.mean * exponential(rng);
          },
          [&](const Pareto& k) { return k.min / std::pow(1 - rng.uniform01(), 1 / k.alpha); },
          [&](const Quantiles& k) { return sample_quantiles(k, rng.uniform01()); },
          [&](const Mixture& k) { return pick(k, rng.uniform01()).sample(rng); },
      },
      kind_);
}

double Distribution::mean() const {
  return std::visit(Overloaded{
                        [](const Constant& k) { return k.value; },
                        [](const Uniform& k) { return (k.low + k.high) / 2; },
                        [](const Normal& k) { return mean_of_rectified_normal(k); },
                        [](const Lognormal& k) { return std::exp(k.mu + k.sigma * k.sigma / 2); },
                        [](const Exponential& k) { return k.mean; },
                        [](const Pareto& k) {
                          if (k.min == 0) return 0.0;
                          if (k.alpha <= 1) return std::numeric_limits<double>::infinity();
                          return k.alpha * k.min / (k.alpha - 1);
                        },
                        [](const Quantiles& k) { return mean_of_quantiles(k); },
                        [](const Mixture& k) {
                          double sum = 0;
                          for (const auto& [weight, part] : k.parts) sum += weight * part.mean();
                          return sum;
                        },
                    },
                    kind_);
}

bool Distribution::is_zero() const {
  // Samples are never negative.
  return mean() == 0;
}

}  // namespace lab
