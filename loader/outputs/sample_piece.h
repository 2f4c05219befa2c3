// Samples on their way from the threads that measure to those that write or send them: a piece of
// them at a time, which refers to nothing of the measuring thread's any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "loader/metrics/metrics.h"
#include "loader/outputs/sample_metadata.h"

namespace loader {

/// Sorted by key, as TagTable::tags() has them.
using TagTexts = std::vector<std::pair<std::string, std::string>>;

/// Sets of tags of all threads as numbers from 0 on, the same for the same tags. Thread-safe.
class TagNumbers {
 public:
  [[nodiscard]] std::uint32_t number_of(TagSetId set, const TagTable& tags);
  /// The sets from the number `first` on. Those that the samples of a piece have are among them
  /// from the moment that the piece is handed on.
  [[nodiscard]] std::vector<TagTexts> from(std::size_t first) const;

 private:
  mutable std::mutex mutex_;
  std::map<TagTexts, std::uint32_t> known_;
  std::vector<const TagTexts*> sets_;  ///< Keys of known_.
};

/// A sample whose tags are a number of TagNumbers, and its metadata one of the piece's.
struct HandedSample {
  MetricId metric;
  SampleMetadata::Number metadata = 0;
  std::uint32_t tags = 0;
  double value = 0;
  lab::TimePoint at{};
};

/// Changed by nobody any more when several outputs have it.
struct SamplePiece {
  std::vector<HandedSample> samples{};
  SampleMetadata metadata{};
  std::shared_ptr<const TagNumbers> numbers{};
  /// Which of the run's threads has measured them, from 0 on. Its pieces come in order.
  std::size_t thread = 0;

  [[nodiscard]] std::size_t size() const { return samples.size(); }
  void clear() {
    samples.clear();
    metadata.clear();
    numbers.reset();
  }
};

}  // namespace loader
