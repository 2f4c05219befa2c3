#include "loader/metrics/metrics_record.h"

#include <algorithm>
#include <utility>

namespace loader {
namespace {

// A run that has waited between its setup and its scenarios has measured before its start.
lab::Duration since(lab::TimePoint start, lab::TimePoint at) {
  return std::max(at - start, lab::Duration::zero());
}

MetricRecord record_of_sink(const MetricInfo& info, const Metrics::Sink& sink,
                            lab::TimePoint start) {
  MetricRecord record{.name = info.name, .type = info.type, .kind = info.kind};
  if (const auto* const counter = std::get_if<CounterSink>(&sink)) {
    record.samples = counter->samples;
    record.sum = storable_sum(counter->sum);
  } else if (const auto* const gauge = std::get_if<GaugeSink>(&sink)) {
    record.samples = gauge->samples;
    record.value = gauge->value;
    record.min = gauge->min;
    record.max = gauge->max;
    record.at = since(start, gauge->at);
  } else if (const auto* const rate = std::get_if<RateSink>(&sink)) {
    record.samples = rate->samples;
    record.nonzero = rate->nonzero;
  } else {
    record.trend = std::get<Trend>(sink).record();
  }
  return record;
}

std::vector<MetricRecord> metric_records(const Metrics& metrics, lab::TimePoint start) {
  std::vector<MetricRecord> records;
  for (std::size_t i = 0; i < metrics.registry().metrics().size(); ++i) {
    const MetricId id{static_cast<std::uint16_t>(i)};
    if (!metrics.has_samples(id)) continue;
    records.push_back(record_of_sink(metrics.registry().info(id), metrics.sink(id), start));
  }
  return records;
}

lab::Result<void> add_metrics(const std::vector<MetricRecord>& records, Metrics& metrics,
                              lab::TimePoint start) {
  for (const MetricRecord& record : records) {
    const auto id = metrics.registry().find(record.name);
    if (!id || metrics.registry().info(*id).type != record.type) {
      return lab::Error{"metric \"" + record.name + "\"", "is not one of the run's"};
    }
    const auto sink = sink_of(record, start);
    if (!sink) return lab::Error{"metric \"" + record.name + "\"", sink.error().what};
    metrics.merge(*id, *sink);
  }
  return {};
}

lab::Error no_such_group(const std::string& name) {
  return {"\"" + name + "\"", "is in a group that does not stand before it"};
}

}  // namespace

MetricsRecord record_of(const Metrics& metrics, lab::TimePoint start) {
  MetricsRecord record{.metrics = metric_records(metrics, start)};
  const CheckTree& tree = metrics.check_tree();
  for (std::size_t i = 1; i < tree.groups().size(); ++i) {
    record.groups.push_back(
        {.name = tree.groups()[i].name, .parent = tree.groups()[i].parent.index});
  }
  for (std::size_t i = 0; i < tree.checks().size(); ++i) {
    const CheckTally tally = metrics.check({static_cast<std::uint16_t>(i)});
    record.checks.push_back({.name = tree.checks()[i].name,
                             .group = tree.checks()[i].group.index,
                             .passes = tally.passes,
                             .fails = tally.fails});
  }
  return record;
}

std::vector<PartRecord> record_of(const Breakdown& breakdown, lab::TimePoint start) {
  std::vector<PartRecord> records;
  for (const Breakdown::Part* const part : breakdown.parts()) {
    PartRecord& record =
        records.emplace_back(PartRecord{.kind = part->kind,
                                        .scenario = part->scenario,
                                        .name = part->name,
                                        .first = since(start, part->first),
                                        .last = since(start, part->last),
                                        .metrics = metric_records(part->metrics, start)});
    for (const auto& [name, tally] : part->checks) {
      record.checks.push_back({.name = name, .passes = tally.passes, .fails = tally.fails});
    }
  }
  return records;
}

lab::Result<Metrics::Sink> sink_of(const MetricRecord& record, lab::TimePoint start) {
  const auto made = [](Metrics::Sink sink) {
    return lab::Result<Metrics::Sink>(boost::system::in_place_value, std::move(sink));
  };
  if (record.type == MetricType::trend) {
    auto trend = Trend::from(record.trend);
    return trend ? made(*std::move(trend)) : lab::Result<Metrics::Sink>(trend.error());
  }
  if (record.samples == 0) return lab::Error{{}, "has no samples"};
  if (record.type == MetricType::counter) {
    return made(CounterSink{.samples = record.samples, .sum = record.sum});
  }
  if (record.type == MetricType::rate) {
    if (record.nonzero > record.samples) return lab::Error{{}, "has more nonzero than samples"};
    return made(RateSink{.samples = record.samples, .nonzero = record.nonzero});
  }
  if (record.min > record.value || record.value > record.max) {
    return lab::Error{{}, "has a value that is not between min and max"};
  }
  return made(GaugeSink{.samples = record.samples,
                        .value = record.value,
                        .min = record.min,
                        .max = record.max,
                        .at = start + record.at});
}

lab::Result<void> add_record(const MetricsRecord& record, Metrics& metrics, lab::TimePoint start) {
  if (const auto added = add_metrics(record.metrics, metrics, start); !added) return added;
  std::vector<GroupId> groups{GroupId{}};
  for (const GroupRecord& group : record.groups) {
    if (group.parent >= groups.size()) return no_such_group(group.name);
    groups.push_back(metrics.declare_group(groups[group.parent], group.name));
  }
  for (const CheckRecord& check : record.checks) {
    if (check.group >= groups.size()) return no_such_group(check.name);
    metrics.merge(metrics.declare_check(groups[check.group], check.name),
                  {.passes = check.passes, .fails = check.fails});
  }
  return {};
}

lab::Result<void> add_record(const std::vector<PartRecord>& record, Breakdown& breakdown,
                             lab::TimePoint start) {
  for (const PartRecord& part : record) {
    Breakdown::Part* const own = breakdown.part_of(part.kind, part.scenario, part.name,
                                                   start + part.first, start + part.last);
    if (own == nullptr) continue;
    if (const auto added = add_metrics(part.metrics, own->metrics, start); !added) return added;
    for (const CheckRecord& check : part.checks) {
      own->checks[check.name].passes += check.passes;
      own->checks[check.name].fails += check.fails;
    }
  }
  return {};
}

}  // namespace loader
