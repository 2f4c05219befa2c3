#include "loader/delivery/native_histogram.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace loader {
namespace {

constexpr std::int32_t kBucketsOfOctave = 1 << NativeHistogram::kSchema;
// 2^(i/8 - 1): as literals, so that every machine draws the same borders.
constexpr std::array<double, kBucketsOfOctave> kBounds{0.5,
                                                       0.5452538663326288,
                                                       0.5946035575013605,
                                                       0.6484197773255048,
                                                       0.7071067811865475,
                                                       0.7711054127039704,
                                                       0.8408964152537144,
                                                       0.9170040432046711};
constexpr std::int64_t kGapMax = 2;

}  // namespace

std::int32_t native_bucket(double magnitude) {
  int exponent = 0;
  const double fraction = std::frexp(magnitude, &exponent);
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), fraction);
  return static_cast<std::int32_t>(bound - kBounds.begin()) + (exponent - 1) * kBucketsOfOctave;
}

void NativeHistogram::add(double value) {
  ++count_;
  sum_ += value;
  if (std::abs(value) <= kZeroThreshold) {
    ++zeros_;
  } else {
    ++(value > 0 ? positive_ : negative_)[native_bucket(std::abs(value))];
  }
}

BucketSpans spans_of(const NativeHistogram::Buckets& buckets) {
  BucketSpans result;
  std::int64_t next = 0;  // The index after the last one told.
  std::int64_t last = 0;  // Its count.
  const auto tell = [&](std::int64_t count) {
    ++result.spans.back().length;
    result.deltas.push_back(count - last);
    last = count;
    ++next;
  };
  for (const auto& [index, count] : buckets) {
    const std::int64_t gap = index - next;
    if (result.spans.empty() || gap > kGapMax) {
      result.spans.push_back({.offset = static_cast<std::int32_t>(gap)});
      next = index;
    }
    while (next < index) tell(0);
    tell(static_cast<std::int64_t>(count));
  }
  return result;
}

}  // namespace loader
