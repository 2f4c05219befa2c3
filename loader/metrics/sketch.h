// A distribution in little memory, for the many windows of a run: buckets, and only those in use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// Values are positive and finite: milliseconds, or numbers of tokens. 64 buckets to each power of
/// two, so that a bucket's ends are within 1.6 % of each other and a percentile within 0.8 % of
/// its value. Count, sum, minimum and maximum are exact. What lies below 2^-10 counts into the
/// first bucket, what lies above 2^23 (2.3 hours of milliseconds) into the last.
class Sketch {
 public:
  static constexpr int kExponentMin = -10;
  static constexpr int kExponentMax = 23;
  static constexpr int kBucketBits = 6;
  static constexpr std::size_t kBuckets = std::size_t{kExponentMax - kExponentMin} << kBucketBits;

  /// In 8 bytes: a run has tens of thousands of them.
  struct Bucket {
    static constexpr int kIndexBits = 12;
    static constexpr std::uint64_t kCountMax = (std::uint64_t{1} << (64 - kIndexBits)) - 1;

    /// `bucket` is below kBuckets; of more values than kCountMax, that many are counted.
    Bucket(std::size_t bucket, std::uint64_t values)
        : index(bucket & ((1U << kIndexBits) - 1)),
          count((values < kCountMax ? values : kCountMax) & kCountMax) {}
    friend bool operator==(const Bucket&, const Bucket&) = default;

    std::uint64_t index : kIndexBits;       ///< < kBuckets
    std::uint64_t count : 64 - kIndexBits;  ///< > 0
  };

  Sketch() = default;
  /// `buckets` are in ascending order of their indices.
  Sketch(std::vector<Bucket> buckets, double sum, double min, double max);

  [[nodiscard]] static std::size_t bucket_of(double value);
  /// The smallest value of a bucket, or the end of the last one.
  [[nodiscard]] static double lower_end(std::size_t bucket);

  void merge(const Sketch& other);

  [[nodiscard]] bool empty() const { return buckets_.empty(); }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  // These are 0 of nothing.
  [[nodiscard]] double min() const { return min_; }
  [[nodiscard]] double max() const { return max_; }
  [[nodiscard]] double mean() const { return empty() ? 0 : sum_ / static_cast<double>(count_); }
  /// As Trend::percentile(), with values spread evenly within a bucket.
  [[nodiscard]] double percentile(double percent) const;
  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
  friend bool operator==(const Sketch&, const Sketch&) = default;

 private:
  std::vector<Bucket> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double min_ = 0;
  double max_ = 0;
};

/// "SUM MIN MAX" and for each bucket " GAP COUNT", the gap being from the bucket before (of the
/// first, its number); empty for an empty sketch. Reading it gives an equal one.
[[nodiscard]] std::string to_text(const Sketch& sketch);
/// The Error says what no such text can be.
[[nodiscard]] lab::Result<Sketch> parse_sketch(std::string_view text);

/// Where values are added: all buckets side by side, so that one more costs no search.
class SketchTally {
 public:
  void add(double value);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// What was added since the last clear().
  [[nodiscard]] Sketch peek() const;
  void clear();

 private:
  std::array<std::uint32_t, Sketch::kBuckets> counts_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double min_ = 0;
  double max_ = 0;
};

}  // namespace loader
