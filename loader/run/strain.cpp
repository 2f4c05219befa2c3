#include "loader/run/strain.h"

#include <algorithm>
#include <utility>

namespace loader {
namespace {

double share(lab::Duration part, lab::Duration whole) {
  if (whole <= lab::Duration::zero()) return 0;
  return std::clamp(lab::to_seconds(part) / lab::to_seconds(whole), 0.0, 1.0);
}

// Of two that may be unknown.
template <class T, class Combine>
std::optional<T> combined(const std::optional<T>& a, const std::optional<T>& b, Combine combine) {
  if (!a || !b) return a ? a : b;
  return combine(*a, *b);
}

// Of no samples, which is no record of a trend.
lab::Result<Trend> trend_of(const TrendRecord& record) {
  const bool is_empty = record.values.empty() && record.buckets.empty();
  return is_empty ? lab::Result<Trend>(boost::system::in_place_value) : Trend::from(record);
}

}  // namespace

void ThreadStrain::add(const ThreadStrain& other) {
  reads.merge(other.reads);
  timers.merge(other.timers);
  watched += other.watched;
  cpu += other.cpu;
  ready += other.ready;
}

void Strain::add(const ThreadStrain& thread) {
  reads.merge(thread.reads);
  timers.merge(thread.timers);
  watched = std::max(watched, thread.watched);
  busiest_thread = std::max(busiest_thread, share(thread.cpu, thread.watched));
  ready_share = std::max(ready_share, share(thread.ready, thread.watched));
}

void Strain::add(const Strain& process) {
  const auto least = [](double a, double b) { return std::min(a, b); };
  const auto most = [](double a, double b) { return std::max(a, b); };
  const auto sum = [](lab::Duration a, lab::Duration b) { return a + b; };
  reads.merge(process.reads);
  timers.merge(process.timers);
  watched = std::max(watched, process.watched);
  busiest_thread = std::max(busiest_thread, process.busiest_thread);
  ready_share = std::max(ready_share, process.ready_share);
  cpus += process.cpus;
  machine_idle = combined(machine_idle, process.machine_idle, least);
  machine_stolen = combined(machine_stolen, process.machine_stolen, most);
  throttled = combined(throttled, process.throttled, sum);
  held_by_outputs += process.held_by_outputs;
  late_drops += process.late_drops;
  shares_machine = shares_machine || process.shares_machine;
}

StrainRecord record_of(const Strain& strain) {
  return {.reads = strain.reads.record(),
          .timers = strain.timers.record(),
          .watched = strain.watched,
          .busiest_thread = strain.busiest_thread,
          .ready_share = strain.ready_share,
          .cpus = strain.cpus,
          .machine_stolen = strain.machine_stolen.value_or(0),
          .throttled = strain.throttled.value_or(lab::Duration{}),
          .held_by_outputs = strain.held_by_outputs,
          .late_drops = strain.late_drops};
}

lab::Result<Strain> strain_of(const StrainRecord& record) {
  auto reads = trend_of(record.reads);
  if (!reads) return reads.error();
  auto timers = trend_of(record.timers);
  if (!timers) return timers.error();
  Strain strain{.reads = *std::move(reads),
                .timers = *std::move(timers),
                .watched = record.watched,
                .busiest_thread = record.busiest_thread,
                .ready_share = record.ready_share,
                .cpus = record.cpus,
                .machine_stolen = record.machine_stolen,
                .throttled = record.throttled,
                .held_by_outputs = record.held_by_outputs,
                .late_drops = record.late_drops};
  return lab::Result<Strain>(boost::system::in_place_value, std::move(strain));
}

}  // namespace loader
