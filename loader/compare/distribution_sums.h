// A distribution that sketches are added to many times over, as resampling does: all buckets side
// by side.
#pragma once

#include <cstddef>
#include <vector>

#include "loader/metrics/sketch.h"

namespace loader {

/// Not synchronised. Values that were added several times count as often.
class DistributionSums {
 public:
  DistributionSums() : counts_(Sketch::kBuckets) {}

  void clear();
  /// As often as `times` says, a whole number above 0.
  void add(const Sketch& sketch, double times);
  void add(const DistributionSums& other);
  /// `count` values of a bucket of `sketch`; their sum is put at its middle.
  void add_bucket(std::size_t bucket, double count, const Sketch& sketch);

  [[nodiscard]] double count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }
  /// As Sketch::percentile(); 0 of nothing.
  [[nodiscard]] double percentile(double percent) const;

 private:
  void include(const Sketch& sketch);

  std::vector<double> counts_;
  std::size_t first_ = Sketch::kBuckets;  ///< Of the buckets in use, and
  std::size_t end_ = 0;                   ///< behind the last.
  double count_ = 0;
  double sum_ = 0;
  double min_ = 0;
  double max_ = 0;
};

}  // namespace loader
