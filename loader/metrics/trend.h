// The sink of a trend metric: a distribution of values, exact while small, then in flat memory
// within 0.1 %.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// A trend as plain values, to be kept elsewhere and made a trend again.
struct TrendRecord {
  double sum = 0;
  double min = 0;
  double max = 0;
  std::vector<double> values{};  ///< All samples of a trend that is exact; of others none, but
  /// the numbers of the buckets in use, ascending as their values do, and how many samples each
  /// has. 0 is the bucket of zeros; those of negative values have negative numbers.
  std::vector<std::int32_t> buckets{};
  std::vector<std::uint64_t> counts{};
  bool is_whole = false;  ///< With buckets: all samples are whole numbers.
};

/// Up to kExactMax samples are kept, and percentiles are k6's to the last bit. Beyond that, samples
/// are counted in log-linear buckets, 512 to each power of two, so that a bucket's middle is within
/// 2^-10 (0.098 %) of all its values; of whole numbers below 1,024, such as tokens, a bucket has
/// one, and percentiles stay exact. Count, sum, minimum and maximum are always exact. Values must
/// be finite.
///
/// Boost.Histogram was considered: its axes need their range beforehand, and its logarithmic axis
/// calls log() for each sample; here the bucket is read out of the bits of the double, and memory
/// is taken per power of two in use (4 KiB each; a handful for latencies, at most kOctaves on
/// either side of zero).
class Trend {
 public:
  static constexpr std::size_t kExactMax = 2048;

  void add(double value);
  void merge(const Trend& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  /// These are 0 without samples.
  [[nodiscard]] double min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] double max() const { return count_ == 0 ? 0 : max_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  /// k6's definition: with the samples sorted, linear interpolation at index percent/100 * (count -
  /// 1). `percent` is within 0..100.
  [[nodiscard]] double percentile(double percent) const;
  [[nodiscard]] bool is_exact() const { return !histogram_; }

  [[nodiscard]] TrendRecord record() const;
  /// The trend whose record() it is. The Error says what no trend could have recorded.
  [[nodiscard]] static lab::Result<Trend> from(const TrendRecord& record);

 private:
  static constexpr int kExponentMin = -32;  ///< Smaller magnitudes (2.3e-10) count as zero.
  static constexpr int kExponentMax = 63;   ///< Larger ones count into the last bucket.
  static constexpr int kOctaves = kExponentMax - kExponentMin + 1;
  static constexpr int kBucketBits = 9;
  static constexpr std::size_t kBuckets = std::size_t{1} << kBucketBits;

  struct Octave {
    std::uint64_t total = 0;
    std::array<std::uint64_t, kBuckets> counts{};
  };
  using Octaves = std::array<std::unique_ptr<Octave>, kOctaves>;
  struct Histogram {
    Octaves positive;
    Octaves negative;
    std::uint64_t zeros = 0;
    void add(double value);
    void merge(const Histogram& other);
    /// Adds samples of the bucket with this number, as TrendRecord has them.
    void add(std::int32_t bucket, std::uint64_t samples);
    /// The middle of the bucket that holds the rank-th smallest sample, rank from 0.
    [[nodiscard]] double at_rank(std::uint64_t rank) const;
  };

  void become_histogram();
  [[nodiscard]] lab::Result<void> take_buckets(const TrendRecord& record);
  [[nodiscard]] double at_rank(std::uint64_t rank) const;

  std::uint64_t count_ = 0;
  double sum_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool is_whole_ = true;       ///< All samples are whole numbers.
  std::vector<double> exact_;  ///< All samples, unsorted, until there is a histogram.
  std::unique_ptr<Histogram> histogram_;
};

}  // namespace loader
