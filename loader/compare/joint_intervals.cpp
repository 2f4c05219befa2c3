#include "loader/compare/joint_intervals.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace loader {
namespace {

// So many draws may lack a value of a figure, such as the latency of successes where there are few.
constexpr double kMissingMax = 0.02;

struct Spread {
  double mean = 0;
  double deviation = -1;  ///< Negative: too many values are missing.
};

Spread spread_of(const std::vector<double>& changes) {
  double sum = 0;
  std::size_t count = 0;
  for (const double change : changes) {
    if (!std::isfinite(change)) continue;
    sum += change;
    ++count;
  }
  const auto all = static_cast<double>(changes.size());
  if (count < 2 || static_cast<double>(count) < all * (1 - kMissingMax)) return {};
  const double mean = sum / static_cast<double>(count);
  double squares = 0;
  for (const double change : changes) {
    if (std::isfinite(change)) squares += (change - mean) * (change - mean);
  }
  return {.mean = mean, .deviation = std::sqrt(squares / static_cast<double>(count - 1))};
}

}  // namespace

double normal_quantile(double probability) {
  double low = -40;
  double high = 40;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    const double below = std::erfc(-middle / std::numbers::sqrt2) / 2;
    (below < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

double block_widening(std::size_t blocks, double confidence) {
  if (blocks < 2) return 1;
  const auto n = static_cast<double>(blocks);
  // Student's quantile from the normal one: Abramowitz and Stegun, 26.7.5.
  const double z = normal_quantile((1 + confidence) / 2);
  const double z3 = z * z * z;
  const double z5 = z3 * z * z;
  const double free = n - 1;
  const double t = z + (z3 + z) / (4 * free) + (5 * z5 + 16 * z3 + 3 * z) / (96 * free * free);
  // What is drawn from n blocks varies by (n - 1) / n of what the blocks do.
  return t / z * std::sqrt(n / free);
}

std::vector<double> joint_half_widths(std::span<const DrawnChange> figures, double confidence) {
  std::vector<Spread> spreads;
  std::size_t draws = 0;
  for (const DrawnChange& figure : figures) {
    spreads.push_back(spread_of(figure.changes));
    draws = std::max(draws, figure.changes.size());
  }
  std::vector<double> largest(draws);
  for (std::size_t k = 0; k < figures.size(); ++k) {
    const Spread& spread = spreads[k];
    if (spread.deviation <= 0) continue;
    for (std::size_t i = 0; i < figures[k].changes.size(); ++i) {
      const double change = figures[k].changes[i];
      if (!std::isfinite(change)) continue;
      largest[i] = std::max(largest[i], std::abs(change - spread.mean) / spread.deviation);
    }
  }
  std::sort(largest.begin(), largest.end());
  // No fewer than one figure alone would have.
  double critical = normal_quantile((1 + confidence) / 2);
  if (draws > 0) {
    const auto rank = static_cast<std::size_t>(std::ceil(confidence * static_cast<double>(draws)));
    critical = std::max(critical, largest[std::min(rank, draws) - 1]);
  }
  std::vector<double> widths;
  for (std::size_t k = 0; k < figures.size(); ++k) {
    const double error = std::max(spreads[k].deviation, figures[k].standard_error_min);
    widths.push_back(spreads[k].deviation < 0
                         ? -1
                         : critical * error * block_widening(figures[k].blocks, confidence));
  }
  return widths;
}

}  // namespace loader
