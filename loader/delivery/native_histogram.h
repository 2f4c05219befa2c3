// Prometheus' native histogram: exponential buckets of a factor of 2^(1/8), which is k6's 1.1
// rounded down to the next that Prometheus has (schema 3).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace loader {

class NativeHistogram {
 public:
  static constexpr int kSchema = 3;
  /// client_golang's default; what is not further from zero counts as zero.
  static constexpr double kZeroThreshold = 0x1p-128;

  /// `value` must be finite.
  void add(double value);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  [[nodiscard]] std::uint64_t zeros() const { return zeros_; }
  /// Index to count; bucket i holds what is above 2^((i-1)/8) and not above 2^(i/8).
  using Buckets = std::map<std::int32_t, std::uint64_t>;
  [[nodiscard]] const Buckets& positive() const { return positive_; }
  /// By magnitude.
  [[nodiscard]] const Buckets& negative() const { return negative_; }

 private:
  std::uint64_t count_ = 0;
  double sum_ = 0;
  std::uint64_t zeros_ = 0;
  Buckets positive_;
  Buckets negative_;
};

/// Buckets as remote write has them: runs of neighbours, and each count as the difference to the
/// one before. A gap of one or two empty buckets is cheaper filled than told.
struct BucketSpans {
  struct Span {
    std::int32_t offset = 0;  ///< From the end of the span before; of the first, its index.
    std::uint32_t length = 0;
    friend bool operator==(const Span&, const Span&) = default;
  };
  std::vector<Span> spans{};
  std::vector<std::int64_t> deltas{};
};
[[nodiscard]] BucketSpans spans_of(const NativeHistogram::Buckets& buckets);

/// The index of the bucket of a magnitude above zero.
[[nodiscard]] std::int32_t native_bucket(double magnitude);

}  // namespace loader
