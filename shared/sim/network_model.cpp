#include "shared/sim/network_model.h"

#include <algorithm>

#include "shared/base/json_reader.h"

namespace lab {
namespace {

Partition read_partition(const JsonValue& value) {
  JsonObject object = value.as_object();
  Partition partition;
  partition.from = object.require("from").as_duration();
  partition.until =
      later(TimePoint(partition.from), object.require("for").as_duration()).time_since_epoch();
  object.finish();
  return partition;
}

// In any order, and overlapping, as a file may have them.
std::vector<Partition> read_partitions(const JsonValue& value) {
  std::vector<Partition> all;
  for (const JsonValue& partition : value.as_array()) all.push_back(read_partition(partition));
  std::sort(all.begin(), all.end(),
            [](const Partition& a, const Partition& b) { return a.from < b.from; });
  std::vector<Partition> merged;
  for (const Partition& partition : all) {
    if (merged.empty() || partition.from > merged.back().until) {
      merged.push_back(partition);
    } else {
      merged.back().until = std::max(merged.back().until, partition.until);
    }
  }
  return merged;
}

}  // namespace

Duration NetworkModel::transmission(std::size_t bytes) const {
  if (bandwidth_bytes_per_second <= 0) return Duration::zero();
  return from_seconds(static_cast<double>(bytes) / bandwidth_bytes_per_second);
}

TimePoint NetworkModel::arrival(TimePoint sent, Rng& rng) const {
  TimePoint at = later(sent, latency.sample_duration(rng));
  if (loss_probability > 0 && rng.uniform01() < loss_probability) at = later(at, retransmit_delay);
  for (const Partition& partition : partitions) {
    const Duration since_start = at.time_since_epoch();
    if (since_start >= partition.from && since_start < partition.until) {
      at = TimePoint(partition.until);
    }
  }
  return at;
}

NetworkModel read_network_model(const JsonValue& value) {
  NetworkModel model;
  JsonObject object = value.as_object();
  (void)object.find("$schema");  // For editors.
  if (const auto latency = object.find("latency")) {
    model.latency = read_duration_distribution(*latency);
  }
  model.bandwidth_bytes_per_second = object.number("bandwidth_bytes_per_second", 0, 0);
  model.loss_probability = object.number("loss", 0, 0, 1);
  model.retransmit_delay = object.duration("retransmit_delay", model.retransmit_delay);
  model.connect_failure_probability = object.number("connect_failures", 0, 0, 1);
  model.reset_probability = object.number("resets", 0, 0, 1);
  model.short_read_probability = object.number("short_reads", 0, 0, 1);
  model.window_bytes =
      static_cast<std::uint32_t>(object.integer("window_bytes", model.window_bytes, 1, 1 << 30));
  if (const auto partitions = object.find("partitions")) {
    model.partitions = read_partitions(*partitions);
  }
  object.finish();
  return model;
}

}  // namespace lab
