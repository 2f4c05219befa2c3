#include "shared/sim/network_model.h"

#include <algorithm>

#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace lab {
namespace {

// Partitions as a file has them: in any order, and overlapping.
struct PartitionForm {
  Duration from{};
  Duration length{};
};
void fields(Fields& f, PartitionForm& c) {
  f.require("from", c.from, "After the run's start.");
  f.require("for", c.length, "How long.");
}

std::vector<PartitionForm> forms_of(const std::vector<Partition>& partitions) {
  std::vector<PartitionForm> forms;
  for (const Partition& each : partitions) forms.push_back({each.from, each.until - each.from});
  return forms;
}

std::vector<Partition> merged_of(const std::vector<PartitionForm>& forms) {
  std::vector<Partition> all;
  for (const auto& [from, length] : forms) {
    all.push_back({from, later(TimePoint(from), length).time_since_epoch()});
  }
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

class PartitionsType : public ListOf<PartitionForm, StructType> {
 public:
  PartitionsType() : ListOf(type_of<PartitionForm>()) {}
  void read(const JsonValue& value, void* member) const override {
    std::vector<PartitionForm> forms;
    ListOf::read(value, &forms);
    *static_cast<std::vector<Partition>*>(member) = merged_of(forms);
  }
  [[nodiscard]] Json write(const void* member) const override {
    const auto forms = forms_of(*static_cast<const std::vector<Partition>*>(member));
    return ListOf::write(&forms);
  }
};

constexpr Bounds kProbability = between(0, 1);

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

void fields(Fields& f, NetworkModel& c) {
  f.ignored({"$schema", "Names this schema, for editors."});
  f("latency", c.latency, kDurations, "One way, of each piece.");
  f("bandwidth_bytes_per_second", c.bandwidth_bytes_per_second, at_least(0),
    "Of each direction of a connection; 0 for no limit.");
  f("loss", c.loss_probability, kProbability,
    "Probability that a piece is late by retransmit_delay.");
  f("retransmit_delay", c.retransmit_delay, "What a loss costs.");
  f("connect_failures", c.connect_failure_probability, kProbability,
    "Probability that a connection is refused.");
  f("resets", c.reset_probability, kProbability,
    "Probability, by piece, that both ends are reset.");
  f("short_reads", c.short_read_probability, kProbability,
    "Probability that a read gets a part only.");
  f("window_bytes", c.window_bytes, between(1, 1 << 30), "Under way before a writer waits.");
  f("partitions", c.partitions, PartitionsType(), "Times in which nothing arrives.");
}

NetworkModel read_network_model(const JsonValue& value) {
  NetworkModel model;
  read_fields(value, model);
  return model;
}

}  // namespace lab
