#include "loader/metrics/trend.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace loader {
namespace {

constexpr int kMantissaBits = 52;
constexpr int kExponentBias = 1023;

bool is_whole(double value) {
  constexpr double kMost = 9007199254740992;  // 2^53
  return value >= -kMost && value <= kMost &&
         static_cast<double>(static_cast<std::int64_t>(value)) == value;
}

double between(double low, double high, double fraction) {
  const double distance = high - low;
  if (std::isfinite(distance)) return low + distance * fraction;
  // From one end of all numbers to the other.
  return low * (1 - fraction) + high * fraction;
}

}  // namespace

void Trend::add(double value) {
  ++count_;
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  is_whole_ = is_whole_ && is_whole(value);
  if (histogram_) return histogram_->add(value);
  exact_.push_back(value);
  if (exact_.size() > kExactMax) become_histogram();
}

void Trend::merge(const Trend& other) {
  assert(&other != this);
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  is_whole_ = is_whole_ && other.is_whole_;
  if (other.histogram_) {
    become_histogram();
    histogram_->merge(*other.histogram_);
  } else if (histogram_) {
    for (const double value : other.exact_) histogram_->add(value);
  } else {
    exact_.insert(exact_.end(), other.exact_.begin(), other.exact_.end());
    if (exact_.size() > kExactMax) become_histogram();
  }
}

double Trend::percentile(double percent) const {
  assert(percent >= 0 && percent <= 100);
  if (count_ == 0) return 0;
  const double index = percent / 100 * static_cast<double>(count_ - 1);
  const auto low = static_cast<std::uint64_t>(index);
  const double fraction = index - static_cast<double>(low);
  if (!histogram_) {
    std::vector<double> values = exact_;
    const auto at_low = values.begin() + static_cast<std::ptrdiff_t>(low);
    std::nth_element(values.begin(), at_low, values.end());
    if (fraction == 0) return *at_low;
    const double next = *std::min_element(at_low + 1, values.end());
    return between(*at_low, next, fraction);
  }
  const double value = at_rank(low);
  return fraction == 0 ? value : between(value, at_rank(low + 1), fraction);
}

double Trend::at_rank(std::uint64_t rank) const {
  if (rank == 0) return min_;
  if (rank >= count_ - 1) return max_;
  double value = histogram_->at_rank(rank);
  // Where a bucket is no wider than 1, the only whole number in it is its end towards zero.
  if (is_whole_) value = std::trunc(value);
  return std::clamp(value, min_, max_);
}

void Trend::become_histogram() {
  if (histogram_) return;
  histogram_ = std::make_unique<Histogram>();
  for (const double value : exact_) histogram_->add(value);
  exact_ = {};
}

void Trend::Histogram::add(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int exponent = static_cast<int>(bits >> kMantissaBits & 0x7ff) - kExponentBias;
  if (exponent < kExponentMin) {
    ++zeros;
    return;
  }
  Octaves& octaves = std::signbit(value) ? negative : positive;
  const bool too_large = exponent > kExponentMax;
  auto& octave =
      octaves[too_large ? kOctaves - 1 : static_cast<std::size_t>(exponent - kExponentMin)];
  if (!octave) octave = std::make_unique<Octave>();
  ++octave->total;
  ++octave
        ->counts[too_large ? kBuckets - 1 : bits >> (kMantissaBits - kBucketBits) & (kBuckets - 1)];
}

void Trend::Histogram::merge(const Histogram& other) {
  const auto merge_side = [](Octaves& into, const Octaves& from) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!from[i]) continue;
      if (!into[i]) into[i] = std::make_unique<Octave>();
      into[i]->total += from[i]->total;
      for (std::size_t j = 0; j < kBuckets; ++j) into[i]->counts[j] += from[i]->counts[j];
    }
  };
  zeros += other.zeros;
  merge_side(positive, other.positive);
  merge_side(negative, other.negative);
}

double Trend::Histogram::at_rank(std::uint64_t rank) const {
  const auto middle = [](std::size_t octave, std::size_t bucket) {
    const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(octave) +
                                                     kExponentMin + kExponentBias);
    // The bucket's leading bits, and a one behind them: half of the bucket's width.
    return std::bit_cast<double>(exponent << kMantissaBits |
                                 (bucket * 2 + 1) << (kMantissaBits - kBucketBits - 1));
  };
  // Ascending values: the negative side from its largest magnitude down, zero, the positive side
  // up.
  for (std::size_t i = negative.size(); i-- > 0;) {
    if (!negative[i]) continue;
    if (rank >= negative[i]->total) {
      rank -= negative[i]->total;
      continue;
    }
    std::size_t bucket = kBuckets - 1;
    for (; rank >= negative[i]->counts[bucket]; --bucket) rank -= negative[i]->counts[bucket];
    return -middle(i, bucket);
  }
  if (rank < zeros) return 0;
  rank -= zeros;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    if (!positive[i]) continue;
    if (rank >= positive[i]->total) {
      rank -= positive[i]->total;
      continue;
    }
    std::size_t bucket = 0;
    for (; rank >= positive[i]->counts[bucket]; ++bucket) rank -= positive[i]->counts[bucket];
    return middle(i, bucket);
  }
  assert(false && "rank below the count");
  return 0;
}

}  // namespace loader
