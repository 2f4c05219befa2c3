#include "loader/metrics/sketch.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "shared/base/json_text.h"

namespace loader {
namespace {

constexpr int kFractionBits = 52;
constexpr int kBias = 1023;
// The leading bits of the smallest value that has a bucket of its own.
constexpr std::uint64_t kFirst = std::uint64_t{Sketch::kExponentMin + kBias} << Sketch::kBucketBits;
constexpr int kShift = kFractionBits - Sketch::kBucketBits;

// Sums over thousands of sketches can still be counted.
constexpr std::uint64_t kBucketCountMax = std::uint64_t{1} << 52;

/// Takes numbers off a text, which are finite.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : text_(text) {}

  template <class Number>
  std::optional<Number> next() {
    if (is_behind_number_) {
      if (!text_.starts_with(' ')) return std::nullopt;
      text_.remove_prefix(1);
    }
    Number number{};
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (error != std::errc() || !std::isfinite(static_cast<double>(number))) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    is_behind_number_ = true;
    return number;
  }
  [[nodiscard]] bool is_at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  bool is_behind_number_ = false;
};

}  // namespace

Sketch::Sketch(std::vector<Bucket> buckets, double sum, double min, double max)
    : buckets_(std::move(buckets)), sum_(sum), min_(min), max_(max) {
  for (const Bucket& bucket : buckets_) count_ += bucket.count;
}

std::size_t Sketch::bucket_of(double value) {
  // Of a positive double the exponent and the first bits behind the point are one ascending number.
  const std::uint64_t leading = std::bit_cast<std::uint64_t>(value) >> kShift;
  if (!(value > 0) || leading < kFirst) return 0;
  return static_cast<std::size_t>(std::min<std::uint64_t>(leading - kFirst, kBuckets - 1));
}

double Sketch::lower_end(std::size_t bucket) {
  return std::bit_cast<double>((kFirst + bucket) << kShift);
}

void Sketch::merge(const Sketch& other) {
  if (other.empty()) return;
  if (empty()) {
    *this = other;
    return;
  }
  std::vector<Bucket> both;
  both.reserve(buckets_.size() + other.buckets_.size());
  auto mine = buckets_.begin();
  for (const Bucket& theirs : other.buckets_) {
    while (mine != buckets_.end() && mine->index < theirs.index) both.push_back(*mine++);
    const bool is_of_both = mine != buckets_.end() && mine->index == theirs.index;
    both.emplace_back(theirs.index, theirs.count + (is_of_both ? mine++->count : 0));
  }
  both.insert(both.end(), mine, buckets_.end());
  both.shrink_to_fit();
  buckets_ = std::move(both);
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Sketch::percentile(double percent) const {
  assert(percent >= 0 && percent <= 100);
  if (empty()) return 0;
  const double rank = percent / 100 * static_cast<double>(count_ - 1);
  double below = 0;
  for (const Bucket& bucket : buckets_) {
    const auto count = static_cast<double>(bucket.count);
    if (rank < below + count) {
      const double low = lower_end(bucket.index);
      const double share = (rank - below + 0.5) / count;
      return std::clamp(low + (lower_end(bucket.index + 1U) - low) * std::min(share, 1.0), min_,
                        max_);
    }
    below += count;
  }
  return max_;
}

std::string to_text(const Sketch& sketch) {
  if (sketch.empty()) return {};
  std::string text;
  for (const double value : {sketch.sum(), sketch.min(), sketch.max()}) {
    lab::append_json_number(text, value);
    text += ' ';
  }
  std::size_t last = 0;
  for (const Sketch::Bucket& bucket : sketch.buckets()) {
    text += std::to_string(bucket.index - last) + ' ' + std::to_string(bucket.count) + ' ';
    last = bucket.index;
  }
  text.pop_back();
  return text;
}

lab::Result<Sketch> parse_sketch(std::string_view text) {
  if (text.empty()) return Sketch();
  const lab::Error broken{{}, "is no distribution: numbers with a space between them"};
  NumberReader numbers(text);
  const auto sum = numbers.next<double>();
  const auto min = numbers.next<double>();
  const auto max = numbers.next<double>();
  if (!sum || !min || !max || !(*min <= *max)) return broken;
  std::vector<Sketch::Bucket> buckets;
  std::uint64_t index = 0;
  while (!numbers.is_at_end()) {
    const auto gap = numbers.next<std::uint32_t>();
    const auto count = numbers.next<std::uint64_t>();
    if (!gap || !count || *count == 0 || *count > kBucketCountMax) return broken;
    if (*gap == 0 && !buckets.empty()) return broken;
    index += *gap;
    if (index >= Sketch::kBuckets) return broken;
    buckets.emplace_back(index, *count);
  }
  // Whoever asks for percentiles relies on the ends.
  if (buckets.empty() || Sketch::bucket_of(*min) != buckets.front().index ||
      Sketch::bucket_of(*max) != buckets.back().index) {
    return broken;
  }
  return Sketch(std::move(buckets), *sum, *min, *max);
}

void SketchTally::add(double value) {
  ++counts_[Sketch::bucket_of(value)];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = count_ == 0 ? value : std::max(max_, value);
  ++count_;
  sum_ += value;
}

Sketch SketchTally::peek() const {
  if (empty()) return {};
  std::vector<Sketch::Bucket> buckets;
  const std::size_t last = Sketch::bucket_of(max_);
  for (std::size_t i = Sketch::bucket_of(min_); i <= last; ++i) {
    if (counts_[i] != 0) buckets.emplace_back(i, counts_[i]);
  }
  buckets.shrink_to_fit();
  return {std::move(buckets), sum_, min_, max_};
}

void SketchTally::clear() {
  if (empty()) return;
  const auto first = counts_.begin() + static_cast<std::ptrdiff_t>(Sketch::bucket_of(min_));
  const auto last = counts_.begin() + static_cast<std::ptrdiff_t>(Sketch::bucket_of(max_));
  std::fill(first, last + 1, 0);
  count_ = 0;
  sum_ = min_ = max_ = 0;
}

}  // namespace loader
