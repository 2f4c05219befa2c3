// Which part of the whole load this instance produces, as k6's --execution-segment says it: n
// instances that know only their segments together start exactly the iterations of one big run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"

namespace loader {

/// A fraction in lowest terms; den > 0.
struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;
  friend bool operator==(const Rational&, const Rational&) = default;
};

/// A part (from, to] of the load, 0 <= from < to <= 1.
struct ExecutionSegment {
  Rational from{0, 1};
  Rational to{1, 1};
  friend bool operator==(const ExecutionSegment&, const ExecutionSegment&) = default;
};

/// Parses "1/3:2/3", "0.2", "10%"; a single value v means "0:v".
[[nodiscard]] lab::Result<ExecutionSegment> parse_execution_segment(std::string_view text);

/// Parses "0,1/3,2/3,1": the borders of segments that cover the whole load.
[[nodiscard]] lab::Result<std::vector<ExecutionSegment>> parse_execution_segment_sequence(
    std::string_view text);

/// "1/3:2/3"; of a sequence "0,1/3,2/3,1". What they say is read back as the same.
[[nodiscard]] std::string to_string(const ExecutionSegment& segment);
[[nodiscard]] std::string to_string(const std::vector<ExecutionSegment>& sequence);

/// The sequence that a segment stands in where none is said: filled up around it, as k6 does.
[[nodiscard]] std::vector<ExecutionSegment> sequence_around(const ExecutionSegment& segment);

/// The elements (VUs, iterations, arrivals; numbered from 0 over all instances) that belong to one
/// instance or to one thread of it. The pattern repeats after `period` elements, so every question
/// costs a binary search.
class ExecutionShare {
 public:
  /// Everything.
  ExecutionShare() = default;

  /// The share of `segment` among `sequence`. An empty sequence is filled up around the segment, as
  /// k6 does. Fails if the segment is not one of the sequence, or if the common denominator is past
  /// 100,000.
  [[nodiscard]] static lab::Result<ExecutionShare> of(
      const ExecutionSegment& segment, const std::vector<ExecutionSegment>& sequence);

  /// The share of what `vus` VUs of all instances start together: iterations that they share,
  /// arrivals. As in k6 each instance has as much of it as it has of the VUs, which is not the
  /// segment's length if the VUs don't divide evenly; none where it has none of them. Not of a
  /// thread's share.
  [[nodiscard]] std::optional<ExecutionShare> by_vus(std::uint64_t vus) const;

  /// Every `parts`-th element of this share, starting with its `part`-th: one thread's. part <
  /// parts.
  [[nodiscard]] ExecutionShare split(std::uint64_t part, std::uint64_t parts) const;

  [[nodiscard]] bool owns(std::uint64_t element) const;
  /// How many of the elements 0 … whole-1 are ours. Monotone; over all instances the results sum to
  /// `whole`.
  [[nodiscard]] std::uint64_t scale(std::uint64_t whole) const;
  /// The number, over all instances, of our k-th element (from 0).
  [[nodiscard]] std::uint64_t element(std::uint64_t k) const;
  /// Our part of the whole, in (0, 1].
  [[nodiscard]] double fraction() const;

 private:
  ExecutionShare(std::vector<std::int64_t> sizes, std::size_t segment);

  std::uint64_t period_ = 1;
  std::vector<std::uint64_t> owned_{0};  // Ascending, below period_; never empty.
  // Of all segments, in elements of a period, and which of them is ours; empty of a thread's share.
  std::vector<std::int64_t> sizes_{1};
  std::size_t segment_ = 0;
};

}  // namespace loader
