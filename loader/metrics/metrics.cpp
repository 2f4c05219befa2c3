#include "loader/metrics/metrics.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace loader {

Metrics::Metrics(const MetricRegistry& registry, const TagTable& tags)
    : registry_(&registry), tags_(&tags), tree_(registry.checks()), checks_(tree_.checks().size()) {
  slots_.reserve(registry.metrics().size());
  for (const MetricInfo& metric : registry.metrics()) {
    slots_.emplace_back(make_sink(metric.type));
  }
}

Metrics::Sink Metrics::make_sink(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return CounterSink{};
    case MetricType::gauge:
      return GaugeSink{};
    case MetricType::rate:
      return RateSink{};
    case MetricType::trend:
      break;
  }
  return Trend{};
}

void Metrics::add(MetricId metric, double value, TagSetId tags, lab::TimePoint at) {
  assert(metric.index < slots_.size() && !registry_->info(metric).parent);
  if (is_muted_) return;
  Slot& slot = slots_[metric.index];
  if (!std::isfinite(value)) {
    ++refused_;
    return;
  }
  add_to_sink(slot.sink, value, at);
  if (!registry_->submetrics(metric).empty()) {
    for (const MetricId submetric : matching(metric, tags)) {
      add_to_sink(slots_[submetric.index].sink, value, at);
    }
  }
  const Sample sample{.metric = metric,
                      .tags = tags,
                      .value = value,
                      .at = at,
                      .metadata = metadata_,
                      .metadata_number = metadata_number_};
  for (const std::uint32_t observer : slot.observers) observers_[observer](sample, *tags_);
}

void Metrics::observe(SampleObserver observer) {
  std::vector<MetricId> all;
  for (std::size_t i = 0; i < slots_.size(); ++i) all.push_back({static_cast<std::uint16_t>(i)});
  observe(all, std::move(observer));
}

void Metrics::observe(const std::vector<MetricId>& metrics, SampleObserver observer) {
  const auto added = static_cast<std::uint32_t>(observers_.size());
  observers_.push_back(std::move(observer));
  for (const MetricId metric : metrics) slots_[metric.index].observers.push_back(added);
}

void Metrics::add_check(CheckId check, bool passed, TagSetId tags, lab::TimePoint at) {
  if (is_muted_) return;
  CheckTally& tally = checks_[check.index];
  ++(passed ? tally.passes : tally.fails);
  add(BuiltinMetrics::checks, passed ? 1 : 0, tags, at);
}

void Metrics::add_to_sink(Sink& sink, double value, lab::TimePoint at) {
  if (auto* trend = std::get_if<Trend>(&sink)) return trend->add(value);
  if (auto* counter = std::get_if<CounterSink>(&sink)) return counter->add(value);
  if (auto* rate = std::get_if<RateSink>(&sink)) return rate->add(value);
  std::get<GaugeSink>(sink).add(value, at);
}

const std::vector<MetricId>& Metrics::matching(MetricId parent, TagSetId tags) {
  Matches& matches = slots_[parent.index].matches;
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
  assert(registry_ == other.registry_ && slots_.size() == other.slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    merge(MetricId{static_cast<std::uint16_t>(i)}, other.slots_[i].sink);
  }
  merge_checks(other);
  refused_ += other.refused_;
}

void Metrics::merge(MetricId metric, const Sink& sink) {
  std::visit([&](auto& own) { own.merge(std::get<std::decay_t<decltype(own)>>(sink)); },
             slots_[metric.index].sink);
}

void Metrics::merge(CheckId check, const CheckTally& tally) {
  checks_[check.index].passes += tally.passes;
  checks_[check.index].fails += tally.fails;
}

CheckId Metrics::declare_check(GroupId group, std::string_view name) {
  const CheckId check = tree_.declare_check(group, name);
  checks_.resize(tree_.checks().size());
  return check;
}

// What was declared by the registry has the same numbers in both; what came later need not.
void Metrics::merge_checks(const Metrics& other) {
  std::vector<GroupId> groups{GroupId{}};
  for (std::size_t i = 1; i < other.tree_.groups().size(); ++i) {
    const CheckTree::Group& group = other.tree_.groups()[i];
    groups.push_back(declare_group(groups[group.parent.index], group.name));
  }
  for (std::size_t i = 0; i < other.checks_.size(); ++i) {
    const CheckTree::Check& check = other.tree_.checks()[i];
    merge(declare_check(groups[check.group.index], check.name), other.checks_[i]);
  }
}

std::uint64_t Metrics::samples(MetricId metric) const {
  const Sink& sink = slots_[metric.index].sink;
  if (const auto* trend = std::get_if<Trend>(&sink)) return trend->count();
  if (const auto* counter = std::get_if<CounterSink>(&sink)) return counter->samples;
  if (const auto* rate = std::get_if<RateSink>(&sink)) return rate->samples;
  return std::get<GaugeSink>(sink).samples;
}

const CounterSink& Metrics::counter(MetricId metric) const {
  return std::get<CounterSink>(slots_[metric.index].sink);
}
const GaugeSink& Metrics::gauge(MetricId metric) const {
  return std::get<GaugeSink>(slots_[metric.index].sink);
}
const RateSink& Metrics::rate(MetricId metric) const {
  return std::get<RateSink>(slots_[metric.index].sink);
}
const Trend& Metrics::trend(MetricId metric) const {
  return std::get<Trend>(slots_[metric.index].sink);
}

}  // namespace loader
