#include "loader/compare/distribution_sums.h"

#include <algorithm>

namespace loader {

void DistributionSums::clear() {
  if (first_ < end_) {
    std::fill(counts_.begin() + static_cast<std::ptrdiff_t>(first_),
              counts_.begin() + static_cast<std::ptrdiff_t>(end_), 0.0);
  }
  first_ = Sketch::kBuckets;
  end_ = 0;
  count_ = sum_ = min_ = max_ = 0;
}

void DistributionSums::include(const Sketch& sketch) {
  const bool is_first = first_ >= end_;
  min_ = is_first ? sketch.min() : std::min(min_, sketch.min());
  max_ = is_first ? sketch.max() : std::max(max_, sketch.max());
  first_ = std::min<std::size_t>(first_, sketch.buckets().front().index);
  end_ = std::max<std::size_t>(end_, sketch.buckets().back().index + 1U);
}

void DistributionSums::add(const Sketch& sketch, double times) {
  if (sketch.empty()) return;
  include(sketch);
  for (const Sketch::Bucket& bucket : sketch.buckets()) {
    counts_[bucket.index] += times * static_cast<double>(bucket.count);
  }
  count_ += times * static_cast<double>(sketch.count());
  sum_ += times * sketch.sum();
}

void DistributionSums::add(const DistributionSums& other) {
  if (other.first_ >= other.end_) return;
  const bool is_first = first_ >= end_;
  min_ = is_first ? other.min_ : std::min(min_, other.min_);
  max_ = is_first ? other.max_ : std::max(max_, other.max_);
  first_ = std::min(first_, other.first_);
  end_ = std::max(end_, other.end_);
  for (std::size_t i = other.first_; i < other.end_; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
}

void DistributionSums::add_bucket(std::size_t bucket, double count, const Sketch& sketch) {
  include(sketch);
  counts_[bucket] += count;
  count_ += count;
  sum_ += count * (Sketch::lower_end(bucket) + Sketch::lower_end(bucket + 1)) / 2;
}

double DistributionSums::percentile(double percent) const {
  const double rank = percent / 100 * std::max(count_ - 1, 0.0);
  double below = 0;
  for (std::size_t i = first_; i < end_; ++i) {
    const double count = counts_[i];
    if (count > 0 && rank < below + count) {
      const double low = Sketch::lower_end(i);
      const double share = std::min((rank - below + 0.5) / count, 1.0);
      return std::clamp(low + (Sketch::lower_end(i + 1) - low) * share, min_, max_);
    }
    below += count;
  }
  return max_;
}

}  // namespace loader
