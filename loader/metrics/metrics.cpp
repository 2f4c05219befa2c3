#include "loader/metrics/metrics.h"

#include <cassert>
#include <cmath>

namespace loader {

Metrics::Metrics(const MetricRegistry& registry, const TagTable& tags)
    : registry_(&registry),
      tags_(&tags),
      matches_(registry.metrics().size()),
      checks_(registry.checks().checks().size()) {
  sinks_.reserve(registry.metrics().size());
  for (const MetricInfo& metric : registry.metrics()) {
    switch (metric.type) {
      case MetricType::counter:
        sinks_.emplace_back(CounterSink{});
        break;
      case MetricType::gauge:
        sinks_.emplace_back(GaugeSink{});
        break;
      case MetricType::rate:
        sinks_.emplace_back(RateSink{});
        break;
      case MetricType::trend:
        sinks_.emplace_back(std::in_place_type<Trend>);
        break;
    }
  }
}

void Metrics::add(MetricId metric, double value, TagSetId tags, lab::TimePoint at) {
  assert(metric.index < sinks_.size() && !registry_->info(metric).parent);
  if (!std::isfinite(value)) {
    ++refused_;
    return;
  }
  add_to_sink(metric, value, at);
  if (!registry_->submetrics(metric).empty()) {
    for (const MetricId submetric : matching(metric, tags)) add_to_sink(submetric, value, at);
  }
  if (observers_.empty()) return;
  const Sample sample{.metric = metric, .tags = tags, .value = value, .at = at};
  for (const SampleObserver& observer : observers_) observer(sample, *tags_);
}

void Metrics::add_check(CheckId check, bool passed, TagSetId tags, lab::TimePoint at) {
  CheckTally& tally = checks_[check.index];
  ++(passed ? tally.passes : tally.fails);
  add(BuiltinMetrics::checks, passed ? 1 : 0, tags, at);
}

void Metrics::add_to_sink(MetricId metric, double value, lab::TimePoint at) {
  Sink& sink = sinks_[metric.index];
  if (auto* trend = std::get_if<Trend>(&sink)) return trend->add(value);
  if (auto* counter = std::get_if<CounterSink>(&sink)) return counter->add(value);
  if (auto* rate = std::get_if<RateSink>(&sink)) return rate->add(value);
  std::get<GaugeSink>(sink).add(value, at);
}

const std::vector<MetricId>& Metrics::matching(MetricId parent, TagSetId tags) {
  Matches& matches = matches_[parent.index];
  if (tags.index >= matches.list_of_set.size()) {
    matches.list_of_set.resize(tags_->size(), kUnknown);
  }
  std::uint32_t& list = matches.list_of_set[tags.index];
  if (list == kUnknown) {
    std::vector<MetricId> found;
    for (const MetricId submetric : registry_->submetrics(parent)) {
      if (tags_->contains(tags, registry_->info(submetric).tags)) found.push_back(submetric);
    }
    // Few different lists serve very many sets.
    list = 0;
    while (list < matches.lists.size() && matches.lists[list] != found) ++list;
    if (list == matches.lists.size()) matches.lists.push_back(std::move(found));
  }
  return matches.lists[list];
}

void Metrics::merge(const Metrics& other) {
  assert(registry_ == other.registry_ && sinks_.size() == other.sinks_.size());
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    std::visit(
        [&](auto& sink) { sink.merge(std::get<std::decay_t<decltype(sink)>>(other.sinks_[i])); },
        sinks_[i]);
  }
  for (std::size_t i = 0; i < checks_.size(); ++i) {
    checks_[i].passes += other.checks_[i].passes;
    checks_[i].fails += other.checks_[i].fails;
  }
  refused_ += other.refused_;
}

std::uint64_t Metrics::samples(MetricId metric) const {
  const Sink& sink = sinks_[metric.index];
  if (const auto* trend = std::get_if<Trend>(&sink)) return trend->count();
  if (const auto* counter = std::get_if<CounterSink>(&sink)) return counter->samples;
  if (const auto* rate = std::get_if<RateSink>(&sink)) return rate->samples;
  return std::get<GaugeSink>(sink).samples;
}

const CounterSink& Metrics::counter(MetricId metric) const {
  return std::get<CounterSink>(sinks_[metric.index]);
}
const GaugeSink& Metrics::gauge(MetricId metric) const {
  return std::get<GaugeSink>(sinks_[metric.index]);
}
const RateSink& Metrics::rate(MetricId metric) const {
  return std::get<RateSink>(sinks_[metric.index]);
}
const Trend& Metrics::trend(MetricId metric) const { return std::get<Trend>(sinks_[metric.index]); }

}  // namespace loader
