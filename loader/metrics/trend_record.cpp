// A trend as plain values, and back.
#include <algorithm>
#include <cmath>
#include <string>

#include "loader/metrics/metric_sinks.h"
#include "loader/metrics/trend.h"

namespace loader {
namespace {

// Far above what a run counts; sums of many shards stay below what 64 bits hold.
constexpr std::uint64_t kSamplesMax = std::uint64_t{1} << 52;

lab::Error no_trend(std::string what) { return {{}, std::move(what)}; }

bool is_ascending(const std::vector<std::int32_t>& buckets) {
  return std::adjacent_find(buckets.begin(), buckets.end(), std::greater_equal<>()) ==
         buckets.end();
}

}  // namespace

TrendRecord Trend::record() const {
  TrendRecord record{.sum = storable_sum(sum_), .min = min(), .max = max(), .values = exact_};
  if (!histogram_) return record;
  record.is_whole = is_whole_;
  const auto add = [&record](std::int32_t bucket, std::uint64_t samples) {
    if (samples == 0) return;
    record.buckets.push_back(bucket);
    record.counts.push_back(samples);
  };
  constexpr auto kNumbers = static_cast<std::int32_t>(kOctaves * kBuckets);
  const auto samples_of = [](const Octaves& octaves, std::int32_t number) -> std::uint64_t {
    const auto index = static_cast<std::size_t>(number - 1);
    const auto& octave = octaves[index / kBuckets];
    return octave ? octave->counts[index % kBuckets] : 0;
  };
  for (std::int32_t i = kNumbers; i > 0; --i) add(-i, samples_of(histogram_->negative, i));
  add(0, histogram_->zeros);
  for (std::int32_t i = 1; i <= kNumbers; ++i) add(i, samples_of(histogram_->positive, i));
  return record;
}

lab::Result<Trend> Trend::from(const TrendRecord& record) {
  const auto is_number = [](double value) { return std::isfinite(value); };
  const bool are_numbers = is_number(record.sum) && is_number(record.min) &&
                           is_number(record.max) && std::ranges::all_of(record.values, is_number);
  if (!are_numbers) return no_trend("holds something that is no finite number");
  if (record.values.empty() == record.buckets.empty()) {
    return no_trend("must have either values or buckets");
  }
  Trend trend;
  if (record.values.empty()) {
    if (const auto taken = trend.take_buckets(record); !taken) return taken.error();
    trend.min_ = record.min;
    trend.max_ = record.max;
    trend.is_whole_ = record.is_whole;
  } else {
    if (record.values.size() > kExactMax) {
      return no_trend("has more than " + std::to_string(kExactMax) + " values");
    }
    for (const double value : record.values) trend.add(value);
  }
  if (record.min != trend.min() || record.max != trend.max() || record.min > record.max) {
    return no_trend("has another min or max than its values");
  }
  // Not what adding them up again would give: the order of the sum was another.
  trend.sum_ = record.sum;
  return lab::Result<Trend>(boost::system::in_place_value, std::move(trend));
}

lab::Result<void> Trend::take_buckets(const TrendRecord& record) {
  if (record.buckets.size() != record.counts.size()) {
    return no_trend("has not as many counts as buckets");
  }
  if (!is_ascending(record.buckets)) return no_trend("has buckets that do not ascend");
  constexpr auto kNumbers = static_cast<std::int32_t>(kOctaves * kBuckets);
  if (record.buckets.front() < -kNumbers || record.buckets.back() > kNumbers) {
    return no_trend("has a bucket out of range: " + std::to_string(-kNumbers) + " to " +
                    std::to_string(kNumbers) + " are allowed");
  }
  become_histogram();
  for (std::size_t i = 0; i < record.buckets.size(); ++i) {
    const std::uint64_t samples = record.counts[i];
    if (samples == 0 || samples > kSamplesMax - count_) {
      return no_trend("has a bucket of no samples, or of too many");
    }
    histogram_->add(record.buckets[i], samples);
    count_ += samples;
  }
  return {};
}

void Trend::Histogram::add(std::int32_t bucket, std::uint64_t samples) {
  if (bucket == 0) {
    zeros += samples;
    return;
  }
  const auto index = static_cast<std::size_t>(std::abs(bucket) - 1);
  auto& octave = (bucket < 0 ? negative : positive)[index / kBuckets];
  if (!octave) octave = std::make_unique<Octave>();
  octave->total += samples;
  octave->counts[index % kBuckets] += samples;
}

}  // namespace loader
