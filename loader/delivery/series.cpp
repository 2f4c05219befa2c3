#include "loader/delivery/series.h"

#include <algorithm>
#include <utility>

#include "shared/base/overloaded.h"

namespace loader {

void BorderedHistogram::add(double value) {
  const auto border = std::lower_bound(kBorders.begin(), kBorders.end(), value);
  ++counts[static_cast<std::size_t>(border - kBorders.begin())];
  min = count == 0 ? value : std::min(min, value);
  max = count == 0 ? value : std::max(max, value);
  ++count;
  sum += value;
}

void SeriesTable::add_tags(const TagTexts& tags) {
  TagTexts filled;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(filled),
               [](const auto& tag) { return !tag.first.empty() && !tag.second.empty(); });
  const auto next = static_cast<std::uint32_t>(sets_.size());
  const auto [found, is_new] = known_.try_emplace(std::move(filled), next);
  if (is_new) {
    sets_.push_back(&found->first);
    by_set_.emplace_back();
  }
  numbers_.push_back(found->second);
}

Series::Value SeriesTable::empty_value(MetricType type) const {
  switch (type) {
    case MetricType::counter:
      return CounterSink();
    case MetricType::gauge:
      return GaugeSink();
    case MetricType::rate:
      return RateSink();
    case MetricType::trend:
      break;
  }
  if (trend_as_ == TrendAs::native_histogram) return NativeHistogram();
  if (trend_as_ == TrendAs::bordered_histogram) return BorderedHistogram();
  return Trend();
}

Series& SeriesTable::find(const HandedSample& sample) {
  const std::uint32_t tags = numbers_[sample.tags];
  std::vector<Series*>& with_tags = by_set_[tags];
  for (Series* const each : with_tags) {
    if (each->metric == sample.metric) return *each;
  }
  Series& added = series_.emplace_back(
      Series{sample.metric, tags, empty_value(registry_->info(sample.metric).type)});
  with_tags.push_back(&added);
  return added;
}

void SeriesTable::add_to(Series& series, double value, lab::TimePoint at) const {
  std::visit(lab::Overloaded{[&](GaugeSink& gauge) { gauge.add(value, at); },
                             [&](CounterSink& counter) { counter.add(value); },
                             [&](RateSink& rate) { rate.add(value); },
                             [&](NativeHistogram& histogram) {
                               const bool is_time = metric(series).kind == ValueKind::time;
                               histogram.add(is_time ? value / 1000 : value);
                             },
                             [&](auto& trend) { trend.add(value); }},
             series.value);
}

void SeriesTable::add(std::span<const HandedSample> samples) {
  for (const HandedSample& sample : samples) {
    Series& series = find(sample);
    add_to(series, sample.value, sample.at);
    series.latest = std::max(series.latest, sample.at);
    ++series.fresh;
  }
}

}  // namespace loader
